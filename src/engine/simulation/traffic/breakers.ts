import type { Flows } from '../model/flows.types.js';
import type { BreakerPlan } from './traffic-plan.js';
import type { BreakerStates } from './traffic-state.types.js';

export const BREAKER_CLOSED = 0;
export const BREAKER_OPEN = 1;
export const BREAKER_HALF_OPEN = 2;

/** Share of the calls that a half-open breaker lets through, but at least `TRIAL_ATTEMPTS` a second. */
export const TRIAL_SHARE = 0.05;

/**
 * Attempts by which a half-open breaker judges (Resilience4j's `permittedNumberOfCallsInHalfOpenState`). Where there
 * are fewer calls all of them pass: of two breakers in a chain the inner one gets only what the outer one tries, and
 * with a share of a share neither would ever close.
 */
export const TRIAL_ATTEMPTS = 10;

export function createBreakers(plan: readonly BreakerPlan[]): BreakerStates {
  const perBreaker = () => new Float64Array(plan.length);
  const seconds = plan.reduce((sum, { window }) => sum + window, 0);
  return {
    phase: new Uint8Array(plan.length),
    since: perBreaker(),
    attempts: perBreaker(),
    failed: perBreaker(),
    attemptsBySecond: new Float64Array(seconds),
    failedBySecond: new Float64Array(seconds),
    seenCalls: perBreaker(),
    seenAttempts: perBreaker(),
    seenFailed: perBreaker(),
  };
}

/**
 * Circuit breakers (Nygard, "Release It!", 2007; counting by sliding window as in Resilience4j), one per edge, alike
 * for all pods of the caller. Closed: opens when the share of failed attempts in the window reaches the limit. Open:
 * nothing passes for `openFor`. Half-open: a few pass; they close it or open it again.
 *
 * @param admit per edge: share of calls let through, written here
 */
export function stepBreakers(
  plan: readonly BreakerPlan[],
  states: BreakerStates,
  flows: Flows,
  step: number,
  admit: Float64Array,
): void {
  for (let i = 0; i < plan.length; i++) {
    const breaker = plan[i]!;
    const calls = flows.calls[breaker.edge]! - states.seenCalls[i]!;
    const attempts = flows.attempts[breaker.edge]! - states.seenAttempts[i]!;
    const failed = flows.attemptsFailed[breaker.edge]! - states.seenFailed[i]!;
    states.seenCalls[i]! += calls;
    states.seenAttempts[i]! += attempts;
    states.seenFailed[i]! += failed;
    const phase = states.phase[i]!;
    if (phase === BREAKER_CLOSED) {
      slideWindow(breaker, states, i, step, attempts, failed);
      if (states.attempts[i]! >= breaker.minimumCalls && fails(breaker, states, i)) {
        enter(states, i, BREAKER_OPEN, step);
        admit[breaker.edge] = 0;
      }
    } else if (phase === BREAKER_OPEN) {
      if (step - states.since[i]! >= breaker.openFor) {
        enter(states, i, BREAKER_HALF_OPEN, step);
        admit[breaker.edge] = trialShare(calls);
      }
    } else {
      states.attempts[i]! += attempts;
      states.failed[i]! += failed;
      admit[breaker.edge] = trialShare(calls);
      judgeTrial(breaker, states, i, step, admit);
    }
  }
}

/** @param calls wanted in the last second */
function trialShare(calls: number): number {
  return calls > TRIAL_ATTEMPTS ? Math.max(TRIAL_SHARE, TRIAL_ATTEMPTS / calls) : 1;
}

/** Opens again as soon as that many trials have failed, closes when there were enough of them and time for all to fail. */
function judgeTrial(breaker: BreakerPlan, states: BreakerStates, i: number, step: number, admit: Float64Array): void {
  const needed = Math.min(TRIAL_ATTEMPTS, breaker.minimumCalls);
  if (states.failed[i]! > 0 && states.failed[i]! >= needed * breaker.errorRatio && fails(breaker, states, i)) {
    enter(states, i, BREAKER_OPEN, step);
    admit[breaker.edge] = 0;
  } else if (states.attempts[i]! >= needed && step - states.since[i]! > breaker.patience) {
    enter(states, i, BREAKER_CLOSED, step);
    states.attemptsBySecond.fill(0, breaker.offset, breaker.offset + breaker.window);
    states.failedBySecond.fill(0, breaker.offset, breaker.offset + breaker.window);
    admit[breaker.edge] = 1;
  }
}

function fails({ errorRatio }: BreakerPlan, states: BreakerStates, i: number): boolean {
  return states.failed[i]! > 0 && states.failed[i]! >= errorRatio * states.attempts[i]!;
}

function enter(states: BreakerStates, i: number, phase: number, step: number): void {
  states.phase[i] = phase;
  states.since[i] = step;
  states.attempts[i] = 0;
  states.failed[i] = 0;
}

function slideWindow(
  { offset, window }: BreakerPlan,
  states: BreakerStates,
  i: number,
  step: number,
  attempts: number,
  failed: number,
): void {
  const { attemptsBySecond, failedBySecond } = states;
  const slot = offset + (step % window);
  states.attempts[i]! += attempts - attemptsBySecond[slot]!;
  states.failed[i]! += failed - failedBySecond[slot]!;
  attemptsBySecond[slot] = attempts;
  failedBySecond[slot] = failed;
  if (slot !== offset) return;
  // Once a round the sums are made anew, so that rounding errors do not add up.
  states.attempts[i] = sum(attemptsBySecond, offset, window);
  states.failed[i] = sum(failedBySecond, offset, window);
}

function sum(values: Float64Array, offset: number, length: number): number {
  let total = 0;
  for (let i = offset; i < offset + length; i++) total += values[i]!;
  return total;
}
