import { Clock } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import type { JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader, EventTime } from '../../environments/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { deriveSignals } from '../signals/derive-signals.job.js';
import { planTick, tickScheduleId } from './plan-tick.job.js';
import { ShardDispatch } from './shard-dispatch.js';

@Processes(planTick)
export class PlanTickProcessor implements JobProcessor<typeof planTick> {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly eventTime: EventTime,
    private readonly dispatch: ShardDispatch,
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
    const now = await this.eventTime.now(environmentId);
    // A simulated environment that still writes its history: windows are filled from it when it is there.
    if (now === null) return;
    const tick = Math.floor(now / tickMs) * tickMs;
    // A simulated environment says how far it is after its samples are stored: none come late.
    const delayMs = environment.kind === 'simulated' ? 0 : Math.max(0, tick + this.config.delayMs - this.clock.now());
    // Signals of services are series too: they are derived first, and the shards are scored after them.
    if (this.config.serviceSignals) await this.queue.enqueue(deriveSignals, { environmentId, tick }, { delayMs });
    else await this.dispatch.score(environmentId, tick, delayMs);
  }
}
