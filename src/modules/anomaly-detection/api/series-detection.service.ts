import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { SeriesDescription } from '../../../engine/detection/detector.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { TelemetryReader, type Series } from '../../telemetry/index.js';
import { SeriesNotFoundError } from '../anomaly-detection.errors.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { DetectionReadModel } from '../data/detection.read-model.js';
import type { SnapshotRow } from '../data/snapshot.repository.js';
import { Detectors, nameOf } from '../scoring/detectors.js';
import { SnapshotReader } from '../scoring/snapshot-reader.js';
import { shardOf } from '../scoring/shard-plan.js';
import { SeriesSettingsSource } from '../settings/series-settings-source.js';
import { ModelChoice } from '../models/model-choice.js';
import type { seriesDetection } from './series-detection.schema.js';

const NOTHING: SeriesDescription = { channels: [], points: 0 };

/** What a detector has learned of one series, from the newest snapshot of its state. */
@Injectable()
export class SeriesDetectionService {
  private readonly logger = new Logger(SeriesDetectionService.name);

  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly telemetry: TelemetryReader,
    private readonly readModel: DetectionReadModel,
    private readonly snapshots: SnapshotReader,
    private readonly detectors: Detectors,
    private readonly settings: SeriesSettingsSource,
    private readonly models: ModelChoice,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async of(environmentId: string, seriesId: number): Promise<z.output<typeof seriesDetection>> {
    await this.environments.get(environmentId);
    const [series] = await this.telemetry.seriesByIds(environmentId, [seriesId]);
    if (!series || series.derivedFrom !== null) throw new SeriesNotFoundError(seriesId);
    const shard = shardOf(seriesId, this.config.shardSize);
    const [[known], snapshot, learning] = await Promise.all([
      this.readModel.seriesStates(environmentId, { limit: 1, afterSeriesId: seriesId - 1 }),
      this.snapshots.find(environmentId, shard, 'scoring'),
      this.readModel.learningOf(environmentId, shard),
    ]);
    const state = known?.seriesId === seriesId ? known : undefined;
    const { channels, points } = (snapshot && (await this.describe(series, snapshot))) ?? NOTHING;
    return {
      seriesId,
      labels: { ...series.labels },
      state: state?.state ?? 'learning',
      reason: state ? state.reason : 'no tick has been scored since it came',
      since: (state?.since ?? series.createdAt).toISOString(),
      detector: snapshot?.detector ?? nameOf(this.detectors.identity),
      describedAt: snapshot?.takenUntil.toISOString() ?? null,
      learnedFrom: snapshot?.learnedFrom.toISOString() ?? null,
      points,
      channels: channels.map((channel) => ({ ...channel })),
      learning: learning && { from: learning.from.toISOString(), until: learning.until.toISOString() },
    };
  }

  /** Undefined where the snapshot is of another detector, or the series not in it, or it cannot be read. */
  private async describe(series: Series, snapshot: SnapshotRow): Promise<SeriesDescription | undefined> {
    if (snapshot.detector !== nameOf(this.detectors.identity)) return undefined;
    const { environmentId, id } = series;
    const [{ falseAlarmsPerWeek }, active] = await Promise.all([
      this.settings.settingsFor(environmentId),
      this.models.activeFor(environmentId),
    ]);
    const detector = this.detectors.create(falseAlarmsPerWeek, active);
    try {
      const entry = (await this.snapshots.entriesOf(snapshot)).find(({ seriesId }) => seriesId === id);
      return entry && detector.describe?.(detector.restore(entry.state));
    } catch (error) {
      this.logger.warn({
        msg: 'what a series has learned could not be read',
        environmentId,
        id,
        reason: String(error),
      });
      return undefined;
    }
  }
}
