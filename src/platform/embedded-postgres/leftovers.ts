import { readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 15_000;
const POLL_MS = 50;

/**
 * Ends what an earlier server on this cluster left running: a postmaster whose program was killed is asked to stop,
 * backends whose postmaster was killed are given a moment to notice. Call it only while holding the instance lock.
 */
export async function clearLeftovers(clusterDir: string, report: (line: string) => void): Promise<void> {
  const started = performance.now();
  let asked = false;
  for (let pids = serverProcesses(clusterDir); pids.length > 0; pids = serverProcesses(clusterDir)) {
    const waited = performance.now() - started;
    const postmaster = readPostmasterPid(clusterDir);
    const orphaned = postmaster !== undefined && pids.includes(postmaster) ? postmaster : undefined;
    if (orphaned !== undefined && !asked) {
      report('A PostgreSQL of an earlier run is still up; stopping it first.');
      signal(orphaned, 'SIGINT');
      asked = true;
    }
    // Past the grace period nothing in them is worth waiting for: recovery replays the log.
    if (waited > GRACE_MS) for (const pid of pids) signal(pid, waited > 2 * GRACE_MS ? 'SIGKILL' : 'SIGQUIT');
    if (waited > 3 * GRACE_MS) return;
    await sleep(POLL_MS);
  }
  // Nobody is left, so what the file names is some other program that got the same number.
  if (process.platform === 'linux') rmSync(join(clusterDir, 'postmaster.pid'), { force: true });
}

/** Every process of a server has the cluster as its working directory. Linux only; elsewhere PostgreSQL's own check decides. */
export function serverProcesses(clusterDir: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === clusterDir;
      } catch {
        return false;
      }
    });
}

export function readPostmasterPid(clusterDir: string): number | undefined {
  return readPidFile(clusterDir)?.pid;
}

/** `postmaster.pid`: the first line is the process, the eighth its state (`starting`, `ready`, `stopping`). */
export function readPidFile(clusterDir: string): { pid: number; state: string } | undefined {
  try {
    const lines = readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, state: (lines[7] ?? '').trim() } : undefined;
  } catch {
    return undefined;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself, which is what was wanted.
  }
}
