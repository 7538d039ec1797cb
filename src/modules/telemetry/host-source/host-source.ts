import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import os from 'node:os';
import { Clock } from '../../../kernel/clock.js';
import type { SampleBatch } from '../../../kernel/time-series.js';
import { EnvironmentsProvisioner } from '../../environments/index.js';
import { TelemetryWriter } from '../telemetry.writer.js';
import { HostCollector } from './host-collector.js';
import { HostSourceOptions } from './host-source.options.js';
import { type Reading, ReadingBuffer } from './reading-buffer.js';

const SLUG = 'this-machine';
const DEFAULT_BUFFERED_SAMPLES = 200_000;
const SAMPLES_PER_WRITE = 20_000;
const WARN_EVERY_MS = 60_000;
/** Within this, a reading takes the time it was due at: even steps pack to nothing, and rates barely notice. */
const TIME_TOLERANCE_MS = 10;
const SHUTDOWN_MS = 3000;

/**
 * Reads this machine every few seconds into the environment `this-machine`. Readings wait in memory, bounded, while
 * they cannot be stored; the next one waits for the one before, so that they never overlap.
 */
@Injectable()
export class HostSource implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(HostSource.name);
  private readonly buffer: ReadingBuffer;
  private readonly intervalMs: number;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private lastWarningAt = -Infinity;
  private failures = 0;
  private droppedSamples = 0;

  constructor(
    private readonly collector: HostCollector,
    private readonly environments: EnvironmentsProvisioner,
    private readonly telemetry: TelemetryWriter,
    private readonly clock: Clock,
    options: HostSourceOptions,
  ) {
    this.intervalMs = options.intervalSeconds * 1000;
    this.buffer = new ReadingBuffer(options.maxBufferedSamples ?? DEFAULT_BUFFERED_SAMPLES);
  }

  onApplicationBootstrap(): void {
    this.schedule(this.clock.now());
  }

  /** Waits for a reading under way, a bounded time: readings still in memory are lost with the process. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    let deadline: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (deadline = setTimeout(resolve, SHUTDOWN_MS)));
    await Promise.race([this.running, patience]);
    clearTimeout(deadline);
  }

  /** One reading, and everything that waited before it. Never throws. */
  async tick(dueAt: number): Promise<void> {
    try {
      const now = this.clock.now();
      const time = Math.abs(now - dueAt) <= TIME_TOLERANCE_MS ? dueAt : now;
      this.droppedSamples += this.buffer.push({ time, samples: await this.collector.collect(now) });
      await this.store();
      if (this.failures > 0) {
        this.logger.log({
          msg: 'Readings of this machine are stored again',
          failures: this.failures,
          droppedSamples: this.droppedSamples,
        });
      }
      this.failures = 0;
      this.droppedSamples = 0;
    } catch (error) {
      this.failures++;
      this.warn(error);
    }
  }

  private schedule(dueAt: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(
      () => {
        this.running = this.tick(dueAt).then(() => {
          // Missed turns are skipped, not caught up with: they would all read the same machine.
          const turns = Math.ceil((this.clock.now() - dueAt) / this.intervalMs);
          this.schedule(dueAt + this.intervalMs * Math.max(1, turns));
        });
      },
      Math.max(0, dueAt - this.clock.now()),
    );
    this.timer.unref();
  }

  private async store(): Promise<void> {
    const environment = await this.environments.ensure({ slug: SLUG, name: os.hostname(), kind: 'host' });
    while (this.buffer.length > 0) {
      const readings = this.buffer.peek(SAMPLES_PER_WRITE);
      const samples = readings.flatMap((reading) => reading.samples);
      const ids = await this.telemetry.resolveSeries(environment.id, samples);
      await this.telemetry.append(environment.id, batchOf(readings, ids));
      this.buffer.remove(readings);
      if (this.stopped) return;
    }
  }

  private warn(error: unknown): void {
    const now = this.clock.now();
    if (now - this.lastWarningAt < WARN_EVERY_MS) return;
    this.lastWarningAt = now;
    this.logger.warn({
      msg: 'Readings of this machine cannot be stored; they wait in memory and are written later',
      reason: error instanceof Error ? error.message : String(error),
      failures: this.failures,
      waitingReadings: this.buffer.length,
      droppedSamples: this.droppedSamples,
    });
  }
}

function batchOf(readings: readonly Reading[], seriesIds: Int32Array): SampleBatch {
  const times = new Float64Array(seriesIds.length);
  const values = new Float64Array(seriesIds.length);
  let at = 0;
  for (const { time, samples } of readings) {
    for (const { value } of samples) {
      times[at] = time;
      values[at++] = value;
    }
  }
  return { seriesIds, times, values };
}
