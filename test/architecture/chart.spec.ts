import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CATALOGUE } from '../../src/app/catalogue.js';
import { chartSchema } from '../../src/app/commands/chart-schema.js';
import { allSections } from '../../src/app/preparation.js';
import { fieldsOf } from '../../src/platform/config/schema-fields.js';
import { readText } from './support/repository.js';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

const values = parse(readText('helm/values.yaml')) as Record<string, unknown>;
const schema = JSON.parse(readText('helm/values.schema.json')) as Schema;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** Paths of all values, down to where the schema lets anything stand. */
function pathsOf(
  map: Record<string, unknown>,
  known: Schema | undefined,
  path: readonly string[] = [],
): readonly string[] {
  return Object.entries(map).flatMap(([name, value]) => {
    const child = known?.properties?.[name];
    const here = [...path, name];
    return isMap(value) && child?.properties ? pathsOf(value, child, here) : [here.join('.')];
  });
}

function schemaPaths(known: Schema, path: readonly string[] = []): readonly string[] {
  return Object.entries(known.properties ?? {}).flatMap(([name, child]) => {
    const here = [...path, name];
    return child.properties && !['config', 'configFromSecrets'].includes(name)
      ? schemaPaths(child, here)
      : [here.join('.')];
  });
}

describe("the chart's values", () => {
  it('have a schema made from the product, and committed', async () => {
    const text = `${JSON.stringify(chartSchema(await allSections(), CATALOGUE), null, 2)}\n`;

    expect(readText('helm/values.schema.json'), 'run `npm run chart:schema`').toBe(text);
  });

  it('all have a place in the schema, and everything in the schema is a value', () => {
    const mayBeMissing =
      /^(global|enabled)$|\.resources\.claims$|^resources\.claims$|\.(requests|limits)$|\.initialDelaySeconds$/;
    const listed = new Set(pathsOf(values, schema));
    const inSchema = schemaPaths(schema);

    expect([...listed].filter((path) => !inSchema.includes(path))).toEqual([]);
    expect(inSchema.filter((path) => !listed.has(path) && !mayBeMissing.test(path))).toEqual([]);
  });

  it('let every setting of the product be given, secrets only by reference', async () => {
    const fields = (await allSections()).flatMap(fieldsOf);
    const plain = schema.properties!['config']!.properties!;
    const secret = schema.properties!['configFromSecrets']!.properties!;
    // From values of their own.
    const byTheChart = readText('helm/templates/_env.tpl');

    for (const { env, secret: isSecret } of fields) {
      const given = new RegExp(`name: ${env}\\b`).test(byTheChart) || ['HTTP_PORT', 'HTTP_AI_PORT'].includes(env);
      if (isSecret) expect(plain, env).not.toHaveProperty(env);
      if (!given) expect(isSecret ? secret : plain, env).toHaveProperty(env);
    }
    expect(schema.properties!['config']!.additionalProperties).toBe(false);
  });

  it('are all explained in the README', () => {
    const named = [...readText('helm/README.md').matchAll(/`([A-Za-z.]+)`/g)].map(([, name]) => name!);
    const silent = pathsOf(values, schema).filter(
      (path) => !named.some((name) => path === name || path.startsWith(`${name}.`)),
    );

    expect(silent).toEqual([]);
  });

  it('in the README exist', () => {
    const table = readText('helm/README.md').split('## Values')[1]!;
    const first = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([A-Za-z.]+)`/g)].map(([, name]) => name!),
    );
    const paths = schemaPaths(schema);

    expect(first.length).toBeGreaterThan(50);
    expect(first.filter((name) => !paths.some((path) => path === name || path.startsWith(`${name}.`)))).toEqual([]);
  });

  it('belong to the version of the product', () => {
    const chart = parse(readText('helm/Chart.yaml')) as { appVersion: string };

    expect(chart.appVersion).toBe((JSON.parse(readText('package.json')) as { version: string }).version);
  });
});
