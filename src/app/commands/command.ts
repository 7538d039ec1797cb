import { parseArgs, type ParseArgsConfig } from 'node:util';
import { pathToFileURL } from 'node:url';
import { describeBootError } from '../boot-error.js';

export interface CommandHelp {
  /** `npm run features` */
  readonly usage: string;
  readonly description: string;
  readonly options?: readonly (readonly [flag: string, text: string])[];
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Runs a command when its file is the program: `--help` explains, failures are a sentence and exit code 1. */
export function runCommand(
  moduleUrl: string,
  help: CommandHelp,
  options: Options,
  command: (flags: Readonly<Record<string, unknown>>) => Promise<number>,
): void {
  if (process.argv[1] === undefined || moduleUrl !== pathToFileURL(process.argv[1]).href) return;
  void run(help, options, command).then((code) => {
    // Not process.exit(): what was written to a pipe must arrive.
    process.exitCode = code;
  });
}

async function run(
  help: CommandHelp,
  options: Options,
  command: (flags: Readonly<Record<string, unknown>>) => Promise<number>,
): Promise<number> {
  let flags: Readonly<Record<string, unknown>>;
  try {
    flags = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } }, strict: true }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${helpText(help)}`);
    return 2;
  }
  if (flags['help'] === true) {
    process.stdout.write(helpText(help));
    return 0;
  }
  try {
    return await command(flags);
  } catch (error) {
    process.stderr.write(`${describeBootError(error, false)}\n`);
    return 1;
  }
}

export function helpText({ usage, description, options = [] }: CommandHelp): string {
  const rows = [...options, ['--help', 'This text.'] as const].map(([flag, text]) => `  ${flag.padEnd(12)} ${text}`);
  return `${usage} [-- options]\n\n${description}\n\nOptions:\n${rows.join('\n')}\n`;
}

/** Columns as wide as their longest cell, two spaces apart; the last one is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  '),
    )
    .join('\n');
}
