import { afterEach, describe, expect, it, vi } from 'vitest';
import { Logger } from '@nestjs/common';
import { PollLoop } from './poll-loop.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('PollLoop', () => {
  let loop: PollLoop;
  afterEach(() => loop.stop());

  function start(look: () => Promise<boolean>, intervalMs = 10_000): void {
    loop = new PollLoop({ name: 'test', intervalMs, maxBackoffMs: 10_000, look });
    loop.start();
  }

  it('looks at once, again while there is more, and then on the clock', async () => {
    const answers = [true, true];
    const look = vi.fn(async () => answers.shift() ?? false);
    start(look, 40);
    await pause(20);
    expect(look).toHaveBeenCalledTimes(3);
    await pause(60);
    expect(look.mock.calls.length).toBeGreaterThan(3);
  });

  it('is woken, also in the middle of a look', async () => {
    let finish: () => void = () => undefined;
    const look = vi.fn(() => new Promise<boolean>((resolve) => (finish = () => resolve(false))));
    start(look);
    loop.wake();
    finish();
    await pause(5);
    expect(look).toHaveBeenCalledTimes(2);
    finish();
    await pause(5);
    loop.wake();
    await pause(5);
    expect(look).toHaveBeenCalledTimes(3);
    finish();
  });

  it('goes on after a failure, more slowly', async () => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const look = vi.fn(async () => Promise.reject(new Error('away')));
    start(look, 10);
    await pause(120);
    expect(look.mock.calls.length).toBeGreaterThan(1);
    expect(look.mock.calls.length).toBeLessThan(6);
  });

  it('stops after the look that is under way', async () => {
    let done = false;
    start(async () => {
      await pause(30);
      done = true;
      return true;
    });
    await pause(5);
    await loop.stop();
    expect(done).toBe(true);
  });
});
