/** The part of JSON Schema that the reference reads. */
export interface SchemaNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

export interface Row {
  readonly field: string;
  readonly value: string;
  readonly otherwise: string;
  readonly meaning: string;
}

/** Units are told apart by the first example that their schema gives. */
const UNITS: Readonly<Record<string, string>> = {
  '90s': '[duration](#units)',
  '250ms': '[duration](#units)',
  '5%': '[share](#units)',
  '256Mi': '[size](#units)',
  '500m': '[CPU](#units)',
  '120': '[rate](#units)',
  '500': '[number](#units)',
  'at most 10': '[bound](#expectations)',
  'at most 5m': '[bound](#expectations) of a duration',
  'at most 1%': '[bound](#expectations) of a share',
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
    const items = child.items as SchemaNode | undefined;
    return [
      row,
      ...rowsOf(mappingIn(child), hidden, `${field}.`),
      ...rowsOf(mappingIn(items ?? {}), hidden, `${field}[].`),
    ];
  });
}

/** The mapping that a value is, or may be. */
function mappingIn(node: SchemaNode): SchemaNode {
  if (node.properties) return node;
  return node.anyOf?.find((each) => each.properties && !each.properties['kind']) ?? {};
}

function valueOf(node: SchemaNode): string {
  if (node.const !== undefined) return code(node.const);
  if (node.enum) return node.enum.map(code).join(', ');
  if (node.examples) return UNITS[String(node.examples[0])] ?? node.examples.map(code).join(', ');
  if (node.$ref) return words(node.$ref.split('/').at(-1)!);
  if (node.allOf) return node.allOf.map(valueOf).join(', ');
  const parts = node.anyOf ?? node.oneOf;
  if (parts) return [...new Set(parts.map(valueOf))].filter((part) => part !== 'null').join(', or ');
  switch (node.type) {
    case 'object':
      return 'mapping';
    case 'array':
      return node.items && !Array.isArray(node.items) ? `list of ${plural(valueOf(node.items as SchemaNode))}` : 'list';
    case 'integer':
      return 'whole number';
    case 'number':
      return 'number';
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return node.pattern?.startsWith('^[a-z](') ? 'name' : 'text';
    default:
      return String(node.type ?? 'any');
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
