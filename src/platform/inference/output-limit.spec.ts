import { describe, expect, it } from 'vitest';
import { checkOutputSize, MOST_OUTPUT_NUMBERS } from './output-limit.js';

const tensor = (numbers: number) => ({ data: new Float32Array(numbers), dims: [numbers] });

describe('what a model may answer', () => {
  it('is bounded over all of its outputs', () => {
    const half = MOST_OUTPUT_NUMBERS / 2;
    expect(() => checkOutputSize({ score: tensor(half), embedding: tensor(half) })).not.toThrow();
    expect(() => checkOutputSize({ score: tensor(half), embedding: tensor(half + 1) })).toThrow(
      `${MOST_OUTPUT_NUMBERS + 1} numbers`,
    );
  });
});
