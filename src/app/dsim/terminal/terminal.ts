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
}

/** @param env `NO_COLOR` (no-color.org) and `TERM=dumb` turn colours off */
export function processTerminal(env: Readonly<Record<string, string | undefined>>): Terminal {
  const { stdout, stderr } = process;
  const colours = stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    style: createStyle(colours),
    columns: stdout.isTTY ? Math.min(stdout.columns || 80, 120) : 100,
    live: stderr.isTTY && env['TERM'] !== 'dumb',
  };
}
