import { describe, expect, it } from 'vitest';
import type { ShardSeries } from './shard.js';
import { stretchesOf } from './stretches.js';
import type { AnomalyHappening } from './tick-scorer.js';

const series = (name: string) => ({ name }) as unknown as ShardSeries;
const peak = (score: number) => ({ at: score, score, value: 1, yhat: 1, yhatLower: 0, yhatUpper: 2 });
const opened = (row: ShardSeries, at: number): AnomalyHappening => ({
  row,
  contributions: {},
  event: { kind: 'opened', startedAt: at, peak: peak(at) },
});
const peaked = (row: ShardSeries, score: number): AnomalyHappening => ({
  row,
  contributions: {},
  event: { kind: 'peaked', startedAt: 0, peak: peak(score) },
});
const ended = (row: ShardSeries, at: number, score: number): AnomalyHappening => ({
  row,
  contributions: {},
  event: { kind: 'ended', endedAt: at, reason: 'calm', adopted: false, peak: peak(score) },
});

describe('stretchesOf', () => {
  const [a, b] = [series('a'), series('b')];

  it('is one round where every series has one anomaly', () => {
    expect(stretchesOf([opened(a, 1), opened(b, 1), peaked(a, 5), peaked(a, 7)])).toEqual([
      [
        { row: a, opened: { startedAt: 1, peak: peak(1) }, peak: peak(7), contributions: {}, end: null },
        { row: b, opened: { startedAt: 1, peak: peak(1) }, peak: null, contributions: {}, end: null },
      ],
    ]);
  });

  it('begins with the anomaly that was open before, and puts the next of the same series into the next round', () => {
    const rounds = stretchesOf([ended(a, 4, 2), opened(b, 4), opened(a, 6), ended(a, 9, 3)]);
    expect(
      rounds.map((round) => round.map(({ row, opened, end }) => [row, opened?.startedAt ?? null, end?.at])),
    ).toEqual([
      [
        [a, null, 4],
        [b, 4, undefined],
      ],
      [[a, 6, 9]],
    ]);
  });

  it('is empty where nothing happened', () => {
    expect(stretchesOf([])).toEqual([]);
  });
});
