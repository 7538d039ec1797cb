import { Injectable } from '@nestjs/common';
import type { Detector, GraphRunner } from '../../../engine/detection/detector.js';
import { ModelRunner } from '../../../platform/inference/model-runner.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { ModelChoice } from '../models/model-choice.js';
import { ShadowCounting } from '../models/shadow/shadow-counting.js';
import { SeriesSettingsSource, type SeriesSettingsResolver } from '../settings/series-settings-source.js';
import { Detectors, nameOf } from './detectors.js';
import { ModelledEnsemble } from './modelled-ensemble.js';
import type { Shard } from './shard.js';

/** What an environment is scored with on this tick: the detector, its models, and the settings of its series. */
export interface ScoringSetup {
  readonly detector: Detector;
  /** As snapshots and anomalies name it: `robust-window@1`. */
  readonly detectorName: string;
  readonly run: GraphRunner;
  readonly settings: SeriesSettingsResolver;
}

@Injectable()
export class ScoringSetups {
  constructor(
    private readonly detectors: Detectors,
    private readonly settings: SeriesSettingsSource,
    private readonly choice: ModelChoice,
    private readonly models: ModelRunner,
    private readonly shadows: ShadowCounting,
  ) {}

  async of(environmentId: string): Promise<ScoringSetup> {
    const [settings, active, shadows] = await Promise.all([
      this.settings.settingsFor(environmentId),
      this.choice.activeFor(environmentId),
      this.choice.shadowsFor(environmentId),
    ]);
    const detector = this.detectors.create(settings.falseAlarmsPerWeek, active, shadows);
    const run: GraphRunner = (inputs) => this.models.run(detector, inputs);
    return { detector, detectorName: nameOf(detector), run, settings };
  }

  /** Lets models find what they remember of the series of this shard, and shadows what they counted up to `position`. */
  async attach({ detector }: ScoringSetup, shard: Shard, position: EpochMs): Promise<void> {
    if (!(detector instanceof ModelledEnsemble)) return;
    detector.memories = shard.memories;
    shard.memories.keepOnly(detector.memoryModels);
    const ledger = await this.shadows.open(shard, detector.shadowIds, position);
    if (!ledger) return;
    detector.beganAt = (shadowId) => ledger.beganAt(shadowId);
    // What a shadow remembers from before it was one cannot be made again from samples: it has to be in a snapshot.
    const isNew = detector.shadowIds.some((id) => ledger.beganAt(id) === position);
    if (isNew && detector.memoryModels.length > 0) shard.snapshotAt = null;
  }

  /** Adds the scores of shadows to the ledger of the shard while `work` runs. */
  async watched<T>(
    { detector }: ScoringSetup,
    shard: Shard,
    ids: readonly number[],
    work: () => Promise<T>,
  ): Promise<T> {
    const { ledger, tickMs } = shard;
    if (!(detector instanceof ModelledEnsemble) || !ledger) return work();
    const seriesIds = Int32Array.from(ids);
    ledger.keepOnly(new Set(ids));
    detector.onShadow = ({ shadowId, scores: shadowScores }, at, activeScores) => {
      ledger.add({ shadowId, at, tickMs, seriesIds, activeScores, shadowScores });
    };
    try {
      return await work();
    } finally {
      detector.onShadow = null;
    }
  }
}
