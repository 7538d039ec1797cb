import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries, type Binaries } from './binaries.js';
import { DATABASE_NAME, DATABASE_ROLE, openCluster, type Cluster } from './cluster.js';
import { openDataFolder, rotateLog, type DataFolder } from './data-folder.js';
import type { EmbeddedPostgresConfig } from './embedded-postgres.config.js';
import { folderError } from './embedded-postgres.errors.js';
import { rememberedPort } from './free-port.js';
import { InstanceLock } from './instance-lock.js';
import { clearLeftovers } from './leftovers.js';
import { Postmaster } from './postmaster.js';

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 10_000;
/** A server that ran this long was healthy: its next crash starts with the first delay again. */
const STABLE_MS = 30_000;
const START_ATTEMPTS = 3;

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** False where another folder may be taken when this one will not do. */
  readonly dataDirChosen: boolean;
  readonly config: EmbeddedPostgresConfig;
  /** Lines for people: what takes long, what went wrong. */
  readonly report: (line: string) => void;
}

export interface RunningPostgres {
  readonly url: string;
  readonly dataDir: string;
  readonly version: string;
}

/** A PostgreSQL server of our own: started, kept alive, and stopped with this process. */
export class EmbeddedPostgres {
  private postmaster: Postmaster | undefined;
  private lock: InstanceLock | undefined;
  private stopping = false;
  private readonly interrupted = new AbortController();
  private delayMs = FIRST_DELAY_MS;
  private supervision: Promise<void> = Promise.resolve();
  private wake: (() => void) | undefined;

  constructor(private readonly options: EmbeddedPostgresOptions) {}

  async start(): Promise<RunningPostgres> {
    const { options } = this;
    this.interrupted.signal.throwIfAborted();
    const place = openDataFolder(options.dataDir, options.dataDirChosen, options.report);
    try {
      this.lock = new InstanceLock(join(place.folder, 'instance.lock'), place.dataDir);
      await this.lock.acquire();
      const binaries = findBinaries(place.folder, place.user);
      const cluster = await openCluster(place.folder, binaries, place.user, options.report, this.interrupted.signal);
      const port = await this.startFirst(place, binaries, cluster);
      const password = encodeURIComponent(cluster.password);
      return {
        url: `postgresql://${DATABASE_ROLE}:${password}@127.0.0.1:${port}/${DATABASE_NAME}`,
        dataDir: place.dataDir,
        version: binaries.version,
      };
    } catch (error) {
      await this.stop();
      throw folderError(place.dataDir, error);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.interrupted.abort();
    this.wake?.();
    await this.postmaster?.stop(this.options.config.stopTimeoutSeconds * 1_000);
    await this.supervision;
    this.lock?.release();
    this.lock = undefined;
  }

  /** For an operator who insists: no checkpoint, no waiting. */
  kill(): void {
    this.stopping = true;
    this.interrupted.abort();
    this.postmaster?.kill();
    this.lock?.release();
  }

  private async startFirst(place: DataFolder, binaries: Binaries, cluster: Cluster): Promise<number> {
    const portFile = join(place.folder, 'port');
    for (let attempt = 1; ; attempt++) {
      const port = this.options.config.port || (await rememberedPort(portFile));
      const launch = (): Promise<Postmaster> => this.launch(place, binaries, cluster, port);
      try {
        this.postmaster = await launch();
        this.supervision = this.supervise(this.postmaster, launch);
        return port;
      } catch (error) {
        if (this.stopping || attempt === START_ATTEMPTS) throw error;
        // Another program may have taken the port in between; with a new one it works.
        if (this.options.config.port === 0) rmSync(portFile, { force: true });
      }
    }
  }

  private async launch(
    { folder, user }: DataFolder,
    binaries: Binaries,
    { dir }: Cluster,
    port: number,
  ): Promise<Postmaster> {
    await clearLeftovers(dir, this.options.report);
    this.interrupted.signal.throwIfAborted();
    const logFile = join(folder, 'postgres.log');
    rotateLog(logFile);
    const postmaster = new Postmaster({ binaries, clusterDir: dir, logFile, port, user, config: this.options.config });
    this.postmaster = postmaster;
    await postmaster.ready();
    return postmaster;
  }

  /** A server that ends by itself, killed perhaps, is started again on the same port: pools reconnect by themselves. */
  private async supervise(current: Postmaster, launch: () => Promise<Postmaster>): Promise<void> {
    for (;;) {
      const startedAt = performance.now();
      const how = await current.ended;
      if (this.stopping) return;
      if (performance.now() - startedAt > STABLE_MS) this.delayMs = FIRST_DELAY_MS;
      this.options.report(`PostgreSQL ended (${how}); starting it again.`);
      for (;;) {
        await this.pause();
        if (this.stopping) return;
        try {
          current = await launch();
          this.options.report('PostgreSQL runs again.');
          break;
        } catch (error) {
          this.options.report(`${error instanceof Error ? error.message : String(error)} Trying again.`);
        }
      }
    }
  }

  private async pause(): Promise<void> {
    const { delayMs } = this;
    this.delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
