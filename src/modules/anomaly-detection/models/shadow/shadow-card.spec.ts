import { describe, expect, it } from 'vitest';
import type { Judge, ShadowAnomaly, ShadowTotals } from '../data/shadow.repository.js';
import type { ModelLabel } from './model-labels.js';
import { shadowCard, type CardData } from './shadow-card.js';

const T0 = Date.UTC(2026, 10, 3, 14, 0);
const HOUR = 3_600_000;
const WEEK_SECONDS = 604_800;

const totals = (active: number, shadow: number): ShadowTotals => ({
  from: new Date(T0),
  until: new Date(T0 + 24 * HOUR),
  points: 1_000,
  // 500 series for two weeks: one thousand series for a week.
  seriesSeconds: 1_000 * WEEK_SECONDS,
  bothCalm: 980,
  bothAbove: 10,
  onlyActive: 6,
  onlyShadow: 4,
  scoreDifference: 20,
  activeAnomalies: active,
  shadowAnomalies: shadow,
});

const anomaly = (judge: Judge, seriesId: number, hour: number): ShadowAnomaly => ({
  modelId: 'm',
  environmentId: 'e',
  seriesId,
  judge,
  startedAt: new Date(T0 + hour * HOUR),
  endedAt: new Date(T0 + hour * HOUR + 60_000),
  score: 2,
});

const label = (changes: Partial<ModelLabel>): ModelLabel => ({
  source: 'feedback',
  wrong: true,
  seriesIds: null,
  services: null,
  from: T0 + HOUR,
  to: T0 + 2 * HOUR,
  what: 'test',
  ...changes,
});

const card = (changes: Partial<CardData>) =>
  shadowCard({
    modelId: 'm',
    environmentId: 'e',
    totals: totals(0, 0),
    anomalies: [],
    labels: [],
    services: new Map(),
    chosenPerWeek: 1,
    ...changes,
  });

describe('shadowCard', () => {
  it('counts per 1,000 series and week, and how often both agree', () => {
    const made = card({ totals: totals(4, 2) });
    expect(made.active).toMatchObject({ anomalies: 4, falseAlarms: 4, anomaliesPerWeek: 4 });
    expect(made).toMatchObject({ agreement: 0.99, meanDifference: 0.02, expectedFalseAlarms: 1 });
    // Garwood's limits of 2 in one unit of exposure.
    expect(made.shadow.falseAlarmsLow).toBeCloseTo(0.2422, 3);
    expect(made.shadow.falseAlarmsHigh).toBeCloseTo(7.2247, 3);
  });

  it('calls a rate better only where chance does not explain it', () => {
    // Four against two: nearer to the chosen one, but a coin does that in 22 of 32 cases.
    const few = card({ totals: totals(4, 2) });
    expect(few).toMatchObject({ verdict: 'no-difference', reason: expect.stringContaining('69 % of cases') });
    // Ten against two: 2 (1 + 12 + 66) / 4096.
    expect(card({ totals: totals(10, 2) }).verdict).toBe('better');
    expect(card({ totals: totals(2, 10) }).verdict).toBe('worse');
  });

  it('calls finding more better only where chance does not explain it', () => {
    const labels = Array.from({ length: 6 }, (_, i) => label({ from: T0 + i * HOUR, to: T0 + (i + 0.1) * HOUR }));
    const finds = (by: Judge, hours: number[]) => hours.map((hour) => anomaly(by, 1, hour));
    const made = (active: number[], shadow: number[]) =>
      card({
        totals: totals(active.length, shadow.length),
        anomalies: [...finds('active', active), ...finds('shadow', shadow)],
        labels,
        chosenPerWeek: 0.5,
      });
    expect(made([], [0, 1, 2, 3, 4, 5])).toMatchObject({
      verdict: 'better',
      reason: expect.stringContaining('6 of 6'),
    });
    expect(made([], [0, 1, 2, 3, 4]).verdict).toBe('no-difference');
    // Found by either alone: one for the shadow, two for the active.
    expect(made([0, 1, 2], [0, 3]).verdict).toBe('worse');
  });

  it('prefers what finds more of what was wrong, whatever the rate', () => {
    const anomalies = [anomaly('active', 1, 1), ...[5, 6, 7].map((hour) => anomaly('shadow', 1, hour))];
    const made = card({ totals: totals(1, 3), anomalies, labels: [label({})] });
    expect(made).toMatchObject({ active: { found: 1, falseAlarms: 0 }, shadow: { found: 0, falseAlarms: 3 } });
    expect(made.verdict).toBe('worse');
  });

  it('then what leaves alone what people called normal', () => {
    const normal = label({ wrong: false, seriesIds: [7] });
    const anomalies = [anomaly('active', 7, 1), anomaly('shadow', 8, 1)];
    const made = card({ totals: totals(1, 1), anomalies, labels: [normal] });
    expect(made).toMatchObject({ active: { disturbed: 1 }, shadow: { disturbed: 0 }, verdict: 'no-difference' });
    const six = Array.from({ length: 6 }, (_, i) => label({ wrong: false, seriesIds: [10 + i] }));
    const often = six.map((_, i) => anomaly('active', 10 + i, 1));
    expect(card({ totals: totals(6, 6), anomalies: often, labels: six }).verdict).toBe('better');
  });

  it('knows which series a stretch can show on', () => {
    const services = new Map<number, string | null>([
      [1, 'checkout'],
      [2, 'search'],
      [3, null],
    ]);
    const labels = [label({ source: 'simulation', services: ['checkout'] })];
    const found = (seriesId: number) =>
      card({ totals: totals(1, 0), anomalies: [anomaly('active', seriesId, 1)], labels, services }).active.found;
    expect([found(1), found(2), found(3)]).toEqual([1, 0, 1]);
  });

  it('says that it knows nothing before anything was scored', () => {
    const nothing = { ...totals(0, 0), points: 0, seriesSeconds: 0, from: null, until: null };
    expect(card({ totals: nothing })).toMatchObject({ verdict: 'no-data', agreement: null, from: null });
    expect(card({ totals: totals(1, 1) }).verdict).toBe('no-difference');
  });
});
