import { createHash } from 'node:crypto';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { Database } from '../../../../platform/database/database.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../../platform/queue/define-job.js';
import { Processes } from '../../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../../environments/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import type { NewModel } from '../data/model.rows.js';
import { ModelRepository } from '../data/model.repository.js';
import { RefitRepository, type RefitRow } from '../data/refit.repository.js';
import { ModelStages } from '../stages/model-stages.service.js';
import { DriftWatch } from './drift.service.js';
import { EnvironmentFits, type EnvironmentFit } from './environment-fit.js';
import { RefitJudge } from './refit-judge.js';
import { refitEnvironment } from './refit.jobs.js';

const DAY_MS = 86_400_000;

@Processes(refitEnvironment)
export class RefitEnvironmentProcessor implements JobProcessor<typeof refitEnvironment> {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly refits: RefitRepository,
    private readonly fits: EnvironmentFits,
    private readonly drift: DriftWatch,
    private readonly models: ModelRepository,
    private readonly stages: ModelStages,
    private readonly judge: RefitJudge,
    private readonly db: Database,
    private readonly clock: Clock,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async process(payload: PayloadOf<typeof refitEnvironment>, context: Pick<JobContext, 'signal'>): Promise<void> {
    const refit = await this.refits.find(payload.refitId);
    const environment = await this.environments.find(payload.environmentId);
    // Cancelled, or done by a run before this one.
    if (!refit || !environment || refit.state !== 'fitting') return;
    const fit = await this.fits.of(environment.id, context.signal);
    if (typeof fit === 'string') {
      await this.judge.end(refit, 'skipped', `Nothing was fitted: ${fit}.`, undefined);
      return;
    }
    const until = fit.until.getTime();
    const scores = await this.drift.histogramOf(environment.id, until - DAY_MS, until);
    await this.keep(refit, environment.slug, fit, scores);
  }

  private async keep(refit: RefitRow, slug: string, fit: EnvironmentFit, scores: readonly number[]): Promise<void> {
    const { environmentId } = refit;
    const now = this.clock.now();
    const name = `calibration-${slug}`;
    const modelId = newId(now);
    const text = JSON.stringify(fit.calibration);
    const { peaks, common, tail, alarmsAtThreshold, series, seriesWeeks } = fit;
    const model: Omit<NewModel, 'version'> = {
      id: modelId,
      name,
      kind: 'calibration',
      origin: 'refit',
      environmentId,
      title: `Calibration of ${slug}`,
      description: `Boundaries that give the chosen rates of false alarms on ${series} series of its own history.`,
      licence: null,
      trainedOn: `${series} series of the environment, ${seriesWeeks.toFixed(1)} series weeks, ${peaks} peaks`,
      trainedFrom: fit.from,
      trainedUntil: fit.until,
      sha256: createHash('sha256').update(text).digest('hex'),
      bytes: text.length,
      tensors: null,
      calibration: fit.calibration,
      metrics: { fit: { peaks, common, tail, alarmsAtThreshold, series, seriesWeeks }, scores },
      createdAt: new Date(now),
      createdBy: 'system',
      why: `refit ${refit.id} (${refit.reason}): ${refit.why}`,
    };
    const decideAt = new Date(now + this.config.models.shadowHours * 3_600_000);
    const kept = await this.db.transaction(async (tx) => {
      await this.db.lock(tx, `anomaly-detection.model.${name}`);
      await this.models.insert(tx, { ...model, version: await this.models.nextVersion(tx, name) }, null);
      return this.refits.toShadow(tx, refit.id, modelId, decideAt);
    });
    if (!kept) return;
    await this.stages.promote({ modelId, environmentId, actor: 'system', why: model.why }, 'shadow');
  }
}
