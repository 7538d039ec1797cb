import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { SERVER_ENVIRONMENT, explainFailure, startFailure } from './cluster.js';
import type { DatabaseUser } from './database-user.js';
import type { EmbeddedPostgresConfig } from './embedded-postgres.config.js';
import { readPidFile, signal } from './leftovers.js';

const POLL_MS = 15;

/**
 * Runs the server and keeps a lifeline: a pipe from us. When we end, however we end, the pipe closes and the shell
 * asks the server to stop. Nothing is left running after `kill -9` of our process.
 */
const LIFELINE = `
"$@" 3<&- &
server=$!
trap '' INT TERM HUP
(read -r _; kill -INT "$server") <&3 2>/dev/null &
lifeline=$!
exec 3<&-
wait "$server"
code=$?
kill -KILL "$lifeline" 2>/dev/null
wait "$lifeline" 2>/dev/null
exit "$code"
`;

export interface PostmasterOptions {
  readonly binaries: Binaries;
  readonly clusterDir: string;
  readonly logFile: string;
  readonly port: number;
  readonly user: DatabaseUser;
  readonly config: EmbeddedPostgresConfig;
}

/** One run of the server, from start to exit. */
export class Postmaster {
  private readonly child: ChildProcess;
  private readonly logStart: number;
  private spawnError: NodeJS.ErrnoException | undefined;
  /** Resolves with a description when the server has ended, for whatever reason. */
  readonly ended: Promise<string>;
  private running = true;
  /** Of a server that was killed: its file may still be there, and say "ready". */
  private readonly stalePid: number | undefined;

  constructor(private readonly options: PostmasterOptions) {
    const { binaries, user, clusterDir, logFile } = options;
    this.stalePid = readPidFile(clusterDir)?.pid;
    this.logStart = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
    const log = openSync(logFile, 'a', 0o600);
    const command = [binaries.postgres, '-D', clusterDir, ...settings(options)];
    const windows = process.platform === 'win32';
    // A session of its own: Ctrl-C in the terminal must not end the database before those who still write to it.
    this.child = spawn(
      windows ? command[0]! : '/bin/sh',
      windows ? command.slice(1) : ['-c', LIFELINE, 'sh', ...command],
      {
        uid: user.uid,
        gid: user.gid,
        cwd: clusterDir,
        env: SERVER_ENVIRONMENT,
        detached: !windows,
        stdio: ['ignore', log, log, windows ? 'ignore' : 'pipe'],
      },
    );
    closeSync(log);
    // The lifeline's end of ours: it only ever closes, and must not keep our process alive.
    this.child.stdio[3]?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.spawnError = error;
        this.running = false;
        resolve(error.message);
      });
      this.child.once('exit', (code, by) => {
        this.running = false;
        // Where only the shell was killed, its lifeline still waits for us, and the server for the lifeline.
        this.child.stdio[3]?.destroy();
        resolve(by ?? (code !== null && code > 128 ? `signal ${code - 128}` : `exit code ${code ?? 'unknown'}`));
      });
    });
  }

  /** Resolves when the server accepts connections; throws with the reason when it ends before. */
  async ready(): Promise<void> {
    while (this.running) {
      const current = this.pidFile();
      if (current?.state === 'ready') return;
      await Promise.race([sleep(POLL_MS), this.ended]);
    }
    if (this.spawnError) throw startFailure(this.spawnError, this.options.user);
    throw explainFailure(this.newLogLines(), this.options.clusterDir, this.options.user);
  }

  /** What this run has written to the log so far. */
  newLogLines(): string {
    return readFileSync(this.options.logFile).subarray(this.logStart).toString('utf8');
  }

  /** Ends sessions, writes a checkpoint, and exits. */
  async stop(timeoutMs: number): Promise<void> {
    if (!this.running) return;
    this.askToStop('SIGINT');
    const impatient = setTimeout(() => this.askToStop('SIGQUIT'), timeoutMs);
    const angry = setTimeout(() => this.askToStop('SIGKILL'), timeoutMs + 5_000);
    await this.ended;
    clearTimeout(impatient);
    clearTimeout(angry);
  }

  /** At once, without a checkpoint: the next start recovers from the log. */
  kill(): void {
    if (this.running) this.askToStop('SIGQUIT');
  }

  private pidFile(): ReturnType<typeof readPidFile> {
    const current = readPidFile(this.options.clusterDir);
    return current?.pid === this.stalePid ? undefined : current;
  }

  private askToStop(name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
    const { binaries, clusterDir } = this.options;
    if (process.platform === 'win32') {
      spawnSync(binaries.pgCtl, [
        'stop',
        '-D',
        clusterDir,
        '-m',
        name === 'SIGINT' ? 'fast' : 'immediate',
        '--no-wait',
      ]);
      return;
    }
    const pid = this.pidFile()?.pid;
    if (pid === undefined) this.child.stdio[3]?.destroy();
    else signal(pid, name);
  }
}

/** On the command line rather than in postgresql.conf, so that a changed setting holds from the next start on. */
function settings({ port, config }: PostmasterOptions): readonly string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: config.maxConnections,
    shared_buffers: `${config.sharedBuffersMb}MB`,
    max_wal_size: `${config.maxWalSizeMb}MB`,
    min_wal_size: '80MB',
    checkpoint_timeout: '15min',
    wal_compression: 'on',
    // Analytic queries are rare here; JIT and parallel workers cost more memory and start-up than they save.
    jit: 'off',
    max_parallel_workers_per_gather: 0,
    autovacuum_naptime: '20s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    lc_messages: 'C',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
