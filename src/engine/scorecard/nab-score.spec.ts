import { describe, expect, it } from 'vitest';
import { nabProbation, nabRowValues, nabScore, nabSigmoid, type NabFile } from './nab-score.js';

/** 100 rows of 0 with the given scores; the first 15 are probation. */
function file(scores: Readonly<Record<number, number>>, windows: NabFile['windows'] = [{ first: 40, last: 49 }]) {
  const values = new Float64Array(100);
  for (const [row, score] of Object.entries(scores)) values[Number(row)] = score;
  return { name: 'file', scores: values, windows };
}

describe('nabProbation', () => {
  it('is 15 % of the rows, 750 at most', () => {
    expect([nabProbation(100), nabProbation(1127), nabProbation(4032), nabProbation(15_831)]).toEqual([
      15, 169, 604, 750,
    ]);
  });
});

describe('nabRowValues', () => {
  it('falls from 1 at the first row of a window to the sigmoid of a tenth at the last of ten', () => {
    const values = nabRowValues(100, [{ first: 40, last: 49 }]);
    expect(values[39]).toBe(-1);
    expect(values[40]).toBe(1);
    // (2 / (1 + e^-0.5) - 1) / (2 / (1 + e^-5) - 1) = 0.2449187 / 0.9866143
    expect(values[49]).toBeCloseTo(0.2482416, 6);
    // One row past it, one ninth of the way: 2 / (1 + e^(5/9)) - 1
    expect(values[50]).toBeCloseTo(-0.2708471, 6);
    // 27 rows are three widths, and a row more counts full.
    expect(values[76]).toBeCloseTo(2 / (1 + Math.exp(15)) - 1, 12);
    expect(values[77]).toBe(-1);
  });

  it('is 0 at the end of a window', () => {
    expect(nabSigmoid(0)).toBe(0);
  });
});

describe('nabScore', () => {
  it('gives 100 to a detector that finds each window at once, and nothing else', () => {
    expect(nabScore([file({ 40: 1 })])).toEqual({ score: 100, threshold: 1, windows: 1, found: 1, falsePositives: 0 });
  });

  it('gives 0 to one that says nothing, or only NaN', () => {
    expect(nabScore([file({})]).score).toBe(0);
    expect(nabScore([{ ...file({}), scores: new Float64Array(100).fill(NaN) }])).toMatchObject({
      score: 0,
      threshold: Infinity,
    });
  });

  it('counts the earliest detection of a window only', () => {
    // Last row 0.2482416 of the window: half of what it is worth beyond a miss.
    expect(nabScore([file({ 49: 1 })]).score).toBeCloseTo((100 * 1.2482416) / 2, 4);
    expect(nabScore([file({ 40: 1, 45: 1, 49: 1 })]).score).toBe(100);
  });

  it('takes 0.11 for a detection before the first window, 0.22 in the profile that fears them', () => {
    const files = [file({ 20: 1, 40: 1 })];
    expect(nabScore(files).score).toBeCloseTo((100 * (2 - 0.11)) / 2, 9);
    expect(nabScore(files, 'lowFalsePositives').score).toBeCloseTo((100 * (2 - 0.22)) / 2, 9);
    expect(nabScore(files)).toMatchObject({ found: 1, falsePositives: 1 });
  });

  it('weighs a missed window double in the profile that fears misses', () => {
    const files = [file({ 40: 1 }), file({})];
    expect(nabScore(files).score).toBeCloseTo(50, 9);
    // Raw 1 - 2 = -1 between -4 for nothing and 2 for all.
    expect(nabScore(files, 'lowFalseNegatives').score).toBeCloseTo(50, 9);
    // A late find is worth more than half there: (0.2482416 + 2) / 3.
    expect(nabScore([file({ 49: 1 })], 'lowFalseNegatives').score).toBeCloseTo((100 * 2.2482416) / 3, 4);
  });

  it('does not score probation', () => {
    expect(nabScore([file({ 3: 1, 14: 1, 40: 1 })]).score).toBe(100);
  });

  it('chooses one threshold for all files', () => {
    // At 0.9 the first file is perfect and the second has 2 false detections; at 0.5 both are found.
    const first = file({ 20: 0.6, 40: 0.9 });
    const second = file({ 40: 0.5 });
    // At 0.5: 2 + 2 - 0.11 of 4.
    expect(nabScore([first, second])).toMatchObject({ threshold: 0.5, found: 2, falsePositives: 1 });
    expect(nabScore([first, second]).score).toBeCloseTo((100 * 3.89) / 4, 9);
    expect(nabScore([first, second], 'standard', 0.9).score).toBeCloseTo(50, 9);
  });

  it('takes rows of equal score together', () => {
    const noisy = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [15 + i, 1]));
    // 25 false detections at the score of the find cost 2.75, more than the 2 it gains: better to say nothing.
    expect(nabScore([file({ ...noisy, 40: 1 })])).toMatchObject({ score: 0, found: 0, falsePositives: 0 });
  });
});
