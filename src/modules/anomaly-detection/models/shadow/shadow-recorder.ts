import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { ShadowRepository } from '../data/shadow.repository.js';
import type { ShadowObservation } from '../model-choice.js';
import { SHADOW_POINTS } from '../models.metrics.js';
import { ShadowLedger } from './shadow-ledger.js';

const WRITE_EVERY_MS = 15_000;

/** Keeps what shadows scored in memory and writes it now and then: scoring never waits for it. */
@Injectable()
export class ShadowRecorder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ShadowRecorder.name);
  private readonly ledger = new ShadowLedger();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly shadows: ShadowRepository,
    @InjectMetric(SHADOW_POINTS) private readonly points: Counter,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), WRITE_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  add(observation: ShadowObservation): void {
    this.points.inc(this.ledger.add(observation));
  }

  /** Writes what has been gathered; what cannot be written is lost, which costs a card a few seconds of its data. */
  flush(): Promise<void> {
    this.writing = this.writing.then(async () => {
      const { hours, anomalies } = this.ledger.take();
      try {
        await this.shadows.add(hours, anomalies);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.logger.warn({ msg: 'shadow scores were lost', hours: hours.length, reason });
      }
    });
    return this.writing;
  }
}
