import { Injectable } from '@nestjs/common';
import type { Detector, GraphRunner } from '../../../engine/detection/detector.js';
import { ModelRunner } from '../../../platform/inference/model-runner.js';
import { SeriesSettingsSource, type SeriesSettingsResolver } from '../settings/series-settings-source.js';
import { Detectors, nameOf } from './detectors.js';

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
    private readonly models: ModelRunner,
  ) {}

  async of(environmentId: string): Promise<ScoringSetup> {
    const settings = await this.settings.settingsFor(environmentId);
    const detector = this.detectors.create(settings.falseAlarmsPerWeek);
    const run: GraphRunner = (inputs) => this.models.run(detector, inputs);
    return { detector, detectorName: nameOf(detector), run, settings };
  }
}
