import { Injectable } from '@nestjs/common';
import type { Detector, GraphRunner } from '../../../engine/detection/detector.js';
import { ModelRunner } from '../../../platform/inference/model-runner.js';
import { ModelChoice, type ShadowObservation } from '../models/model-choice.js';
import { SeriesSettingsSource, type SeriesSettingsResolver } from '../settings/series-settings-source.js';
import { Detectors, nameOf } from './detectors.js';
import { ModelledEnsemble } from './modelled-ensemble.js';

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

  /** Gives the scores of shadows to their score cards while `work` runs, where there are shadows. */
  async watched<T>({ detector }: ScoringSetup, scored: ScoredTick, work: () => Promise<T>): Promise<T> {
    if (!(detector instanceof ModelledEnsemble)) return work();
    const { environmentId, tickMs, seriesIds } = scored;
    const observed: ShadowObservation[] = [];
    detector.onShadow = ({ shadowId, scores: shadowScores }, at, activeScores) => {
      observed.push({ environmentId, shadowId, at, tickMs, seriesIds, activeScores, shadowScores });
    };
    try {
      return await work();
    } finally {
      detector.onShadow = null;
      for (const observation of observed) this.choice.recordShadow(observation);
    }
  }
}

export interface ScoredTick {
  readonly environmentId: string;
  readonly tickMs: number;
  readonly seriesIds: Int32Array;
}
