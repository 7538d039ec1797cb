import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RepeatedWarnings } from './repeated-warnings.js';

describe('RepeatedWarnings', () => {
  const warn = vi.fn();
  const log = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    warn.mockReset();
    log.mockReset();
  });
  afterEach(() => vi.useRealTimers());

  /** Two queues that fail each second. */
  function outage(warnings: RepeatedWarnings, seconds: number): void {
    for (let second = 0; second < seconds; second++) {
      for (const queue of ['a', 'b']) warnings.warn('queue error', 'connection refused', queue);
      vi.advanceTimersByTime(1_000);
    }
  }

  it('says the first at once, then a count each minute, and when it is over', () => {
    const warnings = new RepeatedWarnings({ warn, log });
    outage(warnings, 1);
    expect(warn.mock.calls).toEqual([[{ msg: 'queue error', queue: 'a', reason: 'connection refused' }]]);
    outage(warnings, 149);
    expect(warn.mock.calls.slice(1)).toEqual([
      [{ msg: 'queue error: still', reason: 'connection refused', times: 119, queues: 2 }],
      [{ msg: 'queue error: still', reason: 'connection refused', times: 120, queues: 2 }],
    ]);
    expect(log).not.toHaveBeenCalled();
    vi.advanceTimersByTime(40_000);
    expect(log.mock.calls).toEqual([
      [{ msg: 'queue error: over', reason: 'connection refused', times: 300, seconds: 149, queues: 2 }],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says it at once when it comes again afterwards, and other errors in between', () => {
    const warnings = new RepeatedWarnings({ warn, log });
    outage(warnings, 3);
    warnings.warn('queue error', 'disk full', 'a');
    expect(warn).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(60_000);
    expect(log, 'the full disk came only once').toHaveBeenCalledTimes(1);
    warnings.warn('queue error', 'connection refused', 'a');
    expect(warn).toHaveBeenCalledTimes(3);
  });

  it('remembers no endless list of different errors', () => {
    const warnings = new RepeatedWarnings({ warn, log });
    for (let i = 0; i < 150; i++) warnings.warn('queue error', `error ${i}`);
    expect(warn).toHaveBeenCalledTimes(150);
    for (let i = 0; i < 150; i++) warnings.warn('queue error', `error ${i}`);
    expect(warn).toHaveBeenCalledTimes(200);
  });
});
