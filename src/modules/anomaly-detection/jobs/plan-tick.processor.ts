import { Clock } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import type { JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { ShardPlan } from '../scoring/shard-plan.js';
import { planTick, tickScheduleId } from './plan-tick.job.js';
import { scoreShard } from './score-shard.job.js';

@Processes(planTick)
export class PlanTickProcessor implements JobProcessor<typeof planTick> {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly plan: ShardPlan,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async process({ environmentId }: PayloadOf<typeof planTick>): Promise<void> {
    const environment = await this.environments.find(environmentId);
    if (!environment) {
      await this.queue.removeSchedule(planTick, tickScheduleId(environmentId));
      return;
    }
    const tickMs = environment.tickSeconds * 1000;
    const now = this.clock.now();
    const tick = Math.floor(now / tickMs) * tickMs;
    const delayMs = Math.max(0, tick + this.config.delayMs - now);
    const shards = await this.plan.shardsOf(environmentId);
    const payloads = [...shards].map(([shard, series]) => ({ environmentId, shard, tick, series }));
    if (delayMs === 0) await this.queue.enqueueMany(scoreShard, payloads);
    else await Promise.all(payloads.map((payload) => this.queue.enqueue(scoreShard, payload, { delayMs })));
  }
}
