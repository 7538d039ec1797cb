import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Profile } from '../registry/module-definition.js';
import { ConfigurationError } from './configuration-error.js';
import { defineConfig } from './define-config.js';
import type { Environment } from './environment.js';
import { loadConfiguration, type Configuration, type LoadOptions } from './load-configuration.js';

const shop = defineConfig({
  key: 'shopFront',
  title: 'Shop front',
  description: 'For the spec.',
  schema: z.object({
    port: z.number().int().min(1).default(80).describe('Port'),
    open: z.boolean().default(false).describe('Whether it is open'),
    hosts: z.array(z.string()).default([]).describe('Hosts'),
    ratios: z.array(z.number()).default([0.5]).describe('Ratios'),
    mode: z.enum(['slow', 'fast']).default('slow').describe('Mode'),
    hops: z.union([z.boolean(), z.number()]).default(false).describe('Hops'),
    tls: z
      .object({ ca: z.string().optional().describe('CA'), depth: z.number().default(1).describe('Depth') })
      .prefault({}),
    channels: z.record(z.string(), z.object({ url: z.string(), token: z.string().meta({ secret: true }) })).default({}),
    key: z.string().min(4).optional().describe('Key').meta({ secret: true, requiredInProduction: true }),
    endpoint: z.string().optional().describe('Endpoint').meta({ env: 'STANDARD_ENDPOINT' }),
  }),
});
const depot = defineConfig({
  key: 'depot',
  title: 'Depot',
  description: 'For the spec.',
  schema: z.object({ size: z.number().describe('Size, which has no default') }),
});

