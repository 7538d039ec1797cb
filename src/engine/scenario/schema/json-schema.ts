import { z } from 'zod';
import { FAULT_KINDS, type FaultKindDefinition } from '../fault.types.js';
import { fragmentsOf, STANDALONE } from './fragments.js';
import type { SchemaNode } from './schema-node.types.js';
import { scenarioSchema } from './scenario.schema.js';

/** The language as JSON Schema (2020-12) of a complete scenario, with the keyword `unit` that the reference reads. */
export function languageSchema(): SchemaNode {
  return z.toJSONSchema(scenarioSchema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (jsonSchema.description === '') delete jsonSchema.description;
      useForms(jsonSchema);
      useInputs(jsonSchema);
      describeKind(jsonSchema);
    },
  }) as SchemaNode;
}

/**
 * What editors read: what users write, units as text, defaults filled in where they are left out. A file that is only
 * included, or that changes what it includes, need not say everything; one with `dsim` and without `include` must.
 */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = fragmentsOf(published(languageSchema()) as SchemaNode);
  return { $schema, title: 'DevOps Simulator scenario', ...schema, ...STANDALONE };
}

/** Text and numbers as their units allow them, where zod knows of text and numbers only. */
function useForms(schema: z.core.JSONSchema.BaseSchema): void {
  const { forms } = schema as { forms?: readonly Record<string, unknown>[] };
  if (!forms) return;
  delete schema['forms'];
  delete schema.anyOf;
  delete schema.type;
  if (forms.length === 1) Object.assign(schema, forms[0]);
  else Object.assign(schema, { anyOf: forms });
}

/** zod leaves out examples and defaults of what is transformed, as they could be those of the outcome. */
function useInputs(schema: z.core.JSONSchema.BaseSchema): void {
  const { otherwise, samples } = schema as { otherwise?: z.core.JSONSchema.BaseSchema['default']; samples?: unknown[] };
  if (otherwise !== undefined) schema.default = otherwise;
  if (samples) schema['examples'] = samples;
  delete schema['otherwise'];
  delete schema['samples'];
}

/** Editors show the description of a constant while they complete it. */
function describeKind(schema: z.core.JSONSchema.BaseSchema): void {
  const kind = schema.properties?.['kind'];
  if (typeof kind !== 'object' || typeof kind.const !== 'string') return;
  const definitions: Readonly<Record<string, FaultKindDefinition>> = FAULT_KINDS;
  const definition = Object.hasOwn(definitions, kind.const) ? definitions[kind.const] : undefined;
  kind.description = definition?.title ?? schema.description ?? kind.const;
}

/** Without what only the reference reads, and without defaults of what must be given all the same. */
function published(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(published);
  if (typeof node !== 'object' || node === null) return node;
  const { properties, required } = node as SchemaNode;
  const entries = Object.entries(node).filter(([key, value]) => key !== 'unit' || typeof value !== 'string');
  const result = Object.fromEntries(entries.map(([key, value]) => [key, published(value)])) as Mutable;
  for (const key of properties && required ? required : []) delete result.properties?.[key]?.default;
  return result;
}

interface Mutable {
  properties?: Record<string, { default?: unknown }>;
}
