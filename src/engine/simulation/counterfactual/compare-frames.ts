import type { MetricType } from '../../../kernel/time-series.js';
import type { SeriesDescriptor } from '../telemetry/telemetry.types.js';
import type { Deviations, Follower, FrameCopy, PairedSeries, TouchedSeries } from './ground-truth.types.js';
import { withRoom } from './paired-series.js';

/** A series deviates when it differs by more than this share of the larger of the two values, ... */
const RELATIVE = 0.1;

/** ... by more than so many times what it changes by from scrape to scrape anyway, ... */
const USUAL = 6;

/** ... for two scrapes in a row, or by so many times as much at once. */
const IN_A_ROW = 2;
const AT_ONCE = 3;

/** Scrapes in a row for counts that differ by one: a request more or less is chance, a pod that is gone stays so. */
const IN_A_ROW_BY_ONE = 4;

/** Weight of the newest change in the moving mean. */
const SMOOTHING = 0.2;

/** A deviation with its strength: multiples of the threshold. */
export interface Onset {
  readonly touched: TouchedSeries;
  readonly strength: number;
}

export function createDeviations(slots: number): Deviations {
  const column = (fill: number) => new Float64Array(slots).fill(fill);
  return {
    variation: column(NaN),
    last: column(NaN),
    streak: new Uint8Array(slots),
    since: column(NaN),
    firstValue: column(NaN),
    firstWithout: column(NaN),
    noted: new Uint8Array(slots),
    notedGone: new Uint8Array(slots),
  };
}

/**
 * The series that began to deviate: of those that both sides have by value or rate, of the others by being there.
 * Buckets of histograms are left out; their counts and sums say it first.
 *
 * @param at seconds since the start of the run
 * @param interval seconds since the last scrape
 */
export function findOnsets(
  { ofRun, ofTwin, deviations }: Pick<Follower, 'ofRun' | 'ofTwin' | 'deviations'>,
  run: FrameCopy,
  twin: FrameCopy,
  at: number,
  interval: number,
): Onset[] {
  const onsets: Onset[] = [];
  makeRoom(deviations, ofRun.series.length, ofTwin.series.length);
  for (const { slot } of run.started) forget(deviations, slot);
  for (const { slot } of twin.started) deviations.notedGone[slot] = 0;
  for (let slot = 0; slot < run.values.length; slot++) {
    const partner = ofRun.partner[slot]!;
    const series = ofRun.series[slot];
    if (partner < 0 || !series || isBucket(series)) continue;
    const counts = isCounter(series);
    const value = counts ? increase(run, ofRun, slot) : run.values[slot]!;
    const without = counts ? increase(twin, ofTwin, partner) : twin.values[partner]!;
    const strength = deviation(deviations, slot, value, without, floorOf(series, counts, interval));
    const confirmed = note(deviations, slot, strength, at, value, without);
    if (confirmed === null) continue;
    const scale = counts ? 1 / interval : 1;
    onsets.push({ touched: touch(series, confirmed.at, confirmed.value * scale, confirmed.without * scale), strength });
  }
  vanished(onsets, ofTwin, twin, at, deviations);
  appeared(onsets, ofRun, run, at, deviations);
  return onsets;
}

function deviation(deviations: Deviations, slot: number, value: number, without: number, floor: number): number {
  const last = deviations.last[slot]!;
  const usual = deviations.variation[slot]!;
  const change = Math.abs(without - last);
  if (!Number.isNaN(change)) {
    deviations.variation[slot] = Number.isNaN(usual) ? change : usual + SMOOTHING * (change - usual);
  }
  deviations.last[slot] = without;
  if (Number.isNaN(value) || Number.isNaN(without)) return Number.isNaN(value) === Number.isNaN(without) ? 0 : Infinity;
  if (value === without) return 0;
  const relative = RELATIVE * Math.max(Math.abs(value), Math.abs(without));
  const threshold = Math.max(relative, Number.isNaN(usual) ? 0 : USUAL * usual, floor);
  return Math.abs(value - without) / threshold;
}

