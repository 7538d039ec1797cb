import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, type HealthOutcome } from '../../../platform/observability/health-registry.js';
import { WorkerHealth } from '../../../platform/registry/worker-health.js';

/**
 * The worker that this process forked. While it starts again, samples are still taken and pages served: that is
 * degraded, and no reason to take this process out of the load balancer.
 */
@Injectable()
export class WorkerCheck implements OnModuleInit {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly worker: WorkerHealth,
  ) {}

  onModuleInit(): void {
    this.registry.register({ name: 'worker', scopes: ['ready'], check: () => this.ask() });
  }

  private async ask(): Promise<HealthOutcome> {
    const outcome = await this.worker.check();
    if (outcome === undefined) return { status: 'up', details: { forked: false } };
    return outcome.status === 'down' ? { ...outcome, status: 'degraded' } : outcome;
  }
}
