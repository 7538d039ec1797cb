import { parseArgs, type ParseArgsConfig } from 'node:util';
import { suggest } from './suggest.js';
import { UsageError } from './usage-error.js';

type Options = NonNullable<ParseArgsConfig['options']>;

export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

/** @throws UsageError for an option that the command does not have, or one without its value */
export function readArguments(command: string, args: readonly string[], options: Options): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      allowNegative: true,
    });
    refuseEmpty(values, positionals);
    return { values: values as Arguments['values'], positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(explain(command, error as Error & { code?: string }, Object.keys(options)));
  }
}

/** `--out "$DIR"` where nobody set DIR must not mean this folder. */
function refuseEmpty(values: object, positionals: readonly string[]): void {
  const empty = Object.entries(values).find(([, value]) => [value].flat().includes(''));
  if (empty !== undefined) throw new UsageError(`--${empty[0]} needs a value, and this one is empty.`);
  if (positionals.includes('')) throw new UsageError('The name of a file is empty.');
}

/** A whole number in words of the option; undefined where the option is not given. */
export function readWhole({ values }: Arguments, name: string, min: number, max: number): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (typeof text === 'string' && text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, and "${String(text)}" is not.`);
}

/** @throws UsageError where the value is none of the choices */
export function readChoice<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new UsageError(
    `--${name} must be one of ${choices.join(', ')}, and "${value}" is not.${suggest(value, choices)}`,
  );
}

function explain(command: string, error: Error & { code?: string }, known: readonly string[]): string {
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const option = /'(-[^']*)'/.exec(error.message)?.[1] ?? '';
    const hint = suggest(option.replace(/^-+(no-)?/, ''), known, '--');
    return `dsim ${command} has no option ${option}.${hint} \`dsim help ${command}\` lists them.`;
  }
  const option = /(--[\w-]+)/.exec(error.message)?.[1] ?? 'An option';
  const how = `\`dsim help ${command}\` shows how.`;
  if (/does not take an argument/.test(error.message)) return `${option} takes no value. ${how}`;
  if (/ambiguous/.test(error.message)) {
    return `${option} needs a value, and what follows it begins with a dash. If you mean it: ${option}=-...`;
  }
  return `${option} needs a value. ${how}`;
}
