import { Logger } from '@nestjs/common';
import { describe, expect, it, vi } from 'vitest';
import { answerParent } from './parent-requests.js';

const sound = {
  metrics: () => Promise.resolve('up 1'),
  health: () => Promise.resolve({ status: 'up' } as const),
};
const broken = {
  metrics: () => Promise.reject(new Error('a gauge has no answer')),
  health: () => {
    throw new Error('no checks');
  },
};

describe('answerParent', () => {
  it('passes on what it is asked for', async () => {
    expect(await answerParent({ type: 'metrics', id: 1 }, sound)).toEqual({ type: 'metrics', id: 1, text: 'up 1' });
    expect(await answerParent({ type: 'health', id: 2 }, sound)).toEqual({
      type: 'health',
      id: 2,
      outcome: { status: 'up' },
    });
  });

  it('answers, and says why, where a metric or a check breaks', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    expect(await answerParent({ type: 'metrics', id: 3 }, broken)).toEqual({ type: 'metrics', id: 3, text: '' });
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ reason: 'a gauge has no answer' }));
    warn.mockRestore();
    expect(await answerParent({ type: 'health', id: 4 }, broken)).toEqual({
      type: 'health',
      id: 4,
      outcome: { status: 'down', reason: 'no checks' },
    });
  });
});
