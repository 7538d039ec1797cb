import { convolve } from './convolve.js';
import { addDelayed, clear, LAST, NODE_SECONDS, NODES, positionOf } from './grid.js';
import { isUp, type FluidStep } from './routing.js';
import { putWait } from './wait-shapes.js';

/** Seconds that a caller without timeout waits for a call that vanished. */
export const LOST_SECONDS = 60;
/** Shares below this have no shape of their own. */
export const RARE = 1e-6;
/** Up to this share one time, the mean, stands for the shape. */
export const UNCOMMON = 0.003;

/** How one attempt over an edge ends. One is used for all edges in turn. */
export interface Attempt {
  /** Distribution of the time until a successful answer; its mass is their share. */
  readonly answer: Float64Array;
  ok: number;
  /** Of those that failed: got no connection, so that no other attempt follows. */
  abandoned: number;
  /** Share that fails with an answer, or without being sent; mean seconds of it. */
  failed: number;
  failedSeconds: number;
  /** Share that runs into the timeout, and when. */
  timedOut: number;
  timeout: number;
  /** Mean seconds that it holds its connection. */
  hold: number;
  /** Second moment of the same, seconds squared. */
  holdSquare: number;
}

export function createAttempt(): Attempt {
  return {
    answer: new Float64Array(NODES),
    ...{ ok: 1, abandoned: 0, failed: 0, failedSeconds: 0, timedOut: 0, timeout: LOST_SECONDS, hold: 0, holdSquare: 0 },
  };
}

const waiting = new Float64Array(NODES);
const unlimited = new Float64Array(NODES);

/** From how the answering operations do now, over the routes of the edge, and the wait for a connection. */
export function describeAttempt(step: FluidStep, edge: number, attempt: Attempt): void {
  const { network, plan, parameters, state } = step;
  const { offset, target } = network.routes;
  const timeout = parameters.edgeTimeout[edge]!;
  attempt.timeout = timeout < Infinity ? timeout : LOST_SECONDS;
  clear(attempt.answer, 0);
  let weights = 0;
  let failed = 0;
  let failedSeconds = 0;
  let timedOut = 0;
  for (let route = offset[edge]!; route < offset[edge + 1]!; route++) weights += parameters.routeWeight[route]!;
  if (!(weights > 0)) failed = 1;
  for (let route = offset[edge]!; weights > 0 && route < offset[edge + 1]!; route++) {
    const share = parameters.routeWeight[route]! / weights;
    if (share === 0) continue;
    const operation = target[route]!;
    const up = isUp(step, plan.operationStation[operation]!);
    const lost = (1 - parameters.routeRefuse[route]!) * parameters.routeLoss[route]!;
    const refused = up ? parameters.routeRefuse[route]! : 1 - lost;
    const sent = up ? share * (1 - refused - lost) : 0;
    const delay = parameters.routeDelay[route]!;
    failed += share * refused + sent * state.answerRefused[operation]!;
    failedSeconds += sent * state.answerRefused[operation]! * delay;
    timedOut += share * lost;
    if (!(sent > 0)) continue;
    const later = sent * Math.max(0, 1 - state.answerOk[operation]! - state.answerRefused[operation]!);
    const laterSeconds = state.answerFailedMean[operation]! + delay;
    if (laterSeconds > timeout) timedOut += later;
    else {
      failed += later;
      failedSeconds += later * laterSeconds;
    }
    addDelayed(attempt.answer, 0, state.answer, operation * NODES, delay, sent * state.answerOk[operation]!);
  }
  holdTimes(attempt, timeout, failed, failedSeconds, timedOut);
  attempt.failed = failed;
  attempt.failedSeconds = failedSeconds;
  attempt.timedOut = timedOut;
  attempt.abandoned = 0;
  if (state.poolWaitShare[edge]! > RARE || state.poolRefused[edge]! > 0) waitForPool(step, edge, attempt);
  cutAtTimeout(attempt, timeout);
  attempt.failedSeconds = attempt.failed > 0 ? attempt.failedSeconds / attempt.failed : 0;
}

/** What fails takes its mean time. */
function holdTimes(attempt: Attempt, most: number, failed: number, failedSeconds: number, timedOut: number): void {
  const { answer, timeout } = attempt;
  attempt.hold = failedSeconds + timedOut * timeout;
  attempt.holdSquare = timedOut * timeout * timeout + (failed > 0 ? (failedSeconds * failedSeconds) / failed : 0);
  for (let i = 1; i < NODES; i++) {
    const seconds = Math.min(NODE_SECONDS[i]!, most);
    attempt.hold += answer[i]! * seconds;
    attempt.holdSquare += answer[i]! * seconds * seconds;
  }
  attempt.hold = Math.max(0, attempt.hold);
}

function waitForPool({ plan, parameters, state }: FluidStep, edge: number, attempt: Attempt): void {
  const share = state.poolWaitShare[edge]!;
  const mean = state.poolWaitMean[edge]!;
  unlimited.set(attempt.answer);
  clear(waiting, 0);
  waiting[0] = 1 - share;
  putWait(waiting, 0, mean, 1, share);
  convolve(attempt.answer, 0, unlimited, 0, waiting, 0);
  const refused = state.poolRefused[edge]!;
  const passed = 1 - refused;
  for (let i = 0; i < NODES; i++) attempt.answer[i] = attempt.answer[i]! * passed;
  attempt.failedSeconds = passed * (attempt.failedSeconds + attempt.failed * share * mean);
  attempt.failed *= passed;
  attempt.timedOut *= passed;
  const patience = plan.edgePoolTimeout[edge]!;
  if (patience < parameters.edgeTimeout[edge]!) {
    attempt.abandoned = refused;
    attempt.failed += refused;
    attempt.failedSeconds += refused * Math.min(patience, LOST_SECONDS);
  } else attempt.timedOut += refused;
}

/** What takes longer than the timeout becomes a failure at the timeout. */
function cutAtTimeout(attempt: Attempt, timeout: number): void {
  const { answer } = attempt;
  let before = 0;
  let after = 0;
  for (let i = 0; i < NODES; i++) before += answer[i]!;
  if (timeout < Infinity) {
    const position = timeout > 0 ? Math.max(0, positionOf(timeout)) : 0;
    const node = Math.floor(position + 0.5);
    if (node <= LAST) {
      answer[node] = answer[node]! * (node === 0 ? 1 : position + 0.5 - node);
      for (let i = node + 1; i < NODES; i++) answer[i] = 0;
    }
  }
  for (let i = 0; i < NODES; i++) after += answer[i]!;
  attempt.ok = Math.min(1, Math.max(0, after));
  attempt.timedOut = Math.max(0, attempt.timedOut + before - after);
  const total = attempt.ok + attempt.failed + attempt.timedOut;
  if (!(total > 0)) return;
  attempt.abandoned /= total;
  attempt.failed /= total;
  attempt.failedSeconds /= total;
  attempt.timedOut /= total;
  attempt.ok = Math.max(0, 1 - attempt.failed - attempt.timedOut);
}
