import { FAULT_KINDS, type FaultKind, type FaultKindDefinition, type FaultSetting } from '../fault.types.js';
import { LIMITS } from '../limits.js';
import { formatBytes } from '../schema/advice.js';
import { languageSchema } from '../schema/json-schema.js';
import type { SchemaNode } from '../schema/schema-node.types.js';
import { formatDuration } from '../units/duration.js';
import { FAULT_EFFECTS } from './fault-effects.js';
import { rowsOf, type Row } from './schema-rows.js';

/** The tables of docs/scenarios.md, in Markdown: every field with its values, default and meaning. */
export function scenarioReference(): string {
  const root = languageSchema();
  const part = (...path: string[]) => path.reduce<SchemaNode>(step, root);
  const sections = Object.keys(root.properties ?? {}).flatMap((key) => (isSection(part(key)) ? [key] : []));
  const entry = part('load', '*');
  return [
    heading('Top level', part(), sections),
    heading('`telemetry`', part('telemetry')),
    heading('`platform.regions.NAME`', part('platform', 'regions', '*')),
    heading('`platform.clusters.NAME`', part('platform', 'clusters', '*'), ['nodePools']),
    heading('`platform.clusters.NAME.nodePools.NAME`', part('platform', 'clusters', '*', 'nodePools', '*')),
    heading('`platform.latency`', part('platform', 'latency')),
    heading('`services.NAME`', part('services', '*')),
    ...(part('services', '*', 'rollout').oneOf ?? []).map((each) =>
      heading(`Rollout \`${String(each.properties?.['strategy']?.const)}\``, each, ['strategy']),
    ),
    heading('`services.NAME.operations.NAME`', part('services', '*', 'operations', '*')),
    ...definitions(root),
    ...(part('stores', '*').oneOf ?? []).map((kind) =>
      heading(`Store \`${String(kind.properties?.['kind']?.const)}\``, kind, ['kind']),
    ),
    heading('`load.NAME`', entry, ['shape']),
    heading('`load.NAME.shape`', entry.properties?.['shape']?.items ?? {}),
    heading('`faults`', withoutSettings(part('faults', '*')), []),
    faultsReference(),
    heading('`changes`', part('changes', '*')),
    heading('`slos`', part('slos', '*')),
    heading('`expect`', part('expect', '*')),
    limits(),
  ].join('\n\n');
}

/** Every kind of fault with what it acts on and its settings. */
export function faultsReference(): string {
  const kinds = Object.entries<FaultKindDefinition>(FAULT_KINDS);
  const rows = kinds.map(([kind, { title, description, targets, settings }]) => {
    const list = Object.entries(settings).map(([name, setting]) => describeSetting(name, setting));
    const effect = FAULT_EFFECTS[kind as FaultKind];
    return [`\`${kind}\``, targets.join(', '), `${title}. ${description}`, effect, list.join('<br>')];
  });
  return `### Kinds of faults\n\n${table(['kind', 'target', 'what happens', 'in the model', 'settings'], rows)}`;
}

function describeSetting(name: string, { unit, default: value, min, max, scaled, description }: FaultSetting): string {
  const show = (amount: number) => {
    if (unit === 'seconds') return formatDuration(amount);
    if (unit === 'ratio') return `${Number((amount * 100).toPrecision(6))}%`;
    return unit.startsWith('bytes') ? formatBytes(amount) : amount.toLocaleString('en-US');
  };
  const range = `${show(value)}; ${show(min)} to ${show(max)}`;
  return `\`${name}\` (${unit === 'seconds' ? 'duration' : unit}, ${range})${scaled ? '' : ', not scaled by the intensity'}: ${description}`;
}

function step(node: SchemaNode, key: string): SchemaNode {
  const child = node.properties?.[key];
  if (key !== '*') return child ?? {};
  if (typeof node.additionalProperties === 'object') return node.additionalProperties;
  return node.items ?? {};
}

function isSection({ type, properties, additionalProperties, items }: SchemaNode): boolean {
  return type === 'object' ? Boolean(properties ?? additionalProperties) : Boolean(items);
}

/** What all kinds have in common. */
function withoutSettings({ oneOf = [] }: SchemaNode): SchemaNode {
  const [first] = oneOf;
  const common = Object.keys(first?.properties ?? {}).filter((key) => oneOf.every((each) => each.properties?.[key]));
  const properties = Object.fromEntries(common.map((key) => [key, first!.properties![key]!]));
  const kind = { type: 'string', description: 'See the table below.' };
  return { ...first, description: 'What goes wrong, and when.', properties: { ...properties, kind } };
}

function definitions({ $defs: definitions = {} }: SchemaNode): string[] {
  return Object.entries(definitions).flatMap(([name, node]) => {
    const mapping = node.properties ? node : node.anyOf?.find(({ properties }) => properties);
    return mapping ? [heading(name, { ...mapping, description: node.description ?? mapping.description ?? '' })] : [];
  });
}

function heading(title: string, node: SchemaNode, hidden: readonly string[] = []): string {
  const rows = rowsOf(node, hidden).map(({ field, value, otherwise, meaning }: Row) => [
    `\`${field}\``,
    value,
    otherwise,
    meaning,
  ]);
  const text = node.description ? `${node.description}\n\n` : '';
  if (rows.length === 0) return `### ${title}\n\n${text || 'It has no fields of its own.'}`.trimEnd();
  return `### ${title}\n\n${text}${table(['field', 'value', 'default', 'meaning'], rows)}`;
}

function limits(): string {
  const rows = Object.entries(LIMITS).map(([name, value]) => [
    words(name),
    name === 'duration' ? formatDuration(value) : value.toLocaleString('en-US'),
  ]);
  return `### Limits\n\n${table(['what', 'at most'], rows)}`;
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
