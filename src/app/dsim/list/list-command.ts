import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { FAULT_KINDS, type FaultKindDefinition } from '../../../engine/scenario/fault.types.js';
import { readArguments } from '../arguments.js';
import { EXIT } from '../exit-code.js';
import { isFolder, LIBRARY_DIR, scenarioFiles } from '../scenario/locate-scenario.js';
import type { Terminal } from '../terminal/terminal.js';
import { wrap } from '../terminal/words.js';
import { UsageError, withFile } from '../usage-error.js';

interface Entry {
  readonly name: string;
  readonly title: string;
  readonly teaches: string;
}

/** `dsim list`: the scenarios of a folder with what they teach, or the faults there are. */
export function listCommand(args: readonly string[], terminal: Terminal): number {
  const { values, positionals } = readArguments('list', args, {
    faults: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  if (positionals.length > 1) throw new UsageError('dsim list takes one folder.');
  const json = values['json'] === true;
  if (values['faults'] === true) terminal.out(json ? `${JSON.stringify(FAULT_KINDS, null, 2)}\n` : faultText(terminal));
  else {
    const entries = readFolder(positionals[0] ?? LIBRARY_DIR);
    terminal.out(json ? `${JSON.stringify(entries, null, 2)}\n` : scenarioText(entries, terminal));
  }
  return EXIT.ok;
}

function readFolder(folder: string): readonly Entry[] {
  if (!isFolder(folder)) throw new UsageError(`There is no folder ${folder}.`);
  return withFile(`${folder} cannot be read`, () => scenarioFiles(folder)).flatMap((file) => {
    const fields = readFields(join(folder, file));
    // What is no scenario of its own (a fleet to include, another program's file) names no version.
    if (fields?.['dsim'] === undefined) return [];
    const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
    const name = file.replace(/\.[^.]+$/, '');
    return [{ name, title: text(fields['title']) || name, teaches: text(fields['teaches']) }];
  });
}

function readFields(file: string): Record<string, unknown> | undefined {
  try {
    const document: unknown = parse(readFileSync(file, 'utf8'), { logLevel: 'silent' });
    return typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : undefined;
  } catch {
    // A list shows what it can read; `dsim validate` says what is wrong with the rest.
    return undefined;
  }
}

function scenarioText(entries: readonly Entry[], { style, columns }: Terminal): string {
  if (entries.length === 0) return 'No scenarios here.\n';
  const blocks = entries.map(
    ({ name, title, teaches }) => `${wrap(`${style.bold(name)}: ${title}`, columns)}${wrap(teaches, columns, '    ')}`,
  );
  return `${blocks.join('\n')}\nRun one: dsim run ${entries[0]!.name}\n`;
}

function faultText({ style, columns }: Terminal): string {
  const kinds: readonly (readonly [string, FaultKindDefinition])[] = Object.entries(FAULT_KINDS);
  return kinds
    .map(([kind, { title, description, targets, settings }]) => {
      const lines = Object.entries(settings).map(([name, setting]) =>
        wrap(
          `${name}: ${setting.description} ${style.dim(`Default ${setting.default} ${setting.unit}, ${setting.min} to ${setting.max}.`)}`,
          columns,
          '    ',
          '      ',
        ),
      );
      return `${wrap(`${style.bold(kind)}: ${title} ${style.dim(`(${targets.join(', ')})`)}`, columns, '', '  ')}${wrap(description, columns, '    ')}${lines.join('')}`;
    })
    .join('\n');
}
