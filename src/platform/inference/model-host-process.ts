import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ModelMemoryError, ModelProcessError, ModelTooSlowError, ModelRunError } from './inference.errors.js';
import type { GraphShape, HostAnswer, HostRequest } from './model-host.messages.js';
import type { Tensors } from './model-runner.js';

/** How often memory is looked at: enough to catch what grows by gigabytes a second before it hurts. */
const WATCH_MS = 25;
const START_MS = 20_000;
/** Where the sources run (tests), the program of the newest build does. */
const PROGRAM = fileURLToPath(
  import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/platform/inference/model-host.js', import.meta.url)
    : new URL('./model-host.js', import.meta.url),
);

export interface HostLimits {
  /** Resident memory of the whole process; a bare one with the runtime takes about 90 MiB. */
  readonly memoryMegabytes: number;
}

interface Waiting {
  readonly resolve: (answer: Extract<HostAnswer, { ok: true }>) => void;
  readonly reject: (error: Error) => void;
}

type Request = HostRequest extends infer R ? (R extends HostRequest ? Omit<R, 'id'> : never) : never;

/**
 * One process that holds ONNX sessions for us. It knows no secret (its environment is empty), may take no longer and
 * no more memory than it is told, and its end is an error of the call that was running.
 */
export class ModelHostProcess {
  private readonly child: ChildProcess;
  private readonly watch: NodeJS.Timeout;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private end: Error | undefined;
  /** A graph that never ends would not notice that its parent is gone. */
  private readonly killOnExit = (): void => void this.child.kill('SIGKILL');

  constructor(private readonly limits: HostLimits) {
    this.child = fork(PROGRAM, [], {
      env: {},
      execArgv: ['--max-old-space-size=256'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (answer) => this.onAnswer(answer as HostAnswer));
    this.child.once('error', (error) => this.finish(new ModelProcessError(error.message)));
    this.child.once('exit', (code, signal) => {
      this.finish(new ModelProcessError(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`));
    });
    process.once('exit', this.killOnExit);
    this.child.unref();
    this.child.channel?.unref();
    this.watch = setInterval(() => this.checkMemory(), WATCH_MS).unref();
  }

  get ended(): boolean {
    return this.end !== undefined;
  }

  /** Opening includes the start of the process the first time. */
  async open(model: string, key: string, bytes: Uint8Array, timeoutMs = START_MS): Promise<GraphShape> {
    return (await this.ask(model, { type: 'open', key, bytes }, timeoutMs)).shape!;
  }

  async run(
    model: string,
    key: string,
    inputs: Tensors,
    timeoutMs: number,
  ): Promise<{ readonly outputs: Tensors; readonly ms: number }> {
    const { outputs, ms } = await this.ask(model, { type: 'run', key, inputs }, timeoutMs);
    return { outputs: outputs!, ms };
  }

  async close(key: string): Promise<void> {
    await this.ask(key, { type: 'close', key }, START_MS).catch(() => undefined);
  }

  /** Ends the process at once; calls that wait are rejected. */
  kill(reason: Error = new ModelProcessError('it was stopped')): void {
    this.child.kill('SIGKILL');
    this.finish(reason);
  }

  private ask(model: string, request: Request, timeoutMs: number): Promise<Extract<HostAnswer, { ok: true }>> {
    if (this.end) return Promise.reject(this.end);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.kill(new ModelTooSlowError(model, timeoutMs)), timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        if (this.waiting.size === 0) this.child.channel?.unref();
      };
      this.waiting.set(id, {
        resolve: (answer) => (done(), resolve(answer)),
        reject: (error) => (done(), reject(error instanceof UnnamedRunError ? error.named(model) : error)),
      });
      this.child.channel?.ref();
      this.child.send({ id, ...request }, (error) => {
        // It is gone, although we have not been told so yet.
        if (error) this.kill(new ModelProcessError(error.message));
      });
    });
  }

  private onAnswer(answer: HostAnswer): void {
    const waiting = this.waiting.get(answer.id);
    if (answer.ok) waiting?.resolve(answer);
    else waiting?.reject(new UnnamedRunError(answer.message));
  }

  private finish(reason: Error): void {
    if (this.end) return;
    this.end = reason;
    clearInterval(this.watch);
    process.off('exit', this.killOnExit);
    for (const { reject } of [...this.waiting.values()]) reject(reason);
  }

  private checkMemory(): void {
    const megabytes = residentMegabytes(this.child.pid);
    if (megabytes > this.limits.memoryMegabytes) this.kill(new ModelMemoryError(this.limits.memoryMegabytes));
  }
}

/** What the process said, before we know of which model. */
class UnnamedRunError extends Error {
  named(model: string): Error {
    return new ModelRunError(model, this);
  }
}

/** 0 where the system does not tell: on anything but Linux the limit of time is the only one. */
function residentMegabytes(pid: number | undefined): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return (pages * 4_096) / 1_048_576;
  } catch {
    return 0;
  }
}
