import { describe, expect, it } from 'vitest';
import { ShadowLedger } from './shadow-ledger.js';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 10, 3, 14, 0);

describe('ShadowLedger', () => {
  const observe = (ledger: ShadowLedger, tick: number, active: number[], shadow: number[]): number =>
    ledger.add({
      environmentId: 'e',
      shadowId: 's',
      at: T0 + tick * 60_000,
      tickMs: 60_000,
      seriesIds: Int32Array.from(active, (_, i) => i),
      activeScores: Float64Array.from(active),
      shadowScores: Float64Array.from(shadow),
    });

  it('counts by the hour who said what, and leaves out what one of them did not score', () => {
    const ledger = new ShadowLedger();
    expect(observe(ledger, 0, [0.5, 2, 0.5, 2, NaN, 1], [0.5, 2, 2, 0.5, 3, NaN])).toBe(4);
    const { hours } = ledger.take();
    expect(hours).toMatchObject([
      { points: 4, bothCalm: 1, bothAbove: 1, onlyActive: 1, onlyShadow: 1, seriesSeconds: 240, scoreDifference: 3 },
    ]);
    expect(ledger.take().hours).toEqual([]);
    observe(ledger, 59, [1], [1]);
    observe(ledger, 60, [1], [1]);
    expect(ledger.take().hours.map(({ hour }) => hour.getTime())).toEqual([T0, T0 + HOUR]);
  });

  it('opens and ends anomalies of both by the same rules', () => {
    const ledger = new ShadowLedger();
    for (let tick = 0; tick < 20; tick += 1) observe(ledger, tick, [tick < 2 ? 3 : 0.2], [tick === 0 ? 3 : 0.2]);
    const { hours, anomalies } = ledger.take();
    // One point above is a spike, two are an anomaly.
    expect(hours).toMatchObject([{ activeAnomalies: 1, shadowAnomalies: 0 }]);
    expect(anomalies).toMatchObject([
      { judge: 'active', seriesId: 0, score: 3, startedAt: new Date(T0), endedAt: new Date(T0 + 2 * 60_000) },
    ]);
  });

  it('bounds differences: 1e300 against 1 is no more than far off', () => {
    const ledger = new ShadowLedger();
    observe(ledger, 0, [1e300], [1]);
    expect(ledger.take().hours).toMatchObject([{ scoreDifference: 9 }]);
  });
});
