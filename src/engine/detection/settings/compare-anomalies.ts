import type { EpochMs } from '../../../kernel/clock.js';
import type { TimeRange } from '../../../kernel/time-series.js';
import type { FoundAnomaly } from './find-anomalies.js';

const WEEK_MS = 7 * 86_400_000;

/** Anomalies that begin in the range, of two runs over the same series. */
export interface AnomalyComparison {
  readonly before: number;
  readonly after: number;
  /** Per week of the range. */
  readonly beforePerWeek: number;
  readonly afterPerWeek: number;
  /** Of `before`, those that nothing of `after` overlaps; the highest scores first. */
  readonly vanishing: readonly FoundAnomaly[];
  /** Of `after`, those that nothing of `before` overlaps; the highest scores first. */
  readonly coming: readonly FoundAnomaly[];
}

/** What a change does: two anomalies of a series are the same one where their stretches overlap. */
export function compareAnomalies(
  before: readonly FoundAnomaly[],
  after: readonly FoundAnomaly[],
  range: TimeRange,
): AnomalyComparison {
  const within = (anomaly: FoundAnomaly) => anomaly.startedAt >= range.from && anomaly.startedAt < range.to;
  const counted = { before: before.filter(within), after: after.filter(within) };
  const weeks = (range.to - range.from) / WEEK_MS;
  return {
    before: counted.before.length,
    after: counted.after.length,
    beforePerWeek: counted.before.length / weeks,
    afterPerWeek: counted.after.length / weeks,
    vanishing: withoutMatch(counted.before, after),
    coming: withoutMatch(counted.after, before),
  };
}

/** Whether one of the anomalies of the series touches [from, to). */
export function anyTouches(anomalies: readonly FoundAnomaly[], index: number, from: EpochMs, to: EpochMs): boolean {
  return anomalies.some((one) => one.index === index && one.startedAt < to && (one.endedAt ?? Infinity) > from);
}

function withoutMatch(anomalies: readonly FoundAnomaly[], others: readonly FoundAnomaly[]): FoundAnomaly[] {
  const bySeries = new Map<number, FoundAnomaly[]>();
  for (const other of others) {
    const list = bySeries.get(other.index);
    if (list) list.push(other);
    else bySeries.set(other.index, [other]);
  }
  return anomalies
    .filter(
      ({ index, startedAt, endedAt }) => !anyTouches(bySeries.get(index) ?? [], index, startedAt, endedAt ?? Infinity),
    )
    .sort((a, b) => b.peak.score - a.peak.score || a.startedAt - b.startedAt);
}
