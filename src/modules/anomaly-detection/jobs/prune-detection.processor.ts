import { Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { TelemetryReader } from '../../telemetry/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { AnomalyRepository } from '../data/anomaly.repository.js';
import { GroupStateRepository } from '../groups/group-state.repository.js';
import { SilenceRepository } from '../data/silence.repository.js';
import { SeriesStateRepository } from '../data/series-state.repository.js';
import { ShardRepository } from '../data/shard.repository.js';
import { pruneDetection } from './prune-detection.job.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const PAGE = 1_000;

@Processes(pruneDetection)
export class PruneDetectionProcessor implements JobProcessor<typeof pruneDetection> {
  private readonly logger = new Logger(PruneDetectionProcessor.name);

  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly telemetry: TelemetryReader,
    private readonly anomalies: AnomalyRepository,
    private readonly states: SeriesStateRepository,
    private readonly shards: ShardRepository,
    private readonly groups: GroupStateRepository,
    private readonly silences: SilenceRepository,
    private readonly clock: Clock,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async process(_: PayloadOf<typeof pruneDetection>, context: Pick<JobContext, 'signal'>): Promise<void> {
    for (const { id, retentionDays } of await this.environments.all()) {
      if (context.signal.aborted) return;
      const anomalies = await this.anomalies.deleteEndedBefore(id, this.clock.now() - retentionDays * DAY_MS);
      await this.groups.deleteEmpty(id, new Date(this.clock.now() - retentionDays * DAY_MS));
      const states = await this.forgetGoneSeries(id);
      await this.shards.deleteEmpty(id, this.config.shardSize);
      await this.silences.deletePresenceBefore(id, 2 * this.config.maximumCatchUpHours * HOUR_MS);
      if (anomalies + states > 0) this.logger.log({ msg: 'pruned', environmentId: id, anomalies, states });
    }
  }

  /** Telemetry drops series whose last sample has passed the retention; nobody tells us. */
  private async forgetGoneSeries(environmentId: string): Promise<number> {
    let forgotten = 0;
    let after = 0;
    for (;;) {
      const ids = await this.states.seriesAfter(environmentId, after, PAGE);
      if (ids.length === 0) return forgotten;
      const present = new Set((await this.telemetry.seriesByIds(environmentId, ids)).map(({ id }) => id));
      const gone = ids.filter((id) => !present.has(id));
      if (gone.length > 0) await this.states.delete(environmentId, gone);
      forgotten += gone.length;
      after = ids.at(-1)!;
    }
  }
}
