import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FAULT_KINDS } from '../../src/engine/scenario/fault.types.js';
import { scenarioJsonSchema } from '../../src/engine/scenario/schema/json-schema.js';
import type { SchemaNode } from '../../src/engine/scenario/schema/schema-node.types.js';
import { INVALID_SCENARIOS } from '../support/scenario/invalid-scenarios.js';
import { compileSchema } from '../support/scenario/json-schema-validator.js';
import { drawer, mutateValue } from '../support/scenario/mutate-scenario.js';
import { RICH } from '../support/scenario/rich-scenario.js';
import { complaints, SMALL } from '../support/scenario/scenario-text.js';
import { readText, repositoryFiles } from './support/repository.js';

const schema = JSON.parse(readText('docs/scenario.schema.json')) as SchemaNode;
const accepts = compileSchema(schema);
const decoded = (text: string): unknown => parse(text, { merge: true, logLevel: 'silent' });

function errorsOf(text: string): readonly string[] {
  accepts(decoded(text));
  return (accepts.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

interface Field extends SchemaNode {
  readonly path: string;
}

/** Every property of every mapping, each definition once. */
function fieldsOf(node: SchemaNode, path: string): Field[] {
  const inside = [
    ...Object.entries(node.properties ?? {}).map(([key, child]) => [`${path}.${key}`, child] as const),
    ...Object.entries(node.$defs ?? {}).map(([key, child]) => [key, child] as const),
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].map((child) => [path, child] as const),
    ...(node.items ? [[`${path}[]`, node.items] as const] : []),
    ...(typeof node.additionalProperties === 'object' ? [[`${path}.*`, node.additionalProperties] as const] : []),
  ];
  const own = Object.entries(node.properties ?? {}).map(([key, child]) => ({ ...child, path: `${path}.${key}` }));
  return [...own, ...inside.flatMap(([at, child]) => fieldsOf(child, at))];
}

/** Fields of mappings that only say which keys go together are no fields of their own. */
const fields = fieldsOf(schema, '').filter((field) => Object.keys(field).length > 1 && !isBoolean(field));

function isBoolean({ path: _, ...rest }: Field): boolean {
  return Object.keys(rest).length === 0;
}

describe('the JSON Schema of scenarios', () => {
  it('is that of draft 2020-12 and compiles in strict mode', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
  });

  it.each(repositoryFiles().filter((file) => /^scenarios\/.*\.yaml$/.test(file)))('accepts %s', (file) => {
    expect(errorsOf(readText(file))).toEqual([]);
  });

  it('describes every field', () => {
    expect(fields.length).toBeGreaterThan(300);
    expect(
      fields.filter(({ description, $ref }) => !description && $ref === undefined).map(({ path }) => path),
    ).toEqual([]);
  });

  it('completes every value: an enumeration, a default or an example', () => {
    const completed = (node: SchemaNode): boolean =>
      node.enum !== undefined ||
      node.const !== undefined ||
      node.default !== undefined ||
      node.examples !== undefined ||
      node.$ref !== undefined ||
      ['boolean', 'object', 'array', 'null'].includes(node.type ?? '') ||
      (node.anyOf ?? node.oneOf ?? []).some(completed);
    expect(fields.filter((field) => !completed(field)).map(({ path }) => path)).toEqual([]);
  });

  it('gives only defaults and examples that it accepts', () => {
    const seen = new Set<string>();
    for (const { path, default: value, examples = [], ...node } of fields) {
      const values = [...examples, ...(value === undefined ? [] : [value])];
      const text = JSON.stringify([node, values]);
      if (values.length === 0 || seen.has(text)) continue;
      seen.add(text);
      const fits = compileSchema({ ...node, $defs: schema.$defs });
      for (const each of values) expect([path, each, fits(each)]).toEqual([path, each, true]);
    }
    expect(seen.size).toBeGreaterThan(100);
  });

  it('names every kind of fault with its settings', () => {
    const kinds = new Map(
      schema.properties?.['faults']?.items?.oneOf?.map(({ properties = {} }) => [
        properties['kind']?.const,
        Object.keys(properties),
      ]),
    );
    expect([...kinds.keys()]).toEqual(Object.keys(FAULT_KINDS));
    for (const [kind, { settings }] of Object.entries(FAULT_KINDS))
      expect(kinds.get(kind)).toEqual(expect.arrayContaining(Object.keys(settings)));
  });

  it('accepts the small scenario and files that only change what they include', () => {
    expect(errorsOf(SMALL)).toEqual([]);
    expect(
      errorsOf('services: { cart: { replicas: 3 } }\nload: { users: { rate: 5 } }\nstores: { db: { cores: 8 } }'),
    ).toEqual([]);
    expect(errorsOf('dsim: 1\ninclude: ./shop.yaml\nload: { users: { rate: 5 } }')).toEqual([]);
  });

  it('accepts whatever the parser accepts, and has every field of a file that uses nearly all', () => {
    expect(errorsOf(RICH)).toEqual([]);
    const draw = drawer(17);
    const document = decoded(RICH);
    const valid = Array.from({ length: 100 }, () => JSON.stringify(mutateValue(document, draw))).filter(
      (text) => complaints(text).length === 0,
    );
    expect(valid.length).toBeGreaterThan(3);
    for (const text of valid) expect(errorsOf(text)).toEqual([]);
  });

  it.each(INVALID_SCENARIOS.filter(({ schema: seen }) => seen !== false))(
    'refuses, as the parser does, $what',
    ({ text }) => {
      expect(complaints(text)).not.toEqual([]);
      expect(accepts(decoded(text))).toBe(false);
    },
  );
});