describe('loadConfiguration', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'dsim-config-'));
    writeFileSync(join(dir, 'base.yaml'), '{}\n');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const yaml = (name: string, ...lines: string[]): void => writeFileSync(join(dir, name), `${lines.join('\n')}\n`);
  const load = (env: Environment = {}, more: Partial<LoadOptions> = {}): Promise<Configuration> =>
    loadConfiguration({ sections: [shop], profile: 'development', configDir: dir, env, ...more });
  const issuesOf = async (loading: Promise<unknown>): Promise<ConfigurationError['configurationIssues']> => {
    const error = await loading.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).configurationIssues;
  };
  const sourceOf = (configuration: Configuration, key: string): string | undefined =>
    configuration.settings.find(({ field }) => field.key === key)?.source;

  it('takes the defaults where nobody says anything', async () => {
    const configuration = await load();
    expect(configuration.get(shop)).toEqual({
      port: 80,
      open: false,
      hosts: [],
      ratios: [0.5],
      mode: 'slow',
      hops: false,
      tls: { depth: 1 },
      channels: {},
    });
    expect(sourceOf(configuration, 'shopFront.port')).toBe('default');
  });

  it('lets the profile win over base and the environment over both, key by key', async () => {
    yaml('base.yaml', 'shopFront:', '  port: 1', '  open: true', '  tls:', '    ca: a.pem', '    depth: 2');
    yaml('development.yaml', 'shopFront:', '  port: 2', '  tls:', '    depth: 3');
    const fromFiles = await load();
    expect(fromFiles.get(shop)).toMatchObject({ port: 2, open: true, tls: { ca: 'a.pem', depth: 3 } });
    expect(sourceOf(fromFiles, 'shopFront.port')).toMatch(/development\.yaml:2$/);
    expect(sourceOf(fromFiles, 'shopFront.tls.ca')).toMatch(/base\.yaml:5$/);

    const withEnv = await load({ SHOP_FRONT_PORT: '3', SHOP_FRONT_TLS_DEPTH: '4' });
    expect(withEnv.get(shop)).toMatchObject({ port: 3, tls: { ca: 'a.pem', depth: 4 } });
    expect(sourceOf(withEnv, 'shopFront.port')).toBe('SHOP_FRONT_PORT');
  });

  it('reads the types that the schema wants from text', async () => {
    const configuration = await load({
      SHOP_FRONT_OPEN: 'YES',
      SHOP_FRONT_HOSTS: ' a, b ,',
      SHOP_FRONT_RATIOS: '0.1,2',
      SHOP_FRONT_MODE: 'fast',
      SHOP_FRONT_HOPS: '1',
      SHOP_FRONT_CHANNELS: '{"ops":{"url":"http://x","token":"t"}}',
      STANDARD_ENDPOINT: 'http://collector',
    });
    expect(configuration.get(shop)).toMatchObject({
      open: true,
      hosts: ['a', 'b'],
      ratios: [0.1, 2],
      mode: 'fast',
      hops: 1,
      channels: { ops: { url: 'http://x', token: 't' } },
      endpoint: 'http://collector',
    });
  });

  it('treats an empty variable as absent', async () => {
    expect((await load({ SHOP_FRONT_PORT: '' })).get(shop).port).toBe(80);
  });

  it('reports everything that is wrong at once, with key, source and cure', async () => {
    yaml('base.yaml', 'shopFront:', '  prot: 1', '  mode: quick', 'shopfront:', '  port: 3');
    const issues = await issuesOf(
      load({ SHOP_FRONT_PORT: 'abc', SHOP_FRONT_OPEN: 'perhaps' }, { sections: [shop, depot] }),
    );
    const find = (key: string) => issues.find((issue) => issue.key === key);
    expect(find('shopFront.prot')).toMatchObject({ source: expect.stringMatching(/base\.yaml:2$/) as string });
    expect(find('shopFront.prot')?.problem).toContain('Did you mean port?');
    expect(find('shopfront')?.problem).toContain('Did you mean shopFront?');
    expect(find('shopFront.mode')).toMatchObject({ source: expect.stringMatching(/base\.yaml:3$/) as string });
    expect(find('shopFront.port')).toMatchObject({ source: 'SHOP_FRONT_PORT' });
    expect(find('shopFront.port')?.problem).toContain('"abc"');
    expect(find('shopFront.open')?.cure).toContain('Set SHOP_FRONT_OPEN');
    expect(find('depot.size')).toMatchObject({ source: 'not set' });
    expect(issues).toHaveLength(6);
  });

  it('reports bad YAML with its line, and a key that stands twice', async () => {
    yaml('base.yaml', 'shopFront:', '  port: 1', '  port: 2');
    const [issue] = await issuesOf(load());
    expect(issue?.source).toMatch(/base\.yaml:3$/);
    yaml('base.yaml', 'shopFront: [');
    expect((await issuesOf(load())).length).toBeGreaterThan(0);
    yaml('base.yaml', '- a');
    expect((await issuesOf(load()))[0]?.problem).toContain('not a map');
    yaml('base.yaml', 'shopFront: 3');
    expect((await issuesOf(load()))[0]?.problem).toContain('not a map');
  });

  it('needs base.yaml, and does without a file for the profile', async () => {
    rmSync(join(dir, 'base.yaml'));
    expect((await issuesOf(load()))[0]?.cure).toContain('DSIM_CONFIG_DIR');
  });

  it('allows sections of modules that are off, and does not read them', async () => {
    yaml('base.yaml', 'depot:', '  size: no number');
    await expect(load({}, { dormantSections: () => Promise.resolve(['depot']) })).resolves.toBeDefined();
    expect((await issuesOf(load()))[0]?.key).toBe('depot');
  });

  it('reads a secret from the file that NAME_FILE names, without the last line break', async () => {
    writeFileSync(join(dir, 'key'), 'from file\n');
    const configuration = await load({ SHOP_FRONT_KEY_FILE: join(dir, 'key') });
    expect(configuration.get(shop).key).toBe('from file');
    expect(sourceOf(configuration, 'shopFront.key')).toContain('SHOP_FRONT_KEY_FILE');
  });

  it('refuses a secret given twice, and a file that is not there', async () => {
    const file = join(dir, 'absent');
    const twice = await issuesOf(load({ SHOP_FRONT_KEY: 'value', SHOP_FRONT_KEY_FILE: file }));
    expect(twice[0]?.problem).toContain('twice');
    const absent = await issuesOf(load({ SHOP_FRONT_KEY_FILE: file }));
    expect(absent[0]?.problem).toContain('ENOENT');
  });

  it('reads NAME_FILE for secrets only', async () => {
    const file = join(dir, 'port');
    writeFileSync(file, '99');
    expect((await load({ SHOP_FRONT_PORT_FILE: file })).get(shop).port).toBe(80);
  });

  it('never shows a secret, not even a wrong one', async () => {
    const configuration = await load({
      SHOP_FRONT_KEY: 'hunter2',
      SHOP_FRONT_CHANNELS: '{"a":{"url":"u","token":"hunter3"}}',
    });
    const shown = JSON.stringify(configuration.settings.map((setting) => setting.shown));
    expect(shown).not.toMatch(/hunter/);
    expect(shown).toContain('"url":"u"');
    const [issue] = await issuesOf(load({ SHOP_FRONT_KEY: 'abc' }));
    expect(JSON.stringify(issue)).not.toContain('abc');
  });

  it.each<[Profile, Environment, boolean]>([
    ['production', {}, false],
    ['production', { SHOP_FRONT_KEY: 'changeme' }, false],
    ['production', { SHOP_FRONT_KEY: 'ChangeMe' }, false],
    ['production', { SHOP_FRONT_KEY: 'x9-not-a-default' }, true],
    ['development', { SHOP_FRONT_KEY: 'changeme' }, true],
    ['experimental', {}, true],
  ])('in %s, secrets of %o: accepted %s', async (profile, env, accepted) => {
    const loading = load(env, { profile });
    if (accepted) await expect(loading).resolves.toBeDefined();
    else expect((await issuesOf(loading))[0]).toMatchObject({ key: 'shopFront.key' });
  });

  it('freezes what it hands out, all the way down', async () => {
    const value = (await load({ SHOP_FRONT_HOSTS: 'a' })).get(shop);
    expect(() => (value.hosts as string[]).push('b')).toThrow(TypeError);
    expect(() => Object.assign(value.tls, { depth: 9 })).toThrow(TypeError);
  });

  it('prefers an override to everything, and a fallback to nothing but the default', async () => {
    const override = { key: 'shopFront.port', value: 7, source: 'program' };
    const overridden = await load({ SHOP_FRONT_PORT: '3' }, { overrides: [override] });
    expect(overridden.get(shop).port).toBe(7);
    expect(sourceOf(overridden, 'shopFront.port')).toBe('program');
    expect((await load({ SHOP_FRONT_PORT: '3' }, { fallbacks: [override] })).get(shop).port).toBe(3);
    expect((await load({}, { fallbacks: [override] })).get(shop).port).toBe(7);
  });

  it('warns about variables that are almost a setting, and leaves others alone', async () => {
    const { warnings } = await load({ SHOP_FRONT_PROT: '1', SHOP_SOMETHING_ELSE: '1', SHOP_FRONT_KEY_FILE: '' });
    expect(warnings).toEqual([expect.stringContaining('SHOP_FRONT_PORT')]);
  });
});
