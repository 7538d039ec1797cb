import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnyConfigSection } from '../platform/config/define-config.js';
import { PROJECT_DIR } from '../platform/config/environment.js';
import { fieldsOf } from '../platform/config/schema-fields.js';
import { databaseConfig } from '../platform/database/database.config.js';
import { httpConfig } from '../platform/http/http.config.js';
import { EMBEDDED_SOURCE, allSections, prepare } from './preparation.js';

const SECRETS = { AUTH_JWT_SECRET: 'r4nd0m-r4nd0m-r4nd0m-r4nd0m-r4nd0m-r4nd0m' };

describe('sections', () => {
  let sections: readonly AnyConfigSection[];
  beforeAll(async () => {
    sections = await allSections();
  });

  it('holds every section that a *.config.ts declares', async () => {
    const files = readdirSync(join(PROJECT_DIR, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.config.ts'),
    );
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const exported = Object.values((await import(pathToFileURL(join(PROJECT_DIR, 'src', file)).href)) as object);
      const declared = exported.filter(
        (value): value is AnyConfigSection => typeof value === 'object' && value !== null && 'token' in value,
      );
      for (const section of declared)
        expect(
          sections.map(({ key }) => key),
          file,
        ).toContain(section.key);
    }
  });

  it('gives no two settings the same variable, and describes each', () => {
    const fields = sections.flatMap(fieldsOf);
    const variables = fields.flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env]));
    expect(variables.filter((name, index) => variables.indexOf(name) !== index)).toEqual([]);
    expect(fields.filter(({ description }) => description === '').map(({ key }) => key)).toEqual([]);
  });

  it('can be left out altogether: every setting has a default', () => {
    for (const { key, schema } of sections) expect(schema.safeParse({}).success, key).toBe(true);
  });
});

describe('prepare', () => {
  it.each([
    ['development', 3000],
    ['production', 8080],
    ['experimental', 9000],
  ])('reads the committed files of profile %s', async (profile, port) => {
    const { configuration, warnings } = await prepare({ DSIM_PROFILE: profile, ...SECRETS });
    expect(configuration.get(httpConfig).port).toBe(port);
    expect(warnings).toEqual([]);
  });

  it('embeds a database for role all where none is given, and only then', async () => {
    const alone = await prepare({});
    expect(alone.needsEmbeddedDatabase).toBe(true);
    expect((await prepare({ DATABASE_URL: 'postgresql://u:p@h/d' })).needsEmbeddedDatabase).toBe(false);
    expect((await prepare({ DSIM_ROLE: 'api' })).needsEmbeddedDatabase).toBe(false);
    const again = await prepare({}, [
      { key: 'database.url', value: 'postgresql://u:p@127.0.0.1:1/d', source: EMBEDDED_SOURCE },
    ]);
    expect(again.needsEmbeddedDatabase).toBe(false);
    expect(again.configuration.get(databaseConfig).url).toBe('postgresql://u:p@127.0.0.1:1/d');
  });

  it('gives a forked worker ports of its own on the loopback', async () => {
    const { configuration } = await prepare({
      DSIM_ROLE: 'worker',
      DSIM_SUPERVISED: 'true',
      HTTP_PORT: '3000',
      HTTP_HOST: '0.0.0.0',
    });
    expect(configuration.get(httpConfig)).toMatchObject({ port: 0, host: '127.0.0.1', metricsPort: 0, aiPort: 0 });
  });

  it('refuses production without its secrets, and names each', async () => {
    await expect(prepare({ DSIM_PROFILE: 'production' })).rejects.toThrow('AUTH_JWT_SECRET');
  });

  it('reports wrong profile, flags and settings together', async () => {
    const loading = prepare({ DSIM_PROFILE: 'prod', FEATURE_NOPE: '1', HTTP_PORT: 'x' });
    await expect(loading).rejects.toThrow(/3 settings are wrong[^]*DSIM_PROFILE[^]*FEATURE_NOPE[^]*HTTP_PORT/);
  });
});
