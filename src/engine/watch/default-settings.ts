import type { SeriesSettings } from '../detection/detector.js';
import { lowerBound } from '../detection/lower-bound.js';
import { minimumDeviation, minimumRelativeDeviation } from '../detection/minimum-deviation.js';
import type { ScoredUnit } from '../detection/series-unit.js';
import type { WatchableSeries } from './watch.types.js';

/** As the service is shipped. */
const MINIMUM_RELATIVE_DEVIATION = 0.2;
const SENSITIVITY = 6;

/** What a series gets where nobody said anything about it: the same as in the service with its default configuration. */
export function defaultSettings({ labels }: WatchableSeries, unit: ScoredUnit): SeriesSettings {
  return {
    minimumDeviation: minimumDeviation(labels, unit),
    minimumRelativeDeviation: minimumRelativeDeviation(labels, unit, MINIMUM_RELATIVE_DEVIATION),
    sensitivity: SENSITIVITY,
    lowerBound: lowerBound(labels, unit),
  };
}
