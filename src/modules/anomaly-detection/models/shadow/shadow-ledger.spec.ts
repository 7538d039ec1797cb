import { describe, expect, it } from 'vitest';
import type { ShadowCount } from './shadow-count.js';
import { ShadowLedger } from './shadow-ledger.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const T0 = Date.UTC(2026, 10, 3, 14, 0);
const at = (tick: number): number => T0 + tick * MINUTE;

const ledgerAt = (until: number, stored: readonly ShadowCount[] = []): ShadowLedger =>
  new ShadowLedger('e', ['s'], stored, until);
const observe = (ledger: ShadowLedger, tick: number, active: number[], shadow: number[]): number =>
  ledger.add({
    shadowId: 's',
    at: at(tick),
    tickMs: MINUTE,
    seriesIds: Int32Array.from(active, (_, i) => i),
    activeScores: Float64Array.from(active),
    shadowScores: Float64Array.from(shadow),
  });
/** What a database gives back. */
const stored = (ledger: ShadowLedger, until: number): ShadowCount[] =>
  ledger.pending(until).counts.map((count) => ({
    ...count,
    trackers: JSON.parse(JSON.stringify(count.trackers)) as ShadowCount['trackers'],
  }));

describe('ShadowLedger', () => {
  it('counts by the hour who said what, and leaves out what one of them did not score', () => {
    const ledger = ledgerAt(at(0));
    expect(observe(ledger, 0, [0.5, 2, 0.5, 2, NaN, 1], [0.5, 2, 2, 0.5, 3, NaN])).toBe(4);
    const { counts, hours } = ledger.pending(at(1));
    expect(hours).toEqual([]);
    expect(counts).toMatchObject([
      {
        beganAt: at(0),
        countedUntil: at(1),
        hour: { points: 4, bothCalm: 1, bothAbove: 1, onlyActive: 1, onlyShadow: 1, seriesSeconds: 240 },
      },
    ]);
    expect(counts[0]!.hour!.scoreDifference).toBe(3);
    expect(ledger.settle(at(1))).toBe(4);
    observe(ledger, 59, [1], [1]);
    observe(ledger, 60, [1], [1]);
    const next = ledger.pending(at(61));
    expect(next.hours).toMatchObject([{ hour: new Date(T0), points: 5 }]);
    expect(next.counts).toMatchObject([{ hour: { hour: new Date(T0 + HOUR), points: 1 } }]);
    expect(ledger.pending(at(61))).toEqual(next);
    expect(ledger.settle(at(61))).toBe(2);
    expect(ledger.pending(at(61)).hours).toEqual([]);
  });

  it('opens and ends anomalies of both by the same rules', () => {
    const ledger = ledgerAt(at(0));
    for (let tick = 0; tick < 20; tick += 1) observe(ledger, tick, [tick < 2 ? 3 : 0.2], [tick === 0 ? 3 : 0.2]);
    const { counts, anomalies } = ledger.pending(at(20));
    // One point above is a spike, two are an anomaly.
    expect(counts).toMatchObject([{ hour: { activeAnomalies: 1, shadowAnomalies: 0 }, trackers: {} }]);
    expect(anomalies).toMatchObject([
      { judge: 'active', seriesId: 0, score: 3, startedAt: new Date(T0), endedAt: new Date(at(2)) },
    ]);
  });

  it('goes on where another left off, at whichever tick that was', () => {
    const scores = (tick: number): [number[], number[]] => [
      [tick % 30 < 2 ? 3 : 0.2, 0.4],
      [tick % 30 < 9 ? 2 : 0.1, tick === 55 || tick === 57 || tick === 59 ? 5 : 0.3],
    ];
    const whole = ledgerAt(at(-1));
    for (let tick = 0; tick < 90; tick += 1) observe(whole, tick, ...scores(tick));
    const expected = whole.pending(at(90));
    for (const turn of [1, 31, 58, 61]) {
      const first = ledgerAt(at(-1));
      for (let tick = 0; tick < turn; tick += 1) observe(first, tick, ...scores(tick));
      const left = first.pending(at(turn - 1));
      const second = ledgerAt(at(turn - 1), stored(first, at(turn - 1)));
      for (let tick = turn; tick < 90; tick += 1) observe(second, tick, ...scores(tick));
      const right = second.pending(at(90));
      expect(right.counts, `${turn}`).toEqual(expected.counts);
      expect([...left.hours, ...right.hours], `${turn}`).toEqual(expected.hours);
      const last = new Map(
        [...left.anomalies, ...right.anomalies].map((one) => [`${one.judge}${+one.startedAt}`, one]),
      );
      expect([...last.values()], `${turn}`).toEqual(expected.anomalies);
    }
  });

  it('begins anew after a time in which it was no shadow, and ends what it had open', () => {
    const first = ledgerAt(at(0));
    for (let tick = 1; tick < 4; tick += 1) observe(first, tick, [0.2], [3]);
    const second = ledgerAt(at(100), stored(first, at(4)));
    expect(second.beganAt('s')).toBe(at(100));
    const { anomalies, counts, hours } = second.pending(at(101));
    expect(anomalies).toMatchObject([{ judge: 'shadow', startedAt: new Date(at(1)), endedAt: new Date(at(4)) }]);
    expect(counts).toMatchObject([{ trackers: {}, hour: null }]);
    expect(hours).toMatchObject([{ points: 3 }]);
  });

  it('ends what is open of series that are scored no longer', () => {
    const ledger = ledgerAt(at(0));
    for (let tick = 1; tick < 4; tick += 1) observe(ledger, tick, [3, 0.2], [3, 3]);
    ledger.settle(at(4));
    ledger.keepOnly(new Set([0]));
    const { anomalies, counts } = ledger.pending(at(4));
    expect(anomalies).toMatchObject([{ judge: 'shadow', seriesId: 1, endedAt: new Date(at(4)) }]);
    expect(Object.keys(counts[0]!.trackers)).toEqual(['0']);
  });

  it('bounds differences: 1e300 against 1 is no more than far off', () => {
    const ledger = ledgerAt(at(0));
    observe(ledger, 0, [1e300], [1]);
    expect(ledger.pending(at(1)).counts).toMatchObject([{ hour: { scoreDifference: 9 } }]);
  });
});
