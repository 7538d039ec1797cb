import { Injectable } from '@nestjs/common';
import { DEFAULT_TRACKER_SETTINGS, type TrackerSettings } from '../../../engine/detection/anomaly-tracker.js';
import { boundaryFor } from '../../../engine/detection/calibration/calibration.js';
import type { Detector } from '../../../engine/detection/detector.js';
import { ChannelEnsemble } from '../../../engine/detection/ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../../../engine/detection/ensemble/ensemble-settings.js';
import { DEFAULT_ROBUST_WINDOW_SETTINGS, RobustWindowDetector } from '../../../engine/detection/robust-window.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import type { ActiveModels, ShadowModel } from '../models/model-choice.js';
import { ModelledEnsemble } from './modelled-ensemble.js';

export type ShippedDetector = AnomalyDetectionConfig['detector'];

/** Makes the detector that the configuration names. */
@Injectable()
export class Detectors {
  /** Of the configured detector, as states and anomalies name it. */
  readonly identity: { readonly id: string; readonly version: string };

  constructor(@InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig) {
    const { id, version } = this.create(1);
    this.identity = { id, version };
  }

  /**
   * One for each run over a shard: a detector may keep notes between its steps, and shards are scored side by side.
   *
   * @param falseAlarmsPerWeek per 1,000 series; sets the boundary of detectors that are calibrated
   * @param active what was chosen for the environment; null: what ships
   * @param shipped in place of the configured one
   */
  create(
    falseAlarmsPerWeek: number,
    active: ActiveModels | null = null,
    shadows: readonly ShadowModel[] = [],
    shipped: ShippedDetector = this.config.detector,
  ): Detector {
    const { closeAfter, adoptAfter, minimumPoints, windowPoints, noveltyMargin } = this.config;
    const tracker: TrackerSettings = { ...DEFAULT_TRACKER_SETTINGS, closeAfter, adoptAfter };
    if (shipped === 'robust-window') {
      const settings = { ...DEFAULT_ROBUST_WINDOW_SETTINGS, windowPoints, minimumPoints, noveltyMargin, tracker };
      return new RobustWindowDetector(settings);
    }
    const boundary = active?.calibration?.boundaryFor(falseAlarmsPerWeek) ?? boundaryFor(falseAlarmsPerWeek);
    const settings = { ...DEFAULT_ENSEMBLE_SETTINGS, falseAlarmsPerWeek, boundary, minimumPoints, tracker };
    const model = active?.windowModel ?? null;
    // What models remember is kept beside the states: see `ModelMemories`.
    const learned = model && { ...model.inputs, memory: false };
    return new ModelledEnsemble(new ChannelEnsemble(settings, learned), model, {
      windowModels: shadows.filter((shadow) => shadow.kind === 'window-model'),
      calibrations: shadows
        .filter((shadow) => shadow.kind === 'calibration')
        .map((shadow) => ({ id: shadow.id, factor: boundary / shadow.boundaryFor(falseAlarmsPerWeek) })),
    });
  }
}

/** As anomalies and snapshots name a detector: `robust-window@1`. */
export function nameOf({ id, version }: Pick<Detector, 'id' | 'version'>): string {
  return `${id}@${version}`;
}
