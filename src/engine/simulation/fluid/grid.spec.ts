import { describe, expect, it } from 'vitest';
import { createRandom, nextUniform } from '../random/random.js';
import { convolve } from './convolve.js';
import {
  addDelayed,
  addScaled,
  fillBuckets,
  LAST,
  maximum,
  meanOf,
  NODES,
  NODE_SECONDS,
  positionOf,
  put,
} from './grid.js';

const random = createRandom(7, 'grid');

/** Some times between 1 ms and 1 s with random masses. */
function spread(): Float64Array {
  const to = new Float64Array(NODES);
  const masses = Array.from({ length: 12 }, () => nextUniform(random));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  for (const mass of masses) put(to, 0, 0.001 * 1000 ** nextUniform(random), mass / total);
  return to;
}

const mass = (from: Float64Array) => from.reduce((sum, each) => sum + each, 0);
const second = (from: Float64Array) => from.reduce((sum, each, i) => sum + each * NODE_SECONDS[i]! ** 2, 0);
const variance = (from: Float64Array) => second(from) - meanOf(from, 0) ** 2;

describe('distributions on the grid', () => {
  it.each([0, 2e-5, 1e-4, 0.0123, 1, 99])('keep mass, mean and second moment of a single time %d', (seconds) => {
    const to = new Float64Array(NODES);
    put(to, 0, seconds, 1);
    expect(mass(to)).toBeCloseTo(1, 12);
    expect(meanOf(to, 0) - seconds).toBeCloseTo(0, 10);
    expect(second(to) - seconds ** 2).toBeCloseTo(0, 8);
  });

  it('put what is beyond the grid at its end', () => {
    const to = new Float64Array(NODES);
    put(to, 0, Infinity, 1);
    expect(to[LAST]).toBe(1);
  });

  it('add means and variances of independent times', () => {
    for (let i = 0; i < 20; i++) {
      const [a, b, sum] = [spread(), spread(), new Float64Array(NODES)];
      a[0]! += 0.5;
      for (let node = 0; node < NODES; node++) a[node]! /= 1.5;
      convolve(sum, 0, a, 0, b, 0);
      expect(mass(sum)).toBeCloseTo(1, 9);
      expect(meanOf(sum, 0) / (meanOf(a, 0) + meanOf(b, 0))).toBeCloseTo(1, 5);
      expect(variance(sum) / (variance(a) + variance(b))).toBeCloseTo(1, 3);
    }
  });

  it('scale and delay', () => {
    const a = spread();
    const scaled = new Float64Array(NODES);
    addScaled(scaled, 0, a, 0, 1.7, 1);
    expect(meanOf(scaled, 0) / meanOf(a, 0)).toBeCloseTo(1.7, 6);
    expect(variance(scaled) / variance(a)).toBeCloseTo(1.7 ** 2, 5);
    const delayed = new Float64Array(NODES);
    addDelayed(delayed, 0, a, 0, 0.03, 0.5);
    expect(mass(delayed)).toBeCloseTo(0.5, 9);
    expect(meanOf(delayed, 0)).toBeCloseTo(0.5 * (meanOf(a, 0) + 0.03), 7);
  });

  it('take the larger of two times', () => {
    const fair = new Float64Array(NODES);
    put(fair, 0, NODE_SECONDS[20]!, 0.5);
    put(fair, 0, NODE_SECONDS[30]!, 0.5);
    maximum(fair, 0, fair, 0, fair, 0);
    expect(fair[20]).toBeCloseTo(0.25, 9);
    expect(fair[30]).toBeCloseTo(0.75, 9);
  });

  it('fill buckets that sum to one', () => {
    const bounds = Float64Array.of(0.01, 0.1, 1);
    const shares = new Float64Array(4);
    const to = new Float64Array(NODES);
    put(to, 0, 0.003, 0.25);
    put(to, 0, 0.03, 0.5);
    put(to, 0, 0.3, 0.125);
    put(to, 0, 30, 0.125);
    fillBuckets(shares, 0, to, 0, bounds.map(positionOf));
    [0.25, 0.5, 0.125, 0.125].forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 9));
  });
});
