import { describe, expect, it } from 'vitest';
import { fixtureEntry, fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import { compileFleet } from '../model/compile-fleet.js';
import { createFlows } from '../model/create-network.js';
import { createBudgets, stepBudgets } from './retry-budgets.js';
import { trafficPlanOf } from './traffic-plan.js';

/** Edge 0 are the users; they retry up to three times, so many seconds after the failure. */
function budgeted(budget: number, lag = 0) {
  const retries = { max: 3, backoff: 0.1, multiplier: 2, maxBackoff: 1, budget };
  const fleet = compileFleet(fixtureScenario({ load: [fixtureEntry({ client: { timeout: 1, retries } })] }));
  const flows = createFlows(fleet.network);
  const share = new Float64Array(flows.calls.length).fill(1);
  const plan = trafficPlanOf(fleet);
  const states = createBudgets(plan);
  let step = 0;
  const decided: number[] = Array<number>(lag).fill(0);
  return {
    plan,
    /** @returns retries done in a second of so many calls, when so many retries are wanted */
    second(calls: number, wanted: number): number {
      decided.push(wanted * share[0]!);
      const retries = decided.shift()!;
      flows.calls[0]! += calls;
      flows.attempts[0]! += calls + retries;
      flows.attemptsFailed[0]! += wanted;
      stepBudgets(plan, states, flows, step++, share);
      return retries;
    },
  };
}

describe('stepBudgets', () => {
  it('leaves edges without a budget alone', () => {
    expect(budgeted(Infinity).plan.budgets).toEqual([]);
  });

  it('allows all retries that are within the budget', () => {
    const { second } = budgeted(0.2);
    const retries = Array.from({ length: 60 }, () => second(100, 15));
    expect(retries).toEqual(Array(60).fill(15));
  });

  it('holds retries to the share of the calls of the last ten seconds after the first second of a failure', () => {
    const { second } = budgeted(0.2);
    for (let i = 0; i < 20; i++) second(100, 0);
    const retries = Array.from({ length: 60 }, () => second(100, 300));
    expect(retries[0]).toBe(300);
    for (let end = 11; end <= 60; end++) {
      const window = retries.slice(end - 10, end).reduce((sum, each) => sum + each, 0);
      expect(window).toBeLessThanOrEqual(0.2 * 1000 + 1e-9);
    }
    const settled = retries.slice(30).reduce((sum, each) => sum + each, 0) / 30;
    expect(settled).toBeCloseTo(20, 6);
  });

  it('holds retries that come seconds after their failures, as with long back-offs', () => {
    const { second } = budgeted(0.1, 3);
    for (let i = 0; i < 20; i++) second(100, 0);
    const retries = Array.from({ length: 60 }, () => second(100, 100));
    const settled = retries.slice(30).reduce((sum, each) => sum + each, 0) / 30;
    expect(settled).toBeGreaterThan(8);
    expect(settled).toBeLessThanOrEqual(10 + 1e-9);
  });

  it('gives way at once when nothing fails any more', () => {
    const { second } = budgeted(0.1);
    for (let i = 0; i < 20; i++) second(100, 100);
    second(100, 0);
    expect(second(100, 5)).toBe(5);
  });
});
