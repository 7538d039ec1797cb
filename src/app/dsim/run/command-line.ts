import type { RunOptions } from './run-options.js';

/** The command that makes the same run again, for a shell; where to write it is up to whoever types it. */
export function commandLine({ scenario, solver, overrides, groundTruth, watch }: RunOptions, seed: number): string {
  const parts = [
    'dsim',
    'run',
    scenario,
    '--seed',
    String(seed),
    '--solver',
    solver,
    ...overrides.flatMap(({ path, value }) => ['--set', `${path}=${value}`]),
    ...(groundTruth === false ? ['--no-ground-truth'] : []),
    ...(watch === undefined ? [] : [watch ? '--watch' : '--no-watch']),
  ];
  return parts.map(quote).join(' ');
}

/** POSIX shells take everything between single quotes as it is. */
function quote(word: string): string {
  return /^[\w./:=+,@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
