import { describe, expect, it } from 'vitest';
import { ALL_LINEAR, noveltyAmong, rememberValue, SEEN_CAPACITY, SEEN_PLACES } from './seen-values.js';

/** Shows values to an empty set one after the other; gives what was new about each, and the set. */
function show(shown: readonly number[], base = 0, linearShare?: number) {
  const values = new Float32Array(SEEN_PLACES);
  let count = 0;
  const novelties = shown.map((value) => {
    const novelty = noveltyAmong(values, 0, count, value, base, linearShare);
    count = rememberValue(values, 0, count, value, novelty, base, linearShare);
    return novelty;
  });
  return { values, count, novelties };
}

/** The definition, on all values without a bound. */
function expected(seen: readonly number[], value: number): number {
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  const scale = (x: number) => Math.asinh(x / (0.05 * (most - least)));
  const range = scale(Math.max(most, value)) - scale(Math.min(least, value));
  return Math.min(...seen.map((other) => Math.abs(scale(value) - scale(other)))) / range;
}

describe('noveltyAmong', () => {
  it('is 0 for what was seen, and while fewer than two values were', () => {
    expect(show([5, 5, 7, 5, 7]).novelties).toEqual([0, 0, 0, 0, 0]);
  });

  it('is the distance to the nearest over the range, on a scale that is logarithmic far from zero', () => {
    const { values, count } = show([10, 20, 100]);
    for (const value of [0.01, 5, 14, 16, 50, 101, 1000, -40])
      expect(noveltyAmong(values, 0, count, value)).toBeCloseTo(expected([10, 20, 100], value), 6);
  });

  it('sees a fall to nothing as clearly as a peak', () => {
    const { values, count } = show([100, 120, 140]);
    // On a linear scale the peak of 280 would be as far (140 of 180) as the fall to 0 (100 of 140).
    expect(noveltyAmong(values, 0, count, 0)).toBeGreaterThan(noveltyAmong(values, 0, count, 280));
  });

  it('is the plain share of the range on a linear scale', () => {
    const { values, count } = show([-4, 0, 4], 0, ALL_LINEAR);
    expect(noveltyAmong(values, 0, count, 2, 0, ALL_LINEAR)).toBeCloseTo(2 / 8, 12);
    expect(noveltyAmong(values, 0, count, 12, 0, ALL_LINEAR)).toBeCloseTo(8 / 16, 12);
    expect(noveltyAmong(values, 0, count, -12, 0, ALL_LINEAR)).toBeCloseTo(8 / 16, 12);
  });

  it('does not depend on the unit, nor on what was taken off beforehand', () => {
    const shown = [3, 9, 4, 30, 12, 3.5, 300, 0.2, 55];
    const plain = show(shown).novelties;
    show(shown.map((value) => value * 1e6)).novelties.forEach((novelty, i) =>
      expect(novelty).toBeCloseTo(plain[i]!, 5),
    );
    show(
      shown.map((value) => value - 3),
      3,
    ).novelties.forEach((novelty, i) => expect(novelty).toBeCloseTo(plain[i]!, 5));
  });

  it('stays between 0 and 1 whatever comes', () => {
    const { novelties } = show([0, 1e-30, 1e30, -1e30, 5, 1e-300, 0, 3e38, -3e38]);
    for (const novelty of novelties) expect(novelty >= 0 && novelty <= 1).toBe(true);
  });
});

describe('noveltyAmong between neighbours', () => {
  it('is within a fifth of a percent of its definition, however close or far they are', () => {
    const shown = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 1.35 ** i);
    const { values, count } = show(shown);
    const kept = [...values.subarray(0, count)];
    for (let value = kept[0]! + 1; value < kept.at(-1)!; value += 97.31) {
      const exact = expected(kept, Math.fround(value));
      expect(Math.abs(noveltyAmong(values, 0, count, Math.fround(value)) - exact)).toBeLessThanOrEqual(0.002 * exact);
    }
  });
});

describe('rememberValue', () => {
  it('keeps values sorted, and none beside one that is as good as the same', () => {
    const { values, count } = show([10, 20, 100, 50, 50.001, 1]);
    expect([...values.subarray(0, count)]).toEqual([1, 10, 20, 50, 100]);
  });

  it('forgets for a new value what tells less, and takes none that would tell less than all the others', () => {
    // Evenly on a linear scale, but for one that is close to its neighbours.
    const shown = [...Array.from({ length: SEEN_CAPACITY - 1 }, (_, i) => i), 9.5];
    const { values, count } = show(shown, 0, ALL_LINEAR);
    const offer = (value: number) =>
      rememberValue(values, 0, count, value, noveltyAmong(values, 0, count, value, 0, ALL_LINEAR), 0, ALL_LINEAR);
    expect(offer(20.5)).toBe(SEEN_CAPACITY);
    // 9, 9.5 and 10 told least: 9.5 lies between neighbours that are 1 apart, as would the new one.
    expect([...values.subarray(0, SEEN_CAPACITY)]).toEqual([...shown].sort((a, b) => a - b));
    offer(100);
    const kept = [...values.subarray(0, SEEN_CAPACITY)];
    expect(kept.at(-1)).toBe(100);
    expect(kept).not.toContain(9.5);
    // In the hole between 62 and 100 a value tells more than any other; one beside 20 tells nothing new.
    offer(80);
    offer(20.4);
    expect([...values.subarray(0, SEEN_CAPACITY)]).toContain(80);
    expect([...values.subarray(0, SEEN_CAPACITY)]).not.toContain(Math.fround(20.4));
  });

  it('keeps to its capacity, both ends of the range, and leaves no hole that could pass for new', () => {
    const shown = Array.from({ length: 5000 }, (_, i) => 1000 * Math.abs(Math.sin(i * 12.9898)));
    const { values, count } = show(shown);
    expect(count).toBe(SEEN_CAPACITY);
    const kept = values.subarray(0, count);
    expect([...kept].sort((a, b) => a - b)).toEqual([...kept]);
    expect(kept[0]).toBeLessThan(10);
    expect(kept[count - 1]).toBeGreaterThan(990);
    for (let value = 1; value < 1000; value += 1) expect(noveltyAmong(values, 0, count, value)).toBeLessThan(0.03);
  });
});
