import { describe, expect, it } from 'vitest';
import { nestedNabScore } from './nab-nested.js';
import type { NabFile } from './nab-score.js';

/** A file of 100 rows whose window [40, 49] is found at its first row with `found`, after noise of `noise` at row 20. */
function file(found: number, noise: number): NabFile {
  const scores = new Float64Array(100);
  scores[40] = found;
  scores[20] = noise;
  return { name: 'file', scores, windows: [{ first: 40, last: 49 }] };
}

describe('nestedNabScore', () => {
  it('is the plain score where every file is alike', () => {
    const files = Array.from({ length: 6 }, () => file(1, 1));
    const nested = nestedNabScore([files]);
    expect(nested.mean).toBeCloseTo((100 * (2 - 0.11)) / 2, 9);
    expect(nested.ownThreshold).toBeCloseTo(nested.mean, 9);
    expect(nested.deviation).toBeCloseTo(0, 9);
  });

  it('loses what a threshold from other files does not find', () => {
    // Two files: the threshold of one is 1, that of the other 0.5, so one way round nothing is found at 1.
    const files = [file(1, 0), file(0.5, 0)];
    const nested = nestedNabScore([files]);
    expect(nested.mean).toBe(50);
    expect(nested.ownThreshold).toBe(100);
    expect(nested.deviation).toBe(50);
  });

  it('does not reward a choice that only the half it was made on likes', () => {
    // Each setting finds the window of one file and nothing in the other: whichever is chosen finds nothing elsewhere.
    const settings = [
      [file(1, 0), file(0, 0)],
      [file(0, 0), file(1, 0)],
    ];
    expect(nestedNabScore(settings).mean).toBe(0);
  });

  it('divides the files the same way for the same seed', () => {
    const files = Array.from({ length: 9 }, (_, i) => file(1 - i / 20, 0.7));
    expect(nestedNabScore([files], 20, 5)).toEqual(nestedNabScore([files], 20, 5));
  });
});
