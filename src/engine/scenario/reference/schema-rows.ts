import type { SchemaNode } from '../schema/schema-node.types.js';

export interface Row {
  readonly field: string;
  readonly value: string;
  readonly otherwise: string;
  readonly meaning: string;
}

/** Sections of the document that explain what a value of a unit is. */
const EXPLAINED: Readonly<Record<string, string>> = {
  duration: '[duration](#units)',
  share: '[share](#units)',
  size: '[size](#units)',
  CPU: '[CPU](#units)',
  rate: '[rate](#units)',
  number: '[number](#units)',
  'number or share': 'whole number, or [share](#units)',
  'share or size': '[share](#units), or [size](#units)',
  bound: '[bound](#expectations)',
  'bound of a duration': '[bound](#expectations) of a duration',
  'bound of a share': '[bound](#expectations) of a share',
};

/** A row for each property of a mapping; those of mappings in it follow with dotted names. */
export function rowsOf(node: SchemaNode, hidden: readonly string[] = [], prefix = ''): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    if (hidden.includes(`${prefix}${key}`)) return [];
    const field = `${prefix}${key}`;
    const row = {
      field,
      value: valueOf(child),
      otherwise: otherwiseOf(child, node.required?.includes(key) === true),
      meaning: child.description ?? '',
    };
    return [
      row,
      ...rowsOf(mappingIn(child), hidden, `${field}.`),
      ...rowsOf(mappingIn(child.items ?? {}), hidden, `${field}[].`),
    ];
  });
}

/** The mapping that a value is, or may be. */
function mappingIn(node: SchemaNode): SchemaNode {
  if (node.$ref !== undefined) return {};
  if (node.properties) return node;
  return node.anyOf?.find((each) => each.properties && !each.properties['kind']) ?? {};
}

function valueOf(node: SchemaNode): string {
  if (node.const !== undefined) return code(node.const);
  if (node.enum) return node.enum.map(code).join(', ');
  if (node.unit !== undefined) return EXPLAINED[node.unit] ?? node.unit;
  if (node.$ref) return words(node.$ref.split('/').at(-1)!);
  if (node.allOf) return node.allOf.map(valueOf).join(', ');
  const parts = node.anyOf ?? node.oneOf;
  if (parts) return [...new Set(parts.map(valueOf))].filter((part) => part !== 'null').join(', or ');
  switch (node.type) {
    case 'object':
      return 'mapping';
    case 'array':
      if (node.prefixItems) return `[${node.prefixItems.map(valueOf).join(', ')}]`;
      return node.items ? `list of ${plural(valueOf(node.items))}` : 'list';
    case 'integer':
      return 'whole number';
    case 'number':
      return 'number';
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return 'text';
    default:
      return node.type ?? 'any';
  }
}

function otherwiseOf(node: SchemaNode, required: boolean): string {
  if (required) return '**required**';
  const { default: value } = node;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' && Object.keys(value).length === 0 ? '' : code(value);
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ')}\``;
}

function plural(value: string): string {
  return value === 'name' || value === 'mapping' ? `${value}s` : value;
}

function words(name: string): string {
  if (name === 'Stages') return 'list of [calls](#call)';
  return `[${name.toLowerCase()}](#${name.toLowerCase()})`;
}
