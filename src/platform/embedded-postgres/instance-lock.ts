import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';

interface Holder {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, so that a reused pid is not mistaken for it; null where unknown. */
  readonly startedAt: string | null;
}

/** One running program per data folder. A lock whose holder is gone, killed perhaps, is taken over. */
export class InstanceLock {
  constructor(
    private readonly file: string,
    private readonly folder: string,
  ) {}

  acquire(): void {
    const own = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) } satisfies Holder);
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        writeFileSync(this.file, own, { flag: 'wx', mode: 0o644 });
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = this.read();
      if (holder && holder.pid !== process.pid && isRunning(holder)) {
        throw new EmbeddedPostgresError(
          'folder_in_use',
          `Another DevOps Simulator (process ${holder.pid}) uses the data folder ${this.folder}. Stop it, or choose another folder with DSIM_DATA_DIR.`,
        );
      }
      rmSync(this.file, { force: true });
    }
    throw new EmbeddedPostgresError(
      'folder_in_use',
      `Several programs start on the data folder ${this.folder} at once. Start one, or choose another folder with DSIM_DATA_DIR.`,
    );
  }

  release(): void {
    if (this.read()?.pid === process.pid) rmSync(this.file, { force: true });
  }

  private read(): Holder | undefined {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Holder;
    } catch {
      return undefined;
    }
  }
}

function isRunning({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startedAt === null || startOf(pid) === startedAt;
}

/** Field 22 of /proc/<pid>/stat; the second field may hold spaces, so count from its closing parenthesis. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
