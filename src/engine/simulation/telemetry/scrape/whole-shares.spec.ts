import { expect, it } from 'vitest';
import { createRandom, nextUniform } from '../../random/random.js';
import { giveWholes } from './whole-shares.js';

it('gives whole numbers that add up to the total', () => {
  const given = new Float64Array(3);
  giveWholes(Float64Array.of(2.4, 0.3, 1.5), 3, 4, given);
  // 2 + 0 + 1 are owed whole; the fourth goes to the largest rest, 0.5.
  expect([...given]).toEqual([2, 0, 2]);
});

it('gives nothing back where too much was given before', () => {
  const given = new Float64Array(2);
  giveWholes(Float64Array.of(-0.9, 1.95), 2, 1, given);
  expect([...given]).toEqual([0, 1]);
});

it('never lets a counter be more than a request per column off, over any flow', () => {
  const random = createRandom(7, 'whole-shares');
  const columns = 6;
  const flow = new Float64Array(columns);
  const issued = new Float64Array(columns);
  const owed = new Float64Array(columns);
  const given = new Float64Array(columns);
  for (let scrape = 0; scrape < 2000; scrape++) {
    for (let i = 0; i < columns; i++) {
      flow[i]! += nextUniform(random) ** 8 * 10;
      owed[i] = flow[i]! - issued[i]!;
    }
    const sum = flow.reduce((total, value) => total + value, 0);
    const before = issued.reduce((total, value) => total + value, 0);
    giveWholes(owed, columns, Math.floor(sum) - before, given);
    for (let i = 0; i < columns; i++) {
      expect(given[i]).toBeGreaterThanOrEqual(0);
      expect(Number.isInteger(given[i])).toBe(true);
      issued[i]! += given[i]!;
      expect(Math.abs(issued[i]! - flow[i]!)).toBeLessThan(columns);
    }
    expect(issued.reduce((total, value) => total + value, 0)).toBe(Math.floor(sum));
  }
});
