import type { Flows } from '../model/flows.types.js';
import type { TrafficPlan } from './traffic-plan.js';
import type { BudgetStates } from './traffic-state.types.js';

/** Seconds over which retries are held against calls (the default of Finagle's `RetryBudget`). */
export const BUDGET_WINDOW = 10;

export function createBudgets({ budgets }: TrafficPlan): BudgetStates {
  const perEdge = () => new Float64Array(budgets.length);
  return {
    calls: perEdge(),
    retries: perEdge(),
    callsBySecond: new Float64Array(budgets.length * BUDGET_WINDOW),
    retriesBySecond: new Float64Array(budgets.length * BUDGET_WINDOW),
    seenCalls: perEdge(),
    seenAttempts: perEdge(),
    seenFailed: perEdge(),
  };
}

/**
 * Retries may be at most a share of the calls of the last ten seconds (Finagle's retry budget), granted evenly over
 * them. What callers want is known from the last step only, so that the first second of a sudden failure can overdraw;
 * it is paid back in the following ones.
 *
 * @param share per edge: probability that a wanted retry is allowed, written here
 */
export function stepBudgets(
  { budgets }: TrafficPlan,
  states: BudgetStates,
  flows: Flows,
  step: number,
  share: Float64Array,
): void {
  const slot = step % BUDGET_WINDOW;
  const next = (step + 1) % BUDGET_WINDOW;
  // A run begins settled: what came before its start was like what came since.
  const seconds = Math.min(step + 1, BUDGET_WINDOW);
  for (let i = 0; i < budgets.length; i++) {
    const { edge, budget } = budgets[i]!;
    const first = flows.calls[edge]! - flows.shortCircuited[edge]!;
    const calls = first - states.seenCalls[i]!;
    const attempts = flows.attempts[edge]! - states.seenAttempts[i]!;
    const failed = flows.attemptsFailed[edge]! - states.seenFailed[i]!;
    states.seenCalls[i] = first;
    states.seenAttempts[i]! += attempts;
    states.seenFailed[i]! += failed;
    const retries = Math.max(0, attempts - calls);
    const row = i * BUDGET_WINDOW;
    states.calls[i]! += calls - states.callsBySecond[row + slot]!;
    states.retries[i]! += retries - states.retriesBySecond[row + slot]!;
    states.callsBySecond[row + slot] = calls;
    states.retriesBySecond[row + slot] = retries;
    if (retries === 0 && failed === 0) {
      share[edge] = 1;
      continue;
    }
    const allowed = (budget * states.calls[i]! * BUDGET_WINDOW) / seconds;
    const kept = states.retries[i]! - states.retriesBySecond[row + next]!;
    const granted = Math.min(allowed - kept, allowed / BUDGET_WINDOW);
    // Failures ask for retries; what was retried lags behind the share that was set, which would make it swing.
    share[edge] = failed > 0 ? Math.min(1, Math.max(0, granted / failed)) : 1;
  }
}
