import type { z } from 'zod';
import { coreOf, definitionOf, metaOf } from './schema-fields.js';

export const HIDDEN = '********';

/** Values from tutorials, examples and other people's defaults: refused as secrets in production. */
const WELL_KNOWN = new Set(
  [
    'admin',
    'changeme',
    'change-me',
    'change_me',
    'default',
    'devops',
    'example',
    'password',
    'postgres',
    'secret',
    'test',
  ]
    .concat(['dsim', 'devops-simulator', 'development', 'supersecret', 'jwt-secret', 'your-secret-here', 'letmein'])
    .concat(['0', '1', '123456', '12345678', 'qwerty', 'root', 'none', 'null', 'undefined', 'todo', 'xxx']),
);

export function isWellKnownSecret(value: unknown): boolean {
  return typeof value === 'string' && WELL_KNOWN.has(value.trim().toLowerCase());
}

/** A copy of the value with every secret in it replaced. URLs keep their host, so that a print-out still helps. */
export function hideSecrets(schema: z.ZodType, value: unknown): unknown {
  if (value === undefined || value === null || value === '') return value;
  if (metaOf(schema).secret) return hideWhole(value);
  const { type, element, valueType, options, shape } = definitionOf(coreOf(schema));
  if (type === 'array' && element && Array.isArray(value)) return value.map((item) => hideSecrets(element, item));
  if (type === 'union' && options)
    return options.reduce<unknown>((hidden, option) => hideSecrets(option, hidden), value);
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  if (type === 'record' && valueType) return mapValues(value, (_, item) => hideSecrets(valueType, item));
  if (type === 'object' && shape) {
    return mapValues(value, (name, item) => (shape[name] ? hideSecrets(shape[name], item) : item));
  }
  return value;
}

function hideWhole(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideWhole);
  return typeof value === 'string' ? hideInUrl(value) : HIDDEN;
}

function mapValues(value: object, map: (name: string, item: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, map(name, item)]));
}

function hideInUrl(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return HIDDEN;
  const url = new URL(text);
  if (url.host === '') return HIDDEN;
  const credentials = url.username || url.password ? `${url.username}${url.password ? `:${HIDDEN}` : ''}@` : '';
  const path = url.protocol.startsWith('http') ? (url.pathname === '/' ? '' : '/...') : url.pathname;
  return `${url.protocol}//${credentials}${url.host}${path}${url.search ? '?...' : ''}`;
}
