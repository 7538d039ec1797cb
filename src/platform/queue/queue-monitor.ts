import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, type HealthOutcome } from '../observability/health-registry.js';
import { QueueBackend } from './backend/queue-backend.js';
import { QueueMetrics } from './queue.metrics.js';
import { Queues } from './queues.js';

const STATES = ['waiting', 'prioritized', 'active', 'delayed', 'failed'] as const;
/** A scrape never waits longer for a queue that is away; it then shows the last known depths. */
const SCRAPE_TIMEOUT_MS = 1_000;

/** Tells health checks and metrics how the queues are. */
@Injectable()
export class QueueMonitor implements OnModuleInit {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly backend: QueueBackend,
    private readonly queues: Queues,
    private readonly metrics: QueueMetrics,
  ) {}

  onModuleInit(): void {
    this.registry.register({
      name: 'queue',
      scopes: ['ready', 'startup'],
      timeoutMs: 3_000,
      check: () => this.check(),
    });
    this.metrics.onScrape(() => this.measure());
  }

  private async check(): Promise<HealthOutcome> {
    const started = performance.now();
    const { kind } = this.backend;
    try {
      await this.backend.ping();
      return { status: 'up', details: { backend: kind, latencyMs: Math.round(performance.now() - started) } };
    } catch (error) {
      const name = kind === 'redis' ? 'Redis' : 'PostgreSQL';
      return {
        status: 'down',
        reason: `The job queue in ${name} does not answer: ${error instanceof Error ? error.message : String(error)}`,
        details: { backend: kind },
      };
    }
  }

  private async measure(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, SCRAPE_TIMEOUT_MS);
    });
    const counted = Promise.all(
      this.queues.all().map(async (queue) => {
        const counts = await queue.getJobCounts(...STATES);
        for (const state of STATES) this.metrics.depthOf(queue.name, state, counts[state] ?? 0);
      }),
    ).then(
      () => undefined,
      () => undefined,
    );
    await Promise.race([counted, late]).finally(() => clearTimeout(timer));
  }
}