/** The first of enough deviations in a row, or a strong one; null: nothing new. */
function note(deviations: Deviations, slot: number, strength: number, at: number, value: number, without: number) {
  if (deviations.noted[slot] === 1) return null;
  if (strength < 1) {
    deviations.streak[slot] = 0;
    return null;
  }
  if (deviations.streak[slot] === 0) {
    deviations.since[slot] = at;
    deviations.firstValue[slot] = value;
    deviations.firstWithout[slot] = without;
  }
  deviations.streak[slot]! += 1;
  const byOne = Math.abs(value - without) === 1;
  const enough = byOne ? IN_A_ROW_BY_ONE : strength >= AT_ONCE ? 1 : IN_A_ROW;
  if (deviations.streak[slot]! < enough) return null;
  deviations.noted[slot] = 1;
  return { at: deviations.since[slot]!, value: deviations.firstValue[slot]!, without: deviations.firstWithout[slot]! };
}

function appeared(onsets: Onset[], { alone, series }: PairedSeries, run: FrameCopy, at: number, { noted }: Deviations) {
  for (const slot of alone.values()) {
    if (noted[slot] === 1 || isBucket(series[slot]!)) continue;
    noted[slot] = 1;
    onsets.push({ touched: touch(series[slot]!, at, run.values[slot]!, NaN, 'value'), strength: Infinity });
  }
}

function vanished(
  onsets: Onset[],
  { alone, series }: PairedSeries,
  twin: FrameCopy,
  at: number,
  deviations: Deviations,
) {
  for (const slot of alone.values()) {
    if (deviations.notedGone[slot] === 1 || isBucket(series[slot]!)) continue;
    deviations.notedGone[slot] = 1;
    onsets.push({ touched: touch(series[slot]!, at, NaN, twin.values[slot]!, 'value'), strength: Infinity });
  }
}

function touch(
  { labels, family, metricType }: SeriesDescriptor,
  at: number,
  value: number,
  without: number,
  measure: TouchedSeries['measure'] = isCumulative(metricType) ? 'rate' : 'value',
): TouchedSeries {
  const known = (number: number) => (Number.isFinite(number) ? number : null);
  return { labels, family, at, value: known(value), without: known(without), measure };
}

/** Since the last scrape; after a reset what was counted since (as Prometheus' `increase` sees it). */
function increase(frame: FrameCopy, { values }: PairedSeries, slot: number): number {
  const now = frame.values[slot]!;
  const before = values[slot]!;
  return now < before ? now : now - before;
}

/** What is too little to matter: half an event, a thousandth of the time, of gauges a thousandth. */
function floorOf({ labels }: SeriesDescriptor, counts: boolean, interval: number): number {
  if (!counts) return 1e-3;
  return /_seconds(_total|_sum)?$/.test(labels['__name__'] ?? '') ? 1e-3 * interval : 0.5;
}

function isCounter({ metricType }: SeriesDescriptor): boolean {
  return isCumulative(metricType);
}

function isCumulative(type: MetricType): boolean {
  return type === 'counter' || type === 'histogram' || type === 'summary';
}

function isBucket({ labels, metricType }: SeriesDescriptor): boolean {
  return metricType === 'histogram' && labels['le'] !== undefined;
}

function makeRoom(deviations: Deviations, slots: number, ofTwin: number): void {
  deviations.notedGone = withRoom(deviations.notedGone, ofTwin, 0);
  deviations.variation = withRoom(deviations.variation, slots, NaN);
  deviations.last = withRoom(deviations.last, slots, NaN);
  deviations.streak = withRoom(deviations.streak, slots, 0);
  deviations.since = withRoom(deviations.since, slots, NaN);
  deviations.firstValue = withRoom(deviations.firstValue, slots, NaN);
  deviations.firstWithout = withRoom(deviations.firstWithout, slots, NaN);
  deviations.noted = withRoom(deviations.noted, slots, 0);
}

function forget(deviations: Deviations, slot: number): void {
  deviations.variation[slot] = NaN;
  deviations.last[slot] = NaN;
  deviations.streak[slot] = 0;
  deviations.noted[slot] = 0;
}
