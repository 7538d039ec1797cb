import { Logger } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../../platform/queue/define-job.js';
import { Processes } from '../../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../../environments/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import { RefitRepository } from '../data/refit.repository.js';
import { ShadowRepository } from '../data/shadow.repository.js';
import { DriftWatch } from './drift.service.js';
import { RefitJudge } from './refit-judge.js';
import { RefitHistory } from './refit-history.js';
import { tendRefits } from './refit.jobs.js';
import { RefitService } from './refit.service.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A fit that is not done by then has lost its worker. */
const FITTING_MS = 6 * HOUR_MS;
/** What could not be fitted is tried again after this, not after `refitHours`: it waits for history. */
const TRY_AGAIN_MS = HOUR_MS;
/** Drift starts a refit at most this often: the new calibration needs a day before it can be told from the old one. */
const DRIFT_EVERY_MS = DAY_MS;

@Processes(tendRefits)
export class TendRefitsProcessor implements JobProcessor<typeof tendRefits> {
  private readonly logger = new Logger(TendRefitsProcessor.name);

  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly refits: RefitRepository,
    private readonly shadows: ShadowRepository,
    private readonly service: RefitService,
    private readonly judge: RefitJudge,
    private readonly drift: DriftWatch,
    private readonly history: RefitHistory,
    private readonly clock: Clock,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async process(_: PayloadOf<typeof tendRefits>, context: Pick<JobContext, 'signal'>): Promise<void> {
    const now = this.clock.now();
    for (const refit of await this.refits.due(new Date(now))) await this.judge.judge(refit);
    for (const { id, retentionDays } of await this.environments.all()) {
      if (context.signal.aborted) return;
      try {
        await this.tend(id, now);
        await this.shadows.deleteBefore(id, new Date(now - retentionDays * DAY_MS));
      } catch (error) {
        // One environment must not keep the others from theirs.
        const reason = error instanceof Error ? error.message : String(error);
        this.logger.warn({ msg: 'refits of an environment could not be tended', environmentId: id, reason });
      }
    }
  }

  private async tend(environmentId: string, now: number): Promise<void> {
    const open = await this.refits.open(environmentId);
    if (open) {
      const lost = open.state === 'fitting' && now - open.startedAt.getTime() > FITTING_MS;
      if (lost) await this.judge.end(open, 'failed', 'The job that fitted it did not finish.', undefined);
      return;
    }
    const { tried, fitted } = await this.refits.newest(environmentId);
    const { refitHours } = this.config.models;
    const every = refitHours > 0 ? refitHours * HOUR_MS : Infinity;
    const since = (at: Date | null): number => (at === null ? Infinity : now - at.getTime());
    if (since(fitted) < Math.min(DRIFT_EVERY_MS, every) || since(tried) < TRY_AGAIN_MS) return;
    if ((await this.history.of(environmentId)).missing !== null) return;
    if (since(fitted) >= every && every < Infinity) {
      const why = fitted === null ? 'the first: there is enough history' : `every ${refitHours} hours`;
      await this.service.start(environmentId, 'schedule', 'system', why);
      return;
    }
    const { reason } = await this.drift.of(environmentId);
    if (reason !== null) await this.service.start(environmentId, 'drift', 'system', reason);
  }
}
