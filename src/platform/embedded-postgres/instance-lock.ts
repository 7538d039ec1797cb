import { readFileSync, readlinkSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';

interface Holder {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, so that a reused pid is not mistaken for it; null where unknown. */
  readonly startedAt: string | null;
  /** Where that pid means something: a machine, or one container on it. */
  readonly home: string;
}

interface Timing {
  /** How often the holder touches its file, in milliseconds. */
  readonly beatMs: number;
  /** A file of another home that nobody touches for this long has lost its holder. */
  readonly silenceMs: number;
}

/**
 * One running program per data folder. A lock whose holder is gone, killed perhaps, is taken over. Two containers on
 * one volume do not see each other's processes, and both are likely number 1: there the holder's heartbeat tells.
 */
export class InstanceLock {
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string,
    private readonly folder: string,
    private readonly timing: Timing = { beatMs: 3_000, silenceMs: 10_000 },
  ) {}

  async acquire(): Promise<void> {
    const own = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid), home: HOME } satisfies Holder);
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        writeFileSync(this.file, own, { flag: 'wx', mode: 0o644 });
        this.heartbeat = setInterval(() => this.touch(), this.timing.beatMs).unref();
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = this.read();
      if (holder && holder.home !== HOME && (await this.isTouched())) {
        throw new EmbeddedPostgresError(
          'folder_in_use',
          `Another DevOps Simulator, on another machine or in another container, uses the data folder ${this.folder}. Stop it, or choose another folder with DSIM_DATA_DIR.`,
        );
      }
      if (holder && holder.home === HOME && holder.pid !== process.pid && isRunning(holder)) {
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
    clearInterval(this.heartbeat);
    const holder = this.read();
    if (holder?.pid === process.pid && holder.home === HOME) rmSync(this.file, { force: true });
  }

  private touch(): void {
    try {
      const now = new Date();
      utimesSync(this.file, now, now);
    } catch {
      // A full or vanished disk shows elsewhere; the next beat tries again.
    }
  }

  /** Watches instead of comparing with our clock, which need not be the holder's. */
  private async isTouched(): Promise<boolean> {
    const before = touchedAt(this.file);
    const deadline = performance.now() + this.timing.silenceMs;
    while (performance.now() < deadline) {
      await sleep(Math.min(250, this.timing.beatMs));
      const now = touchedAt(this.file);
      if (now === undefined) return false;
      if (now !== before) return true;
    }
    return false;
  }

  private read(): Holder | undefined {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Holder;
    } catch {
      return undefined;
    }
  }
}

const HOME = homeOf();

function homeOf(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function touchedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
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
