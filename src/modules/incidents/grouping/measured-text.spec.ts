import { describe, expect, it } from 'vitest';
import { END_REASONS } from '../../../engine/detection/end-reasons.js';
import { endText, evidenceText } from './evidence-text.js';

const labels = { __name__: 'up', service: 'web' };
const startedAt = new Date('2026-11-03T14:02:10Z');

describe('evidence that has no value', () => {
  it('says that nothing was reported, in place of a value that there is not', () => {
    const nothing = { value: null, yhat: null, yhatLower: null, yhatUpper: null };
    expect(evidenceText({ labels, startedAt, score: 5.25, ...nothing })).toBe(
      'up{service="web"} stopped reporting, score 5.3, since 14:02:10 UTC',
    );
  });

  it('has words for every reason to end', () => {
    const texts = END_REASONS.map((reason) => endText(labels, startedAt, reason, 2));
    expect(new Set(texts).size).toBe(END_REASONS.length);
    expect(texts.join()).not.toContain('undefined');
  });
});
