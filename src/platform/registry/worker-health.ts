import type { HealthOutcome } from '../observability/health-registry.js';

/** Whether the worker that this process forked is fit for work; undefined where there is none to ask. */
export abstract class WorkerHealth {
  abstract check(): Promise<HealthOutcome | undefined>;
}

export class NoWorkerHealth extends WorkerHealth {
  override check(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
