import { Injectable } from '@nestjs/common';
import { DEFAULT_TRACKER_SETTINGS } from '../../../engine/detection/anomaly-tracker.js';
import type { SeriesSettings } from '../../../engine/detection/detector.js';
import { lowerBound } from '../../../engine/detection/lower-bound.js';
import { minimumDeviation, type MinimumDeviationRule } from '../../../engine/detection/minimum-deviation.js';
import { DEFAULT_ROBUST_WINDOW_SETTINGS, RobustWindowDetector } from '../../../engine/detection/robust-window.js';
import { exclusionReason, type ExclusionRule } from '../../../engine/detection/series-selection.js';
import { scoredUnit, type ScoredUnit } from '../../../engine/detection/series-unit.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import type { Series } from '../../telemetry/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';

export interface SeriesProfile {
  readonly unit: ScoredUnit;
  readonly settings: SeriesSettings;
  /** Why it is not scored; null where it is. */
  readonly excluded: string | null;
}

/** The configuration in the words of the engine. */
@Injectable()
export class SeriesRules {
  readonly detector: RobustWindowDetector;
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

  /** As anomalies name it: `robust-window@1`. */
  get detectorName(): string {
    return `${this.detector.id}@${this.detector.version}`;
  }

  profileOf(series: Pick<Series, 'labels' | 'metricType' | 'derivedFrom'>): SeriesProfile {
    const unit = scoredUnit(series.labels, series.metricType);
    return {
      unit,
      excluded: exclusionReason(series, this.exclusions),
      settings: {
        minimumDeviation: minimumDeviation(series.labels, unit, this.minimums),
        lowerBound: lowerBound(series.labels, unit),
        minimumRelativeDeviation: this.config.minimumRelativeDeviation,
        sensitivity: this.config.sensitivity,
      },
    };
  }
}

function wholeName(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
