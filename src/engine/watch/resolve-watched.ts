import { exclusionReason } from '../detection/series-selection.js';
import type { DetectorState } from '../detection/detector.js';
import { scoredUnit, type ScoredUnit } from '../detection/series-unit.js';
import type { ResolvedSeries } from '../detection/settings/detection-settings.types.js';
import { compileSettings, resolveSeries, type CompiledSettings } from '../detection/settings/resolve-series.js';
import { defaultSettings } from './default-settings.js';
import type { WatchableSeries, WatchOptions } from './watch.types.js';

/** Rules and knobs, ready to be asked about series. */
export interface WatchRules {
  readonly knobs: CompiledSettings | null;
}

/** @throws InvalidSelectorError where a `match` of the knobs is no selector */
export function compileRules<S extends DetectorState>({ knobs }: WatchOptions<S>): WatchRules {
  return { knobs: knobs === undefined ? null : compileSettings(knobs) };
}

/** What holds for a series: `excluded` says why it is not watched. */
export function resolveWatched<S extends DetectorState>(
  { knobs }: WatchRules,
  { settingsOf = defaultSettings, exclusions }: WatchOptions<S>,
  series: WatchableSeries,
  unit: ScoredUnit = scoredUnit(series.labels, series.metricType),
): ResolvedSeries {
  const selectable = { labels: series.labels, metricType: series.metricType, derivedFrom: null };
  const defaults = { settings: settingsOf(series, unit), excluded: exclusionReason(selectable, exclusions) };
  return knobs === null ? { ...defaults, suppression: null, rules: [] } : resolveSeries(knobs, series.labels, defaults);
}
