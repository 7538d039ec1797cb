import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { InjectConfig, type ConfigOf } from '../../../platform/config/define-config.js';
import { HealthRegistry, type HealthOutcome } from '../../../platform/observability/health-registry.js';
import { healthConfig } from '../health.config.js';

const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** A process whose event loop is late answers late, whatever else is well. */
@Injectable()
export class EventLoopDelayCheck implements OnModuleInit, OnModuleDestroy {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor(
    private readonly registry: HealthRegistry,
    @InjectConfig(healthConfig) private readonly config: ConfigOf<typeof healthConfig>,
  ) {}

  onModuleInit(): void {
    this.histogram.enable();
    this.registry.register({
      name: 'event-loop-delay',
      scopes: ['ready'],
      check: () => Promise.resolve(this.measure()),
    });
  }

  onModuleDestroy(): void {
    this.histogram.disable();
  }

  private measure(): HealthOutcome {
    // The histogram holds the time between two ticks of its timer: the lateness is what exceeds the period.
    const p99 = this.histogram.count === 0 ? 0 : Math.max(0, this.histogram.percentile(99) / NS_PER_MS - RESOLUTION_MS);
    this.histogram.reset();
    const details = { p99Ms: Math.round(p99 * 10) / 10, limitMs: this.config.maxEventLoopDelayMs };
    if (p99 <= this.config.maxEventLoopDelayMs) return { status: 'up', details };
    return {
      status: 'down',
      reason: `The event loop was ${Math.round(p99)} ms late (99th percentile): this process has more work than it can do. Add a pod or look for work that blocks.`,
      details,
    };
  }
}
