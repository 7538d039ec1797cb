import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Record<string, unknown>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/**
 * Moves the bodies of requests and answers into named components, so that generated clients get types with names:
 * the schema's own `id` where it has one, else the operation's id with `Request` or `Response`. Equal schemas share
 * the first name they got.
 */
export function nameSchemas(document: OpenAPIObject): void {
  const schemas = ((document.components ??= {}).schemas ??= {}) as Record<string, Json>;
  const known = new Map<string, string>(
    Object.entries(schemas).map(([name, schema]) => [JSON.stringify(schema), name]),
  );

  const name = (holder: Json, proposal: string): void => {
    const schema = holder.schema as Json | undefined;
    if (!schema || '$ref' in schema || !isStructure(schema)) return;
    const { id, ...rest } = schema;
    const text = JSON.stringify(rest);
    let chosen = known.get(text);
    if (chosen === undefined) {
      chosen = typeof id === 'string' && !(id in schemas) ? id : unused(proposal, schemas);
      schemas[chosen] = rest;
      known.set(text, chosen);
    }
    holder.schema = { $ref: `#/components/schemas/${chosen}` };
  };

  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method] as unknown as Json | undefined;
      if (!operation) continue;
      const title = capitalised(String(operation.operationId ?? ''));
      for (const media of mediaOf(operation.requestBody)) name(media, `${title}Request`);
      for (const [status, response] of Object.entries((operation.responses ?? {}) as Json)) {
        if (status.startsWith('2')) for (const media of mediaOf(response)) name(media, `${title}Response`);
      }
    }
  }
}

function mediaOf(holder: unknown): Json[] {
  const content = (holder as { content?: Record<string, Json> } | undefined)?.content;
  return content ? Object.values(content) : [];
}

/** Bare strings and numbers need no name. */
function isStructure(schema: Json): boolean {
  return (
    schema.type === 'object' || schema.type === 'array' || 'anyOf' in schema || 'oneOf' in schema || 'allOf' in schema
  );
}

function unused(proposal: string, taken: Record<string, unknown>): string {
  let name = proposal;
  for (let number = 2; name in taken; number += 1) name = `${proposal}${number}`;
  return name;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
