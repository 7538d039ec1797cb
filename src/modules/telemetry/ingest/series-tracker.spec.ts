import { describe, expect, it } from 'vitest';
import { SeriesTracker, TOUCH_EVERY_MS } from './series-tracker.js';

const NOW = Date.UTC(2026, 10, 21);

describe('SeriesTracker', () => {
  it('asks for each unknown series once', () => {
    expect(new SeriesTracker().due(Int32Array.of(1, 1, 2, 1, 4_096, 2_000_000_000), NOW)).toEqual([
      1, 2, 4_096, 2_000_000_000,
    ]);
  });

  it('asks again only after some hours', () => {
    const tracker = new SeriesTracker();
    tracker.mark([1, 4_095, 4_096, 2_147_483_647], NOW);
    const ids = Int32Array.of(1, 4_095, 4_096, 2_147_483_647);
    expect(tracker.due(ids, NOW + TOUCH_EVERY_MS - 60_000)).toEqual([]);
    expect(tracker.due(ids, NOW + TOUCH_EVERY_MS + 60_000)).toEqual([...ids]);
    expect(tracker.due(Int32Array.of(2), NOW)).toEqual([2]);
  });

  it('asks for nothing of an empty batch', () => {
    expect(new SeriesTracker().due(new Int32Array(0), NOW)).toEqual([]);
  });
});
