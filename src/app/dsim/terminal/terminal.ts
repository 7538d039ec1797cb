import { createStyle, type Style } from './style.js';

/** Where a command writes, and what can be shown there. Passed as an argument, so that tests own it. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Of standard output. */
  readonly style: Style;
  /** Characters of a line of standard output. */
  readonly columns: number;
  /** Standard error is a person's screen: progress may be shown on it. */
  readonly live: boolean;
  /** Characters of a line of that screen now: people change their windows. */
  readonly liveColumns: () => number;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Output {
  readonly isTTY: boolean;
  readonly columns?: number;
}

/** Lines longer than this are hard to read, however wide the screen. */
const WIDEST = 120;
/** Where nothing says how wide a line may be: a file, a pipe, the log of a CI job. */
const UNKNOWN = 100;
const NARROWEST = 20;

export function processTerminal(env: Environment): Terminal {
  const { stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    style: createStyle(wantsColours(env, stdout)),
    columns: columnsOf(env, stdout),
    live: stderr.isTTY && env['TERM'] !== 'dumb',
    liveColumns: () => columnsOf(env, stderr),
  };
}

/** `NO_COLOR` (no-color.org) and `TERM=dumb` turn colours off; `FORCE_COLOR` turns them on where nobody looks (CI logs). */
export function wantsColours(env: Environment, { isTTY }: Output): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '') return env['FORCE_COLOR'] !== '0';
  return isTTY && env['TERM'] !== 'dumb';
}

/** `COLUMNS` wins over what the screen says. */
export function columnsOf(env: Environment, { isTTY, columns }: Output): number {
  const wished = Number(env['COLUMNS']);
  if (Number.isInteger(wished) && wished > 0) return Math.max(NARROWEST, wished);
  return isTTY ? Math.max(NARROWEST, Math.min(columns || 80, WIDEST)) : UNKNOWN;
}
