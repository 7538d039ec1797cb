import { longestGap, type ResampleCarry } from '../../../engine/detection/resample.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { Series } from '../../telemetry/index.js';
import type { SeriesState, ShardSeries } from './shard.js';

export type Silence = { readonly kind: 'stale' | 'series-ended'; readonly reason: string } | null;

/** Whether a series has stopped sending, by its own rhythm. Missing data is a state of its own, never a zero. */
export function silenceOf(row: ShardSeries, at: EpochMs, tickMs: number, intervals: number): Silence {
  return silenceAt(row.series, row.carry, at, tickMs, intervals);
}

/** As `silenceOf`, with the carry as of `at`. */
export function silenceAt(
  series: Pick<Series, 'endedAt' | 'createdAt'>,
  { time, intervalMs }: ResampleCarry,
  at: EpochMs,
  tickMs: number,
  intervals: number,
): Silence {
  const { endedAt } = series;
  if (endedAt !== null && endedAt.getTime() <= at && (time === null || time <= endedAt.getTime())) {
    return { kind: 'series-ended', reason: `its source ended it at ${endedAt.toISOString()}` };
  }
  if (time === null) {
    const waiting = at - series.createdAt.getTime() > longestGap(intervalMs, tickMs, intervals);
    return waiting ? { kind: 'stale', reason: 'no usable sample in the history that was read' } : null;
  }
  if (at - time <= longestGap(intervalMs, tickMs, intervals)) return null;
  const rhythm = intervalMs > 0 ? `; one used to come every ${Math.round(intervalMs / 1000)} s` : '';
  return { kind: 'stale', reason: `no sample since ${new Date(time).toISOString()}${rhythm}` };
}

export function stateOf(row: ShardSeries, silence: Silence, missingPoints: number, tickMs: number): SeriesState {
  if (row.profile.excluded !== null) return { state: 'excluded', reason: row.profile.excluded };
  if (silence) return { state: 'stale', reason: silence.reason };
  if (missingPoints === 0) return { state: 'ok', reason: null };
  const seconds = (missingPoints * Math.max(tickMs, row.carry.intervalMs)) / 1000;
  const wait = seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} minutes`;
  const points = missingPoints === 1 ? '1 more point' : `${missingPoints} more points`;
  return { state: 'learning', reason: `needs ${points}, about ${wait}` };
}

export function sameState(a: SeriesState | null, b: SeriesState): boolean {
  return a !== null && a.state === b.state && a.reason === b.reason;
}
