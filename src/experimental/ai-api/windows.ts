import { lowerBound } from '../../engine/detection/lower-bound.js';
import type { SeriesSettings } from '../../engine/detection/detector.js';
import { minimumDeviation } from '../../engine/detection/minimum-deviation.js';
import { NO_CARRY, resample, type TickGrid } from '../../engine/detection/resample.js';
import { scoredUnit, type ScoredUnit } from '../../engine/detection/series-unit.js';
import type { FieldIssue } from '../../kernel/errors.js';
import type { Labels } from '../../kernel/time-series.js';
import type { AiApiConfig } from './ai-api.config.js';
import { WindowsRefusedError } from './ai-api.errors.js';
import type { ScoreRequest } from './scoring.schema.js';

/** Where a caller names no time, the newest point is a Monday at midnight: the same request gives the same answer. */
const SOME_MONDAY = Date.UTC(2026, 0, 5);
/** Within the largest and smallest instant that dates can say, with room for the longest window before it. */
const LATEST = 8.6e15;
const LISTED_ISSUES = 20;

export interface PreparedSeries {
  readonly labels: Labels;
  readonly unit: ScoredUnit;
  readonly settings: SeriesSettings;
  /** On the grid, in the unit that is scored. */
  readonly values: Float64Array;
}

export interface PreparedWindows {
  readonly grid: TickGrid;
  readonly series: readonly PreparedSeries[];
  readonly points: number;
}

/** Puts all series on one grid. Throws `ai_api.windows_refused` with the path and the cure of each thing that is wrong. */
export function prepareWindows(request: ScoreRequest, limits: AiApiConfig): PreparedWindows {
  const issues = issuesOf(request, limits);
  if (issues.length > 0) throw new WindowsRefusedError(issues);
  const stepMs = request.stepSeconds * 1_000;
  const newest = Math.max(...request.series.flatMap(({ times }) => (times ? [times.at(-1)!] : [])), -Infinity);
  const end = request.end === undefined ? (newest > -Infinity ? newest : SOME_MONDAY) : Date.parse(request.end);
  const count = Math.max(
    ...request.series.map(({ values, times }) => (times ? Math.floor((end - times[0]!) / stepMs) + 1 : values.length)),
  );
  if (count > limits.maxPoints) {
    const message = `span ${count} steps; ${limits.maxPoints} are allowed (aiApi.maxPoints). Send less, or a longer step`;
    throw new WindowsRefusedError([{ path: 'series', message }]);
  }
  // Every series is scored on all steps: two points of each, far apart, would be far more work than was sent.
  const points = count * request.series.length;
  if (points > limits.maxTotalPoints) {
    const message = `takes ${count} steps for each of ${request.series.length} series; ${limits.maxTotalPoints} points are allowed (aiApi.maxTotalPoints). Send them in parts, or a longer step`;
    throw new WindowsRefusedError([{ path: 'series', message }]);
  }
  // A tick stands for the samples before it.
  const grid: TickGrid = { first: end - (count - 1) * stepMs + 1, stepMs, count };
  return { grid, points, series: request.series.map((one) => prepared(one, grid)) };
}

function prepared(series: ScoreRequest['series'][number], grid: TickGrid): PreparedSeries {
  const { labels, type, direction, dataRange, minimumRelativeDeviation } = series;
  const unit = scoredUnit(labels, type);
  const settings: SeriesSettings = {
    direction,
    dataRange,
    minimumRelativeDeviation,
    minimumDeviation: series.minimumDeviation ?? minimumDeviation(labels, unit, []),
    sensitivity: 6,
    lowerBound: lowerBound(labels, unit),
  };
  const numbers = Float64Array.from(series.values, (value) => value ?? NaN);
  const offset = grid.count - numbers.length;
  const times = series.times
    ? Float64Array.from(series.times)
    : Float64Array.from(numbers, (_, i) => grid.first - 1 + (offset + i) * grid.stepMs);
  return { labels, unit, settings, values: resample({ times, values: numbers }, grid, unit, NO_CARRY).values };
}

function issuesOf({ series, end }: ScoreRequest, limits: AiApiConfig): FieldIssue[] {
  const issues: FieldIssue[] = [];
  if (series.length > limits.maxSeries) {
    const message = `has ${series.length} series; ${limits.maxSeries} are allowed (aiApi.maxSeries). Send them in parts`;
    return [{ path: 'series', message }];
  }
  const total = series.reduce((sum, { values }) => sum + values.length, 0);
  if (total > limits.maxTotalPoints) {
    const message = `has ${total} points; ${limits.maxTotalPoints} are allowed (aiApi.maxTotalPoints). Send them in parts`;
    return [{ path: 'series', message }];
  }
  const endMs = end === undefined ? Infinity : Date.parse(end);
  series.forEach(({ values, times, dataRange }, s) => {
    const issue = (path: string, message: string): void => {
      if (issues.length < LISTED_ISSUES) issues.push({ path: `series[${s}].${path}`, message });
    };
    if (values.length > limits.maxPoints) {
      issue('values', `has ${values.length} points; ${limits.maxPoints} are allowed (aiApi.maxPoints)`);
    }
    if (dataRange && dataRange.lower > dataRange.upper) issue('dataRange', '"lower" must not be above "upper"');
    if (!times) return;
    if (times.length !== values.length) {
      issue('times', `has ${times.length} entries for ${values.length} values; send one for each`);
      return;
    }
    times.forEach((time, i) => {
      if (Math.abs(time) > LATEST) issue(`times[${i}]`, 'is no time; send epoch milliseconds');
      else if (time > endMs) issue(`times[${i}]`, 'is after `end`; leave `end` out, or the point');
      else if (i > 0 && !(time > times[i - 1]!)) issue(`times[${i}]`, 'must be after the one before; sort the points');
    });
  });
  return issues;
}
