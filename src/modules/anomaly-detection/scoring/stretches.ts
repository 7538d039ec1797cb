import type { ScoredPoint } from '../../../engine/detection/anomaly-tracker.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { AnomalyEnd } from '../data/anomaly.repository.js';
import type { ShardSeries } from './shard.js';
import type { AnomalyHappening } from './tick-scorer.js';

/** What some ticks did to one anomaly. */
export interface Stretch {
  readonly row: ShardSeries;
  /** Null where the anomaly was open before. */
  readonly opened: { readonly startedAt: EpochMs; readonly peak: ScoredPoint } | null;
  /** The newest word on its peak; null where there was none after the opening. */
  peak: ScoredPoint | null;
  /** Score of each channel at the newest peak. */
  contributions: Readonly<Record<string, number>>;
  end: AnomalyEnd | null;
}

/**
 * Happenings by anomaly, in rounds: the n-th of every series is in round n, so that a round can be written at once and
 * no series has two open anomalies. One round is the rule; more come from catching up.
 */
export function stretchesOf(happenings: readonly AnomalyHappening[]): readonly (readonly Stretch[])[] {
  const bySeries = new Map<ShardSeries, Stretch[]>();
  for (const { row, event, contributions } of happenings) {
    const stretches = bySeries.get(row) ?? [];
    bySeries.set(row, stretches);
    if (event.kind === 'opened') {
      stretches.push({
        row,
        opened: { startedAt: event.startedAt, peak: event.peak },
        peak: null,
        contributions,
        end: null,
      });
      continue;
    }
    if (stretches.length === 0) stretches.push({ row, opened: null, peak: null, contributions, end: null });
    const stretch = stretches.at(-1)!;
    stretch.peak = event.peak;
    stretch.contributions = contributions;
    if (event.kind === 'ended') stretch.end = { at: event.endedAt, reason: event.reason, adopted: event.adopted };
  }
  const rounds: Stretch[][] = [];
  for (const stretches of bySeries.values())
    stretches.forEach((stretch, round) => (rounds[round] ??= []).push(stretch));
  return rounds;
}
