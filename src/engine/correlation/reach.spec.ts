import { describe, expect, it } from 'vitest';
import { judgeCalm } from './calm.js';
import type { CorrelatedAnomaly, CorrelationRules } from './correlation.types.js';
import { calmSince, endInReach, mergeReach, reachOf, reachesOverlap } from './reach.js';

const rules: CorrelationRules = {
  labels: ['job', 'instance'],
  gapMs: 10,
  calmMs: 100,
  reopenMs: 1000,
  staleHoldMs: 500,
};

const one: CorrelatedAnomaly = {
  anomalyId: 'a',
  seriesId: 1,
  labels: { job: 'node', instance: 'h1' },
  startedAt: 50,
  endedAt: null,
};
const two: CorrelatedAnomaly = { anomalyId: 'b', seriesId: 2, labels: { job: 'node' }, startedAt: 20, endedAt: 90 };

describe('reach', () => {
  it('merges to hulls per label value, in any order', () => {
    const merged = mergeReach(reachOf(one, rules), reachOf(two, rules));
    expect(merged).toEqual([
      { label: 'instance', value: 'h1', from: 50, until: null, open: 1 },
      { label: 'job', value: 'node', from: 20, until: 90, open: 1 },
    ]);
    expect(mergeReach(reachOf(two, rules), reachOf(one, rules))).toEqual(merged);
  });

  it('closes the hull when its last anomaly ends', () => {
    const merged = mergeReach(reachOf(one, rules), reachOf(two, rules));
    const ended = endInReach(merged, { ...one, endedAt: 70 }, rules);
    expect(ended).toEqual([
      { label: 'instance', value: 'h1', from: 50, until: 70, open: 0 },
      { label: 'job', value: 'node', from: 20, until: 90, open: 0 },
    ]);
    expect(calmSince(merged)).toBeNull();
    expect(calmSince(ended)).toBe(90);
  });

  it('is the same whether the end is known at once or later', () => {
    const later = endInReach(reachOf(one, rules), { ...one, endedAt: 70, endReason: 'stale' }, rules);
    expect(later).toEqual(reachOf({ ...one, endedAt: 70, endReason: 'stale' }, rules));
    expect(calmSince(later)).toBe(570);
  });

  it('changes nothing for an anomaly without an end', () => {
    expect(endInReach(reachOf(one, rules), one, rules)).toEqual(reachOf(one, rules));
  });

  it('does not confuse values that look alike when joined', () => {
    const a = reachOf({ ...one, labels: { job: 'x', instance: 'y' } }, rules);
    const b = reachOf({ ...one, labels: { job: 'y', instance: 'x' } }, rules);
    expect(reachesOverlap(a, b, 10)).toBe(false);
  });
});

describe('judgeCalm', () => {
  const ended = reachOf({ ...one, endedAt: 200 }, rules);
  it.each([
    ['while an anomaly runs', reachOf(one, rules), 10_000, { state: 'active' }],
    ['before the calm period is over', ended, 299, { state: 'calming', since: 200, resolvesAt: 300 }],
    ['at its end', ended, 300, { state: 'calm', since: 200 }],
    [
      'later where the series fell silent',
      reachOf({ ...one, endedAt: 200, endReason: 'stale' }, rules),
      799,
      { state: 'calming', since: 700, resolvesAt: 800 },
    ],
    ['without any evidence', [], 10_000, { state: 'active' }],
  ] as const)('%s', (_, reach, now, verdict) => {
    expect(judgeCalm(reach, now, rules)).toEqual(verdict);
  });
});

describe('groups that detection found', () => {
  const grouped: CorrelatedAnomaly = { ...one, groupId: 'g1' };
  const elsewhere: CorrelatedAnomaly = {
    ...two,
    labels: { job: 'postgres', instance: 'db:9187' },
    startedAt: 60,
    endedAt: null,
    groupId: 'g1',
  };

  it('relate anomalies that share no label value', () => {
    expect(reachesOverlap(reachOf(grouped, rules), reachOf(elsewhere, rules), 10)).toBe(true);
    const apart = { ...elsewhere, groupId: 'g2' };
    expect(reachesOverlap(reachOf(grouped, rules), reachOf(apart, rules), 10)).toBe(false);
  });

  it('stand in for labels, so that a series without any is not on its own', () => {
    const bare = { ...grouped, labels: {} };
    expect(reachOf(bare, rules)).toEqual([{ label: '#group', value: 'g1', from: 50, until: null, open: 1 }]);
  });

  it('are over when their last anomaly is', () => {
    const merged = mergeReach(reachOf(grouped, rules), reachOf(elsewhere, rules));
    const once = endInReach(merged, { ...grouped, endedAt: 70 }, rules);
    expect(once.find(({ label }) => label === '#group')).toMatchObject({ open: 1 });
    const twice = endInReach(once, { ...elsewhere, endedAt: 80 }, rules);
    expect(twice.find(({ label }) => label === '#group')).toMatchObject({ open: 0, until: 80 });
    expect(calmSince(twice)).toBe(80);
  });
});
