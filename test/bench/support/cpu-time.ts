import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const CLOCK_TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Seconds by name. */
export type CpuSeconds = Readonly<Record<string, number>>;

/**
 * CPU seconds of processes and all their children, those that ended included. A process that is named itself does
 * not count for its parent.
 */
export function cpuOf(processes: Readonly<Record<string, number | undefined>>): CpuSeconds {
  const named = new Set(Object.values(processes));
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf);
  const tree = (pid: number): number => {
    const own = stats.find((stat) => stat.pid === pid)?.ticks ?? 0;
    const children = stats.filter((stat) => stat.parent === pid && !named.has(stat.pid));
    return children.reduce((sum, child) => sum + tree(child.pid), own);
  };
  return Object.fromEntries(
    Object.entries(processes).flatMap(([name, pid]) => (pid === undefined ? [] : [[name, tree(pid) / CLOCK_TICKS]])),
  );
}

export function difference(before: CpuSeconds, after: CpuSeconds): CpuSeconds {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));
}

export function total(cpu: CpuSeconds): number {
  return Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);
}

/** User and system time of the process and of children it has waited for: fields 14 to 17 of `/proc/<pid>/stat`. */
function statOf(name: string): { pid: number; parent: number; ticks: number }[] {
  try {
    const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
      .replace(/^\d+ \(.*\) /s, '')
      .split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0);
    return [{ pid: Number(name), parent: Number(fields[1]), ticks }];
  } catch {
    // It ended while we looked.
    return [];
  }
}
