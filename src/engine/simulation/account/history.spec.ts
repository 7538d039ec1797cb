import { describe, expect, it } from 'vitest';
import { HandMadeRun } from '../../../../test/support/simulation/hand-made-run.js';
import { HISTORY_POINTS } from './history.js';

describe('history', () => {
  it('takes the finest round interval in which the planned duration fits', () => {
    const interval = (duration: number) => new HandMadeRun({ duration }).state.account.history.interval;
    expect([600, 2000, 2001, 3600, 86_400, 604_800].map(interval)).toEqual([1, 1, 2, 2, 60, 600]);
  });

  it('adds up requests, takes means of pods and cost, and quantiles of its own interval', () => {
    const run = new HandMadeRun({ duration: 3600 });
    run.node(0, {});
    run.pod(0, {});
    run.step({ answers: [[0.1, 10]] });
    run.pod(1, {});
    run.step({ answers: [[0.1, 10]], failed: 5 });
    run.steps(2, { answers: [[1, 10]] });
    const { history } = run.state.account;
    expect(history.points).toBe(2);
    expect([history.offered[0], history.ok[0], history.failed[0]]).toEqual([25, 20, 5]);
    expect(history.replicas[0]).toBe(1.5);
    expect(history.costRate[0]).toBeCloseTo(0.2, 9);
    // All answers of the first point lie in the bucket that ends at 0.1 s, those of the second in the one ending at 1 s.
    expect(history.p99[0]).toBeGreaterThan(0.0891);
    expect(history.p99[0]).toBeLessThanOrEqual(0.1);
    expect(history.p50[1]).toBeGreaterThan(0.891);
    expect(history.p50[1]).toBeLessThanOrEqual(1);
  });

  it('halves its points when a run goes on for longer than planned, and loses no request', () => {
    const run = new HandMadeRun({ duration: 60 });
    const steps = 2 * HISTORY_POINTS + 500;
    for (let i = 0; i < steps; i++) run.step({ answers: [[0.1, i % 7]] });
    const { history } = run.state.account;
    expect(history.interval).toBe(4);
    expect(history.points).toBe(Math.floor(steps / 4));
    const recorded = history.ok.subarray(0, history.points);
    for (const point of [0, 1, 500, history.points - 1]) {
      const [a, b, c, d] = [0, 1, 2, 3].map((offset) => (4 * point + offset) % 7);
      expect(recorded[point]).toBe(a! + b! + c! + d!);
    }
  });
});
