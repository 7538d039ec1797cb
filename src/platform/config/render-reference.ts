import type { Profile, Stage } from '../registry/module-definition.js';
import type { AnyConfigSection } from './define-config.js';
import { definitionOf, fieldsOf, coreOf, type ConfigField } from './schema-fields.js';

export interface ReferenceInput {
  readonly launchVariables: readonly {
    readonly name: string;
    readonly description: string;
    readonly defaultText: string;
  }[];
  readonly flags: readonly {
    readonly name: string;
    readonly description: string;
    readonly enabledIn: readonly Profile[];
    readonly stage: Stage;
  }[];
  readonly sections: readonly AnyConfigSection[];
}

const INTRODUCTION = `# Configuration

<!-- Written by \`npm run docs:config\` from the schemas; edit those. -->

Every setting has a default. A later source wins over an earlier one:

1. the default below,
2. \`config/base.yaml\`,
3. \`config/<profile>.yaml\`,
4. the environment variable; for a secret also the file that \`<VARIABLE>_FILE\` names.

An empty variable counts as not set. Lists are separated by commas; structures are JSON. Unknown keys in YAML, unknown
\`DSIM_*\` and \`FEATURE_*\` variables and invalid values refuse the start, all of them at once, each with its source and
cure. \`npm run config:check\` shows what holds and where it comes from.
`;

/** The reference as Markdown. The same input gives the same text, so that a check can compare it. */
export function renderReference({ launchVariables, flags, sections }: ReferenceInput): string {
  const launch = markdownTable(
    ['Variable', 'Default', 'Meaning'],
    launchVariables.map(({ name, defaultText, description }) => [code(name), defaultText, description]),
  );
  const features = markdownTable(
    ['Variable', 'On by default in', 'Stage', 'Module'],
    flags.map(({ name, enabledIn, stage, description }) => [
      code(name),
      enabledIn.join(', ') || 'none',
      stage,
      description,
    ]),
  );
  const parts = [
    INTRODUCTION,
    `## Profile, role and folders\n\nOnly from the environment.\n\n${launch}`,
    `## Features\n\nEach turns a module on or off: \`true\` or \`false\`.\n\n${features}`,
    ...sections.map(renderSection),
  ];
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

function renderSection(section: AnyConfigSection): string {
  const rows = fieldsOf(section).map((field) => [
    `${code(field.key)}<br>${code(field.env)}${field.secret ? `<br>${code(`${field.env}_FILE`)}` : ''}`,
    typeText(field),
    defaultText(field),
    meaning(field),
  ]);
  const table = markdownTable(['Setting', 'Type', 'Default', 'Meaning'], rows);
  return `## ${section.title}\n\n\`${section.key}\`: ${section.description}\n\n${table}`;
}

function meaning({ description, meta }: ConfigField): string {
  const notes = [
    meta.secret ? 'Secret.' : '',
    meta.requiredInProduction ? 'Required in production.' : '',
    meta.example === undefined ? '' : `Example: ${code(meta.example)}.`,
  ].filter(Boolean);
  return [description.replace(/([^.!?])$/, '$1.'), ...notes].join(' ').trim();
}

function typeText({ core, kind }: ConfigField): string {
  const { type, options, element } = definitionOf(core);
  if (type === 'enum') return (core as unknown as { options: readonly string[] }).options.map(code).join(', ');
  if (type === 'literal')
    return (core.def as unknown as { values: readonly unknown[] }).values
      .map((value) => code(String(value)))
      .join(', ');
  if (type === 'union' && kind !== 'json')
    return (options ?? []).map((option) => definitionOf(coreOf(option)).type).join(' or ');
  if (kind === 'list') return `list of ${definitionOf(coreOf(element!)).type}s`;
  if (kind === 'json') return 'JSON or YAML';
  if (kind !== 'number') return kind;
  const { minValue, maxValue, isInt } = core as unknown as {
    minValue: number | null;
    maxValue: number | null;
    isInt: boolean;
  };
  const bound = (value: number | null): string | undefined =>
    value === null || !Number.isFinite(value) || Math.abs(value) >= Number.MAX_SAFE_INTEGER
      ? undefined
      : value.toLocaleString('en-US');
  const [low, high] = [bound(minValue), bound(maxValue)];
  const range = low && high ? `, ${low} to ${high}` : low ? `, from ${low}` : high ? `, up to ${high}` : '';
  return `${isInt ? 'integer' : 'number'}${range}`;
}

function defaultText({ defaultValue, required }: ConfigField): string {
  if (defaultValue === undefined || defaultValue === null) return required ? '**required**' : 'not set';
  return code(typeof defaultValue === 'string' ? defaultValue || '""' : JSON.stringify(defaultValue));
}

const code = (text: string): string => `\`${text}\``;

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
