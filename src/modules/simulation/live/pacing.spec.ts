import { describe, expect, it } from 'vitest';
import { dueStep, isLive, type Pace } from './pacing.js';

const START = Date.UTC(2026, 10, 21, 12);
const LIVE: Pace = {
  state: 'running',
  step: 100,
  stepUntil: 0,
  historySteps: 0,
  catchUp: true,
  speed: 1,
  startedAt: new Date(START),
  pacedStep: 0,
  pacedAt: new Date(START),
};
const at = (seconds: number) => START + seconds * 1_000;

describe('how far a simulation should be', () => {
  it('follows the clock at speed 1, however long nothing ran', () => {
    expect(dueStep(LIVE, at(101.9))).toEqual({ step: 101, pacedFromHere: false });
    expect(dueStep(LIVE, at(90_000))).toEqual({ step: 90_000, pacedFromHere: false });
    expect(dueStep(LIVE, at(50))).toEqual({ step: 100, pacedFromHere: false });
  });

  it('goes on at speed 1 beside the clock where it is ahead of it', () => {
    const ahead: Pace = { ...LIVE, step: 7_200, pacedStep: 7_200, pacedAt: new Date(at(100)) };
    expect(dueStep(ahead, at(130))).toEqual({ step: 7_230, pacedFromHere: false });
    expect(isLive({ ...ahead, step: 7_229 }, at(130))).toBe(true);
    // Two hours later it is as far ahead as before.
    expect(dueStep({ ...ahead, step: 14_000 }, at(7_300)).step).toBe(14_400);
  });

  it('counts speed from where it was paced, and drops what was missed', () => {
    const fast: Pace = { ...LIVE, speed: 60, pacedStep: 90, pacedAt: new Date(at(10)) };
    expect(dueStep(fast, at(11))).toEqual({ step: 150, pacedFromHere: false });
    // Ten seconds of patience are 600 steps, and one.
    expect(dueStep(fast, at(20))).toEqual({ step: 690, pacedFromHere: false });
    expect(dueStep(fast, at(21))).toEqual({ step: 100, pacedFromHere: true });
  });

  it('is all of the history at once, and no further where it does not catch up', () => {
    const young: Pace = { ...LIVE, catchUp: false, historySteps: 3_600 };
    expect(dueStep(young, at(1))).toEqual({ step: 3_600, pacedFromHere: false });
    expect(dueStep({ ...young, step: 3_600 }, at(1))).toEqual({ step: 3_600, pacedFromHere: true });
  });

  it('is as many steps as were asked for of one that is paused, and none of one that failed', () => {
    expect(dueStep({ ...LIVE, state: 'paused' }, at(500))).toEqual({ step: 100, pacedFromHere: false });
    expect(dueStep({ ...LIVE, state: 'paused', stepUntil: 130 }, at(500)).step).toBe(130);
    expect(dueStep({ ...LIVE, state: 'failed', stepUntil: 130 }, at(500)).step).toBe(100);
  });
});

describe('what a simulation says', () => {
  it('is true now where it follows the clock', () => {
    expect(isLive(LIVE, at(101))).toBe(true);
    expect(isLive({ ...LIVE, catchUp: false }, at(101))).toBe(true);
  });

  it.each<[string, Partial<Pace>, number]>([
    ['paused', { state: 'paused' }, 101],
    ['failed', { state: 'failed' }, 101],
    ['faster', { speed: 2 }, 101],
    ['without a worker', {}, 200],
    ['without a worker, and does not catch up', { catchUp: false }, 200],
    ['making its history', { catchUp: false, historySteps: 3_600 }, 101],
  ])('is of another time where it is %s', (_why, pace, now) => {
    expect(isLive({ ...LIVE, ...pace }, at(now))).toBe(false);
  });
});
