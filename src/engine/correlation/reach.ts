import type { EpochMs } from '../../kernel/clock.js';
import type { CorrelatedAnomaly, CorrelationRules, Reach } from './correlation.types.js';

/** Stands for "the same series" where a series carries none of the correlation labels. No valid label name. */
export const SERIES_LINK = '#series';

/** Stands for the group that detection put the anomaly into. No valid label name. */
export const GROUP_LINK = '#group';

/** The label values that can relate an anomaly to others, and its group; the series itself where it has neither. */
export function linksOf(
  anomaly: CorrelatedAnomaly,
  rules: CorrelationRules,
): readonly { label: string; value: string }[] {
  const links = rules.labels.flatMap((label) => {
    const value = anomaly.labels[label];
    return value === undefined || value === '' ? [] : [{ label, value }];
  });
  if (anomaly.groupId) links.push({ label: GROUP_LINK, value: anomaly.groupId });
  return links.length > 0 ? links : [{ label: SERIES_LINK, value: String(anomaly.seriesId) }];
}

/**
 * When the anomaly counts as over: its end, or later by `staleHoldMs` where the series fell silent, because then
 * nobody saw it calm. Null while it lasts.
 */
export function presumedEnd(anomaly: CorrelatedAnomaly, rules: CorrelationRules): EpochMs | null {
  if (anomaly.endedAt === null) return null;
  return anomaly.endReason === 'stale' ? anomaly.endedAt + rules.staleHoldMs : anomaly.endedAt;
}

/** The reach of an incident that holds this one anomaly. */
export function reachOf(anomaly: CorrelatedAnomaly, rules: CorrelationRules): readonly Reach[] {
  const until = presumedEnd(anomaly, rules);
  return linksOf(anomaly, rules).map((link) => ({
    ...link,
    from: anomaly.startedAt,
    until,
    open: until === null ? 1 : 0,
  }));
}

/** The reach of both together. Commutative and associative; the result is sorted by label and value. */
export function mergeReach(a: readonly Reach[], b: readonly Reach[]): readonly Reach[] {
  const merged = new Map<string, Reach>();
  for (const reach of [...a, ...b]) {
    const key = linkKey(reach);
    const known = merged.get(key);
    merged.set(key, known === undefined ? reach : combineReach(known, reach));
  }
  return [...merged.entries()].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, reach]) => reach);
}

/**
 * The reach after one of its running anomalies ended. `anomaly` carries the end; call it once per anomaly, the
 * counts go wrong otherwise.
 */
export function endInReach(
  reach: readonly Reach[],
  anomaly: CorrelatedAnomaly,
  rules: CorrelationRules,
): readonly Reach[] {
  const end = presumedEnd(anomaly, rules);
  if (end === null) return reach;
  const ended = new Set(linksOf(anomaly, rules).map(linkKey));
  return reach.map((entry) =>
    ended.has(linkKey(entry))
      ? { ...entry, open: Math.max(0, entry.open - 1), until: entry.until === null ? end : Math.max(entry.until, end) }
      : entry,
  );
}

/** Whether the two share a label value and were active on it at the same time, give or take `gapMs`. */
export function reachesOverlap(a: readonly Reach[], b: readonly Reach[], gapMs: number): boolean {
  const byKey = new Map(a.map((reach) => [linkKey(reach), reach]));
  return b.some((reach) => {
    const other = byKey.get(linkKey(reach));
    return other !== undefined && other.from <= endOf(reach) + gapMs && reach.from <= endOf(other) + gapMs;
  });
}

/** When the last anomaly counts as over, null while any lasts. */
export function calmSince(reach: readonly Reach[]): EpochMs | null {
  if (reach.length === 0 || reach.some((entry) => entry.open > 0)) return null;
  return Math.max(...reach.map((entry) => entry.until ?? entry.from));
}

/** Both entries, which are of the same label value, as one. */
export function combineReach(a: Reach, b: Reach): Reach {
  const ends = [a.until, b.until].filter((until) => until !== null);
  return {
    label: a.label,
    value: a.value,
    from: Math.min(a.from, b.from),
    until: ends.length === 0 ? null : Math.max(...ends),
    open: a.open + b.open,
  };
}

function endOf(reach: Reach): number {
  return reach.open > 0 ? Number.POSITIVE_INFINITY : (reach.until ?? reach.from);
}

/** The same for the same label value. */
export function linkKey(link: { readonly label: string; readonly value: string }): string {
  return `${link.label}\u0000${link.value}`;
}
