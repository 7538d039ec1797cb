import { Injectable } from '@nestjs/common';
import { DEFAULT_TRACKER_SETTINGS } from '../../../engine/detection/anomaly-tracker.js';
import type { Detector, SeriesSettings } from '../../../engine/detection/detector.js';
import { lowerBound } from '../../../engine/detection/lower-bound.js';
import { minimumDeviation, type MinimumDeviationRule } from '../../../engine/detection/minimum-deviation.js';
import { DEFAULT_ROBUST_WINDOW_SETTINGS, RobustWindowDetector } from '../../../engine/detection/robust-window.js';
import type { Suppression } from '../../../engine/detection/settings/detection-settings.types.js';
import { exclusionReason, type ExclusionRule } from '../../../engine/detection/series-selection.js';
import { scoredUnit, type ScoredUnit } from '../../../engine/detection/series-unit.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import type { Series } from '../../telemetry/index.js';
import type { SeriesSettingsResolver } from '../settings/series-settings-source.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';

export interface SeriesProfile {
  readonly unit: ScoredUnit;
  readonly settings: SeriesSettings;
  /** Why it is not scored; null where it is. */
  readonly excluded: string | null;
  /** When nothing opens and nothing is learned; null where that is never. */
  readonly suppression: Suppression | null;
}

/** The configuration in the words of the engine. */
@Injectable()
export class SeriesRules {
  readonly detector: Detector;
  private readonly exclusions: readonly ExclusionRule[];
  private readonly minimums: readonly MinimumDeviationRule[];

  constructor(@InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig) {
    this.exclusions = config.exclude.map(({ metric, reason }) => ({ metric: wholeName(metric), reason }));
    this.minimums = config.minimumDeviations.map(({ metric, deviation }) => ({ metric: wholeName(metric), deviation }));
    this.detector = new RobustWindowDetector({
      ...DEFAULT_ROBUST_WINDOW_SETTINGS,
      windowPoints: config.windowPoints,
      minimumPoints: config.minimumPoints,
      noveltyMargin: config.noveltyMargin,
      tracker: { ...DEFAULT_TRACKER_SETTINGS, closeAfter: config.closeAfter, adoptAfter: config.adoptAfter },
    });
  }

  /** Defaults by the configuration, and what the settings of the environment say about the series. */
  profileOf(
    series: Pick<Series, 'id' | 'labels' | 'metricType' | 'derivedFrom'>,
    resolver: SeriesSettingsResolver,
  ): SeriesProfile {
    const unit = this.unitOf(series);
    const { settings, excluded, suppression } = resolver.resolve(series, {
      excluded: exclusionReason(series, this.exclusions),
      settings: {
        minimumDeviation: minimumDeviation(series.labels, unit, this.minimums),
        lowerBound: lowerBound(series.labels, unit),
        minimumRelativeDeviation: this.config.minimumRelativeDeviation,
        sensitivity: this.config.sensitivity,
      },
    });
    return { unit, settings, excluded, suppression };
  }

  unitOf({ labels, metricType }: Pick<Series, 'labels' | 'metricType'>): ScoredUnit {
    return scoredUnit(labels, metricType);
  }
}

/** As anomalies and snapshots name a detector: `robust-window@1`. */
export function nameOf({ id, version }: Pick<Detector, 'id' | 'version'>): string {
  return `${id}@${version}`;
}

function wholeName(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
