import { describe, expect, it } from 'vitest';
import type { CorrelatedAnomaly, CorrelationRules } from './correlation.types.js';
import { groupAnomalies } from './group.js';

const rules: CorrelationRules = {
  labels: ['job', 'instance', 'service'],
  gapMs: 20,
  calmMs: 10,
  reopenMs: 100,
  staleHoldMs: 50,
};

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function scatter(next: () => number, count: number): CorrelatedAnomaly[] {
  const pick = (values: readonly string[]) => values[Math.floor(next() * values.length)]!;
  return Array.from({ length: count }, (_, index) => {
    const startedAt = Math.floor(next() * 1000);
    const labels: Record<string, string> = { __name__: 'm' };
    if (next() < 0.6) labels.instance = pick(['h1', 'h2', 'h3', 'h4', 'h5']);
    if (next() < 0.3) labels.job = pick(['j1', 'j2', 'j3']);
    if (next() < 0.2) labels.service = pick(['s1', 's2']);
    return {
      anomalyId: `a${String(index).padStart(3, '0')}`,
      seriesId: Math.floor(next() * 12),
      labels,
      startedAt,
      endedAt: next() < 0.1 ? null : startedAt + Math.floor(next() * 60),
      endReason: next() < 0.2 ? 'stale' : 'calm',
    };
  });
}

function shuffle<T>(items: readonly T[], next: () => number): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}

describe('groupAnomalies', () => {
  it('gives the same groups in every order of arrival', () => {
    let several = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const next = random(seed);
      const anomalies = scatter(next, 5 + Math.floor(next() * 40));
      const groups = groupAnomalies(anomalies, rules);
      if (groups.length > 1 && groups.some((group) => group.length > 1)) several++;
      for (let round = 0; round < 4; round++) {
        expect(groupAnomalies(shuffle(anomalies, next), rules), `seed ${seed}`).toEqual(groups);
      }
    }
    expect(several).toBeGreaterThan(75);
  });

  it('keeps every anomaly exactly once', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const anomalies = scatter(random(seed), 40);
      const ids = groupAnomalies(anomalies, rules).flat().sort();
      expect(ids).toEqual(anomalies.map((anomaly) => anomaly.anomalyId));
    }
  });

  it('does not change when anomalies are delivered again', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const next = random(seed);
      const anomalies = scatter(next, 30);
      const twice = shuffle([...anomalies, ...anomalies], next);
      expect(groupAnomalies(twice, rules)).toEqual(groupAnomalies(anomalies, rules));
    }
  });

  it('never groups what shares no label value, and splits what time keeps apart', () => {
    const of = (id: string, startedAt: number, instance: string): CorrelatedAnomaly => ({
      anomalyId: id,
      seriesId: 1,
      labels: { instance },
      startedAt,
      endedAt: startedAt + 10,
    });
    const groups = groupAnomalies([of('a', 0, 'h1'), of('b', 5, 'h2'), of('c', 30, 'h1'), of('d', 500, 'h1')], rules);
    expect(groups).toEqual([['a', 'c'], ['b'], ['d']]);
  });
});
