import { Injectable } from '@nestjs/common';
import type { SeriesSettings } from '../../../engine/detection/detector.js';
import { lowerBound } from '../../../engine/detection/lower-bound.js';
import {
  minimumDeviation,
  minimumRelativeDeviation,
  type MinimumDeviationRule,
} from '../../../engine/detection/minimum-deviation.js';
import type { Suppression } from '../../../engine/detection/settings/detection-settings.types.js';
import { exclusionReason, type ExclusionRule } from '../../../engine/detection/series-selection.js';
import { isOfPod } from '../../../engine/detection/service/classify-source.js';
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
  private readonly exclusions: readonly ExclusionRule[];
  private readonly minimums: readonly MinimumDeviationRule[];

  constructor(@InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig) {
    this.exclusions = config.exclude.map(({ metric, reason }) => ({ metric: wholeName(metric), reason }));
    this.minimums = config.minimumDeviations.map(({ metric, deviation }) => ({ metric: wholeName(metric), deviation }));
  }

  /** Defaults by the configuration, and what the settings of the environment say about the series. */
  profileOf(
    series: Pick<Series, 'id' | 'labels' | 'metricType' | 'derivedFrom'>,
    resolver: SeriesSettingsResolver,
  ): SeriesProfile {
    const unit = this.unitOf(series);
    const { settings, excluded, suppression } = resolver.resolve(series, {
      excluded: exclusionReason(series, this.exclusions) ?? this.standInFor(series),
      settings: {
        minimumDeviation: minimumDeviation(series.labels, unit, this.minimums),
        lowerBound: lowerBound(series.labels, unit),
        minimumRelativeDeviation: minimumRelativeDeviation(series.labels, unit, this.config.minimumRelativeDeviation),
        sensitivity: this.config.sensitivity,
      },
    });
    return { unit, settings, excluded, suppression };
  }

  /** Why a series of a pod is not scored, where the signal of its service stands for it. */
  private standInFor({ labels, metricType }: Pick<Series, 'labels' | 'metricType'>): string | null {
    const { serviceSignals, scorePods } = this.config;
    if (!serviceSignals || scorePods || !isOfPod(labels, metricType)) return null;
    return 'of a pod: the signal of its service is scored';
  }

  unitOf({ labels, metricType }: Pick<Series, 'labels' | 'metricType'>): ScoredUnit {
    return scoredUnit(labels, metricType);
  }
}

function wholeName(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
