import type { JobProcessor } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { reconcileTicks } from './reconcile-ticks.job.js';
import { TickSchedules } from './tick-schedules.js';

@Processes(reconcileTicks)
export class ReconcileTicksProcessor implements JobProcessor<typeof reconcileTicks> {
  constructor(private readonly schedules: TickSchedules) {}

  async process(): Promise<void> {
    await this.schedules.reconcile();
  }
}
