import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge, Histogram } from 'prom-client';
import { InjectConfig } from '../config/define-config.js';
import { inferenceConfig, type InferenceConfig } from './inference.config.js';
import { HOST_ENDS, HOST_SESSIONS, RUN_DURATION } from './inference.metrics.js';
import { ModelHostProcess } from './model-host-process.js';
import type { Tensors } from './model-runner.js';

/** A model by its bytes. Two with the same checksum are the same model. */
export interface ModelBytes {
  /** For messages and metrics: `id@version`. */
  readonly name: string;
  readonly sha256: string;
  /** Reads the file; asked again only where its session is gone. */
  load(): Promise<Uint8Array>;
}

/**
 * Runs models in a process of their own, so that the thread that asks is never blocked, and a model that crashes,
 * hangs or eats memory takes nothing with it: its call is rejected, the process starts anew, and the calls that waited
 * behind it run there. Sessions are kept by checksum, the least recently used ones are closed.
 */
@Injectable()
export class IsolatedModels implements OnApplicationShutdown {
  private host: ModelHostProcess | undefined;
  /** Checksums that the host has open, the least recently used first. */
  private readonly open = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    @InjectConfig(inferenceConfig) private readonly config: InferenceConfig,
    @InjectMetric(RUN_DURATION) private readonly runDuration: Histogram,
    @InjectMetric(HOST_SESSIONS) private readonly sessions: Gauge,
    @InjectMetric(HOST_ENDS) private readonly ends: Counter,
  ) {}

  /**
   * One at a time. Throws `inference.model_too_slow`, `inference.model_memory_exceeded`, `inference.run_failed` and
   * `inference.model_process_ended`.
   */
  run(model: ModelBytes, inputs: Tensors, timeoutMs = this.config.modelRunLimitMs): Promise<Tensors> {
    return this.inTurn(async () => {
      const host = await this.hostWith(model);
      const { outputs, ms } = await host.run(model.name, model.sha256, inputs, timeoutMs);
      this.runDuration.observe({ model: model.name }, ms / 1000);
      return outputs;
    });
  }

  /** Opens the session ahead of the first run, so that a promotion costs no tick its time. */
  prepare(model: ModelBytes): Promise<void> {
    return this.inTurn(async () => void (await this.hostWith(model)));
  }

  release(sha256: string): Promise<void> {
    return this.inTurn(async () => {
      if (!this.open.delete(sha256)) return;
      await this.host?.close(sha256);
      this.sessions.set(this.open.size);
    });
  }

  onApplicationShutdown(): void {
    this.host?.kill();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work).catch((error: unknown) => {
      if (this.host?.ended) this.forget(error);
      throw error;
    });
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async hostWith(model: ModelBytes): Promise<ModelHostProcess> {
    if (this.host?.ended) this.forget(undefined);
    const host = (this.host ??= new ModelHostProcess({ memoryMegabytes: this.config.modelMemoryMegabytes }));
    if (this.open.delete(model.sha256)) {
      this.open.add(model.sha256);
      return host;
    }
    const bytes = await model.load();
    for (const oldest of this.open) {
      if (this.open.size < this.config.modelSessions) break;
      this.open.delete(oldest);
      await host.close(oldest);
    }
    await host.open(model.name, model.sha256, bytes);
    this.open.add(model.sha256);
    this.sessions.set(this.open.size);
    return host;
  }

  private forget(error: unknown): void {
    const code = (error as { code?: unknown } | undefined)?.code;
    this.ends.inc({ reason: typeof code === 'string' ? code.replace('inference.', '') : 'model_process_ended' });
    this.host = undefined;
    this.open.clear();
    this.sessions.set(0);
  }
}
