import type { EpochMs } from '../../kernel/clock.js';
import type { DetectorState } from '../detection/detector.js';
import type { ScoredUnit } from '../detection/series-unit.js';
import {
  advanceSilence,
  excuseSilence,
  openSilence,
  scoreOf,
  type SilenceEnd,
} from '../detection/silence/advance-silence.js';
import { ENVIRONMENT_LABELS, likeOf } from '../detection/silence/like-of.js';
import {
  addLike,
  copySilenceBook,
  createSilenceBook,
  ENVIRONMENT_LIKE,
  type SilenceBook,
} from '../detection/silence/silence-book.js';
import type { SilenceRules } from '../detection/silence/silence-rules.js';
import { silenceVerdict } from '../detection/silence/silence-verdict.js';
import { resolveWatched, type WatchRules } from './resolve-watched.js';
import { serviceOf } from './service-of.js';
import type { AnomalyBook } from './anomaly-book.js';
import type { WatchableSeries, WatchedAnomaly, WatchOptions } from './watch.types.js';
import type { WatchedSeries } from './watched-series.js';

const ENVIRONMENT: WatchableSeries = { labels: ENVIRONMENT_LABELS, metricType: 'gauge' };

/** The part of a watch that silence is found in. */
interface SilenceHost<S extends DetectorState> {
  readonly options: WatchOptions<S>;
  readonly rules: WatchRules;
  readonly watched: WatchedSeries<S>;
  readonly book: AnomalyBook;
}

/** Which series stand for each other, and which of them have fallen silent; columns are by like. */
export interface WatchedSilence {
  readonly rules: SilenceRules;
  readonly book: SilenceBook;
  readonly likes: Map<string, number>;
  /** The newest that had a sample. */
  readonly series: WatchableSeries[];
  readonly units: ScoredUnit[];
  readonly open: (WatchedAnomaly | null)[];
  arrived: Int32Array;
  /** Row of the series that `arrived` names. */
  rows: Int32Array;
}

export function createWatchedSilence(rules: SilenceRules): WatchedSilence {
  const columns = { series: [ENVIRONMENT], units: ['raw' as const], open: [null] };
  const none = () => new Int32Array(1);
  return { rules, book: createSilenceBook(), likes: new Map(), ...columns, arrived: none(), rows: none() };
}

/** -1 where nobody waits for its next sample. */
export function likeOfSeries(silence: WatchedSilence | null, series: WatchableSeries): number {
  const name = silence && likeOf(series.labels);
  if (name === null) return -1;
  const known = silence!.likes.get(name);
  if (known !== undefined) return known;
  const like = addLike(silence!.book);
  silence!.likes.set(name, like);
  silence!.series[like] = series;
  silence!.units[like] = 'raw';
  silence!.open[like] = null;
  return like;
}

/** Takes one scrape: what fell silent, and what is back. */
export function advanceWatchedSilence<S extends DetectorState>(
  silence: WatchedSilence,
  watch: SilenceHost<S>,
  time: EpochMs,
): { readonly opened: readonly WatchedAnomaly[]; readonly ended: readonly WatchedAnomaly[] } {
  const { book, rules } = silence;
  noteArrivals(silence, watch);
  const { due, ended } = advanceSilence(book, { time, stepMs: watch.options.stepMs, arrived: silence.arrived }, rules);
  const opened: WatchedAnomaly[] = [];
  for (const like of due) {
    const resolved = resolveWatched(watch.rules, watch.options, silence.series[like]!, silence.units[like]);
    if (silenceVerdict(resolved, time) === null) opened.push(open(silence, watch, like, time));
    else excuseSilence(book, like);
  }
  return { opened, ended: ended.flatMap((end) => close(silence, end)) };
}

/** The newest series of each like that has a value in this scrape. */
function noteArrivals<S extends DetectorState>(silence: WatchedSilence, { watched }: SilenceHost<S>): void {
  const { book } = silence;
  if (silence.arrived.length < book.count) {
    silence.arrived = new Int32Array(2 * book.count);
    silence.rows = new Int32Array(2 * book.count);
  }
  const { arrived, rows } = silence;
  arrived.fill(0);
  const { count, values, likes, ids } = watched;
  for (let row = 0; row < count; row += 1) {
    const like = likes[row]!;
    if (like < 0 || Number.isNaN(values[row]!) || ids[row]! <= arrived[like]!) continue;
    arrived[like] = ids[row]!;
    rows[like] = row;
  }
  for (let like = ENVIRONMENT_LIKE + 1; like < book.count; like += 1) {
    if (arrived[like] === 0 || arrived[like] === book.newest[like]) continue;
    silence.series[like] = watched.series[rows[like]!]!;
    silence.units[like] = watched.units[rows[like]!]!;
  }
}

function open<S extends DetectorState>(
  silence: WatchedSilence,
  { book }: SilenceHost<S>,
  like: number,
  time: EpochMs,
): WatchedAnomaly {
  const { labels } = silence.series[like]!;
  const startedAt = openSilence(silence.book, like);
  const score = scoreOf(silence.book, like);
  book.opened += 1;
  const anomaly: WatchedAnomaly = {
    id: book.opened,
    labels,
    unit: silence.units[like]!,
    service: serviceOf(labels),
    startedAt,
    openedAt: time,
    endedAt: null,
    endReason: null,
    peak: { at: time, score, value: NaN, yhat: NaN, yhatLower: NaN, yhatUpper: NaN },
    channel: 'missing',
    contributions: { missing: score },
    trace: null,
  };
  silence.open[like] = anomaly;
  return anomaly;
}

function close({ open }: WatchedSilence, { like, endedAt, score, adopted }: SilenceEnd): readonly WatchedAnomaly[] {
  const anomaly = open[like];
  open[like] = null;
  if (!anomaly) return [];
  anomaly.endedAt = endedAt;
  anomaly.endReason = adopted ? 'adopted-silence' : 'calm';
  anomaly.peak = { ...anomaly.peak, score: Math.max(anomaly.peak.score, score) };
  return [anomaly];
}

/** @param copies what was copied already, open anomalies among it */
export function copySilence(silence: WatchedSilence, copies: ReadonlyMap<object, object>): WatchedSilence {
  return {
    rules: silence.rules,
    book: copySilenceBook(silence.book),
    likes: new Map(silence.likes),
    series: [...silence.series],
    units: [...silence.units],
    open: silence.open.map((anomaly) => anomaly && (copies.get(anomaly) as WatchedAnomaly)),
    arrived: silence.arrived.slice(),
    rows: silence.rows.slice(),
  };
}
