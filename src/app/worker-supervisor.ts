import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../platform/config/environment.js';
import type { Configuration } from '../platform/config/load-configuration.js';
import type { HealthOutcome } from '../platform/observability/health-registry.js';
import type { LogLevelName } from '../platform/observability/observability.config.js';
import { queueConfig } from '../platform/queue/queue.config.js';
import { WorkerHealth } from '../platform/registry/worker-health.js';
import { WorkerMetrics } from '../platform/registry/worker-metrics.js';
import type { OpenedDatabase } from './open-database.js';
import { workerMessage, type ParentMessage, type WorkerMessage } from './worker-messages.js';

const ANSWER_TIMEOUT_MS = 2_000;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** A worker that ran this long was healthy: its next crash starts with the first delay again. */
const STABLE_MS = 60_000;
/** Time beyond the queue's own deadline before the worker is killed. */
const STOP_MARGIN_MS = 5_000;

export interface WorkerSupervisorOptions {
  /** The compiled entry point that the child runs. */
  readonly script: string;
  readonly env: Environment;
  readonly execArgv: readonly string[];
  readonly stopTimeoutMs: number;
  readonly report: (line: string) => void;
}

type Waiting = (message: Extract<WorkerMessage, { id: number }> | undefined) => void;

/** Forks the worker of a process of role `all`, keeps it alive, and asks it for what only it knows. */
export class WorkerSupervisor {
  private child: ChildProcess | undefined;
  private started = false;
  private stopping = false;
  private startedAt = 0;
  private delayMs = FIRST_DELAY_MS;
  private timer: NodeJS.Timeout | undefined;
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();

  constructor(private readonly options: WorkerSupervisorOptions) {}

  start(): void {
    const { script, env, execArgv } = this.options;
    this.startedAt = performance.now();
    const child = fork(script, [], {
      env: { ...env },
      execArgv: [...execArgv],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child = child;
    child.on('message', (message) => this.onMessage(message));
    child.on('error', (error) => this.options.report(`The worker process could not be started: ${error.message}`));
    child.once('exit', (code, signal) => this.onExit(child, code, signal));
  }

  setLogLevel(level: LogLevelName): void {
    this.send({ type: 'log-level', level });
  }

  async metrics(): Promise<string | undefined> {
    const answer = await this.ask('metrics');
    return answer?.type === 'metrics' ? answer.text : undefined;
  }

  async health(): Promise<HealthOutcome> {
    if (!this.child) return { status: 'down', reason: 'The worker process has ended and is being started again.' };
    if (!this.started) return { status: 'down', reason: 'The worker process is still starting.' };
    const answer = await this.ask('health');
    if (answer?.type === 'health') return answer.outcome;
    return { status: 'down', reason: `The worker process did not answer within ${ANSWER_TIMEOUT_MS / 1_000} s.` };
  }

  /** Asks the worker to finish its jobs; kills it when it takes longer than it may. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    const child = this.child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.send({ type: 'stop' });
    const killer = setTimeout(() => {
      this.options.report('The worker process did not finish in time, so it is killed; its jobs run again later.');
      child.kill('SIGKILL');
    }, this.options.stopTimeoutMs);
    await ended;
    clearTimeout(killer);
  }

  force(): void {
    this.stopping = true;
    clearTimeout(this.timer);
    this.child?.kill('SIGKILL');
  }

  private onExit(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.child === child) this.child = undefined;
    this.started = false;
    for (const resolve of this.waiting.values()) resolve(undefined);
    this.waiting.clear();
    if (this.stopping) return;
    if (performance.now() - this.startedAt > STABLE_MS) this.delayMs = FIRST_DELAY_MS;
    this.options.report(
      `The worker process ended (${signal ?? `exit code ${code ?? 'unknown'}`}); it starts again in ${this.delayMs / 1_000} s.`,
    );
    this.timer = setTimeout(() => this.start(), this.delayMs);
    this.delayMs = Math.min(this.delayMs * 2, MAX_DELAY_MS);
  }

  private onMessage(raw: unknown): void {
    const parsed = workerMessage.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'started') this.started = true;
    else this.waiting.get(message.id)?.(message);
  }

  private ask(type: 'metrics' | 'health'): Promise<Parameters<Waiting>[0]> {
    if (!this.child || !this.started) return Promise.resolve(undefined);
    const id = this.nextId++;
    return new Promise((resolve) => {
      const settle: Waiting = (message) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(message);
      };
      const timer = setTimeout(() => settle(undefined), ANSWER_TIMEOUT_MS);
      this.waiting.set(id, settle);
      this.send({ type, id });
    });
  }

  private send(message: ParentMessage): void {
    // A child that has just died reports it through `exit`; the failed send itself says nothing new.
    if (this.child?.connected) this.child.send(message, () => undefined);
  }
}

export class SupervisedWorkerMetrics extends WorkerMetrics {
  constructor(private readonly supervisor: WorkerSupervisor) {
    super();
  }

  override collect(): Promise<string | undefined> {
    return this.supervisor.metrics();
  }
}

export class SupervisedWorkerHealth extends WorkerHealth {
  constructor(private readonly supervisor: WorkerSupervisor) {
    super();
  }

  override check(): Promise<HealthOutcome> {
    return this.supervisor.health();
  }
}

/** The worker of this process: the same program with role `worker`, on the same database. */
export function superviseWorker({
  env,
  database,
  configuration,
  report,
}: {
  readonly env: Environment;
  readonly database: OpenedDatabase;
  readonly configuration: Configuration;
  readonly report: (line: string) => void;
}): WorkerSupervisor {
  return new WorkerSupervisor({
    script: fileURLToPath(new URL('../main.js', import.meta.url)),
    env: childEnvironment(env, database.override?.value),
    execArgv: childExecArgv(process.execArgv),
    stopTimeoutMs: configuration.get(queueConfig).shutdownTimeoutMs + STOP_MARGIN_MS,
    report,
  });
}

/** Options of this Node that the child may have too: not the inspector's port, not the watcher. */
export function childExecArgv(execArgv: readonly string[]): readonly string[] {
  const kept = execArgv.filter((argument) => !/^--(inspect|watch|debug|enable-source-maps)/.test(argument));
  return ['--enable-source-maps', ...kept];
}

/**
 * glibc keeps freed buffers of up to 32 MiB for itself once it has seen one: with histories of a few MiB each that is
 * some 30 MiB that the worker never uses again. Fixed thresholds give them back. Others than glibc do not look.
 */
const ALLOCATOR: Environment = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

/** The environment of the worker: as ours, plus what makes it one. `WATCH_REPORT_DEPENDENCIES` belongs to `node --watch`. */
export function childEnvironment(env: Environment, databaseUrl: string | undefined): Environment {
  const { WATCH_REPORT_DEPENDENCIES: _watch, ...rest } = env;
  const worker = { ...ALLOCATOR, ...rest, DSIM_ROLE: 'worker', DSIM_SUPERVISED: 'true' };
  return databaseUrl === undefined ? worker : { ...worker, DATABASE_URL: databaseUrl };
}
