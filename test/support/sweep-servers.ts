import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const FOLDER_PREFIX = 'dsim-test-pg-';
export const OWNER_FILE = 'owner.pid';
const YOUNG_MS = 60_000;

/** Ends servers, and removes folders, of test runs that were killed before they could. */
export function sweepServers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    const folder = join(tmpdir(), name);
    try {
      if (isOwned(folder)) continue;
      const server = Number(firstLine(join(folder, 'data/postmaster.pid')));
      if (server > 0 && runsFrom(server, folder)) process.kill(server, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's, or another run is sweeping it.
    }
  }
}

function isOwned(folder: string): boolean {
  const owner = Number(firstLine(join(folder, OWNER_FILE)));
  return owner > 0 ? isAlive(owner) : Date.now() - statSync(folder).ctimeMs < YOUNG_MS;
}

function firstLine(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n')[0] : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Process ids are used again: only a process that says so on its command line is the server. */
function runsFrom(pid: number, folder: string): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, 'utf8').includes(folder);
}
