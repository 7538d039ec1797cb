import { readFileSync } from 'node:fs';

export interface Memory {
  /** Resident set: what `ps` shows. Pages that processes share count for each. */
  readonly residentMib: number;
  /** Proportional set: shared pages are divided among those who share them. */
  readonly proportionalMib: number;
}

export function memoryOf(pids: readonly number[]): Memory {
  const field = (file: string, name: string): number =>
    pids.reduce((sum, pid) => sum + kibibytes(`/proc/${pid}/${file}`, name), 0) / 1_024;
  return { residentMib: field('status', 'VmRSS'), proportionalMib: field('smaps_rollup', 'Pss') };
}

function kibibytes(file: string, name: string): number {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
