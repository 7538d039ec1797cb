import { describe, expect, it } from 'vitest';
import { fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import { compileFleet } from '../model/compile-fleet.js';
import { createFlows } from '../model/create-network.js';
import {
  BREAKER_CLOSED,
  BREAKER_HALF_OPEN,
  BREAKER_OPEN,
  createBreakers,
  stepBreakers,
  TRIAL_SHARE,
} from './breakers.js';

/** A breaker on edge 0: half of at least 20 calls within 5 s, open for 10 s, outcomes known within 2 s. */
function breaker() {
  const plan = [
    { edge: 0, offset: 0, window: 5, errorRatio: 0.5, minimumCalls: 20, openFor: 10, patience: 2 },
  ] as const;
  const states = createBreakers(plan);
  const flows = createFlows(compileFleet(fixtureScenario()).network);
  const admit = new Float64Array(flows.calls.length).fill(1);
  let step = 0;
  return {
    /** A second in which callers wanted so many calls, of which that share failed. @returns what passes from now on */
    second(calls: number, failing: number): number {
      const attempts = calls * admit[0]!;
      flows.calls[0]! += calls;
      flows.attempts[0]! += attempts;
      flows.attemptsFailed[0]! += attempts * failing;
      stepBreakers(plan, states, flows, ++step, admit);
      return admit[0]!;
    },
    phase: () => states.phase[0],
    admitted: () => admit[0]!,
    seconds: () => step,
  };
}

const repeat = (times: number, act: () => number): number[] => Array.from({ length: times }, act);

describe('stepBreakers', () => {
  it('stays closed below the error ratio', () => {
    const { second, phase } = breaker();
    expect(new Set(repeat(100, () => second(100, 0.49)))).toEqual(new Set([1]));
    expect(phase()).toBe(BREAKER_CLOSED);
  });

  it('stays closed while there are too few calls in the window', () => {
    const { second } = breaker();
    expect(new Set(repeat(50, () => second(3.9, 1)))).toEqual(new Set([1]));
  });

  it('opens at the error ratio and lets nothing pass for as long as it says', () => {
    const { second, phase } = breaker();
    second(100, 0.4);
    expect(second(100, 0.6)).toBe(0);
    expect(phase()).toBe(BREAKER_OPEN);
    expect(repeat(9, () => second(100, 1))).toEqual(Array(9).fill(0));
    expect(second(400, 1)).toBe(TRIAL_SHARE);
    expect(phase()).toBe(BREAKER_HALF_OPEN);
  });

  it('forgets what is older than the window', () => {
    const { second } = breaker();
    second(100, 0.45);
    repeat(5, () => second(20, 0));
    expect(second(20, 1)).toBe(1);
    expect(second(20, 1)).toBe(1);
    expect(second(20, 1)).toBe(0);
  });

  it('opens again when the trials fail', () => {
    const { second, phase } = breaker();
    second(100, 1);
    repeat(10, () => second(100, 1));
    expect(phase()).toBe(BREAKER_HALF_OPEN);
    expect(second(100, 1)).toBe(0);
    expect(phase()).toBe(BREAKER_OPEN);
  });

  it('closes after ten successful trials, all of which had time to fail', () => {
    const { second, phase } = breaker();
    second(100, 1);
    repeat(10, () => second(100, 1));
    expect(second(100, 0)).toBe(0.1);
    expect(second(100, 0)).toBe(0.1);
    expect(second(100, 0)).toBe(1);
    expect(phase()).toBe(BREAKER_CLOSED);
    expect(second(100, 0)).toBe(1);
  });

  it('lets all pass when there are few, and judges when it has seen ten', () => {
    const { second, phase } = breaker();
    second(100, 1);
    repeat(10, () => second(2, 1));
    const phases = repeat(6, () => (second(2, 0), phase()!));
    expect(phases).toEqual([...Array(4).fill(BREAKER_HALF_OPEN), BREAKER_CLOSED, BREAKER_CLOSED]);
  });

  it('closes a chain of two once what is behind it is well', () => {
    const outer = breaker();
    const inner = breaker();
    let broken = true;
    // What the inner breaker stops fails for the outer one.
    const passes = repeat(200, () => {
      broken &&= outer.seconds() < 50;
      const tried = 100 * outer.admitted();
      const reached = inner.admitted();
      inner.second(tried, broken ? 1 : 0);
      return outer.second(100, broken ? 1 : 1 - reached);
    });
    expect(passes.slice(0, 50)).toContain(0);
    expect(passes.slice(120)).toEqual(Array(80).fill(1));
  });
});
