import { z } from 'zod';
import { FAULT_KINDS, type FaultKindDefinition } from '../fault.types.js';
import { scenarioSchema } from './scenario.schema.js';

/**
 * The language as JSON Schema (draft 7, which editors know best), of what users write: units as text, defaults filled
 * in where they are left out. Nothing but `dsim` is required, so that files which are only included pass as well.
 */
export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(scenarioSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      if (jsonSchema.description === '') delete jsonSchema.description;
      describeKind(jsonSchema);
    },
  });
  return { ...schema, title: 'DevOps Simulator scenario' };
}

/** Editors show the description of a constant while they complete it. */
function describeKind(schema: z.core.JSONSchema.BaseSchema): void {
  const kind = schema.properties?.['kind'];
  if (typeof kind !== 'object' || typeof kind.const !== 'string') return;
  const definitions: Readonly<Record<string, FaultKindDefinition>> = FAULT_KINDS;
  const definition = Object.hasOwn(definitions, kind.const) ? definitions[kind.const] : undefined;
  kind.description = definition?.title ?? schema.description ?? kind.const;
}
