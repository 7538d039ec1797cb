import { createAttempt, describeAttempt, RARE, UNCOMMON } from './attempts.js';
import { addDelayed, clear, meanOf, NODES, put } from './grid.js';
import { retriesOf, type FluidStep } from './routing.js';

const attempt = createAttempt();

/** How the calls of an edge end and how long they take, retries included; what follows a miss is left out. */
export function describeCalls(step: FluidStep, edge: number): void {
  const { plan, parameters, state } = step;
  describeAttempt(step, edge, attempt);
  const failed = 1 - attempt.ok;
  const failedSeconds =
    failed > 0 ? (attempt.failed * attempt.failedSeconds + attempt.timedOut * attempt.timeout) / failed : 0;
  state.attemptFailed[edge] = failed;
  state.attemptTimedOut[edge] = attempt.timedOut;
  state.attemptMean[edge] = attempt.hold;
  const square = attempt.hold * attempt.hold;
  state.attemptScv[edge] = square > 0 ? Math.max(0, attempt.holdSquare / square - 1) : 1;
  const at = edge * NODES;
  clear(state.call, at);
  const retried = (failed - attempt.abandoned) * parameters.edgeRetryShare[edge]!;
  state.attemptRetried[edge] = retried;
  const retries = retriesOf(step, edge);
  let reached = 1;
  let elapsed = 0;
  let backoff = plan.edgeBackoff[edge]!;
  let answered = 0;
  let lost = 0;
  let lostSeconds = 0;
  for (let k = 0; k <= retries && reached > 1e-12; k++) {
    if (reached > UNCOMMON) addDelayed(state.call, at, attempt.answer, 0, elapsed, reached);
    else if (attempt.ok > RARE)
      put(state.call, at, elapsed + meanOf(attempt.answer, 0) / attempt.ok, reached * attempt.ok);
    answered += reached * attempt.ok;
    const givenUp = k < retries ? failed - retried : failed;
    lost += reached * givenUp;
    lostSeconds += reached * givenUp * (elapsed + failedSeconds);
    reached *= retried;
    // Full jitter: the mean back-off is half of its bound.
    elapsed += failedSeconds + Math.min(plan.edgeMaxBackoff[edge]!, backoff) / 2;
    backoff *= plan.edgeMultiplier[edge]!;
  }
  if (!normalise(state.call, at)) put(state.call, at, failedSeconds, 1);
  const admit = parameters.edgeAdmit[edge]!;
  state.callOk[edge] = admit * Math.min(1, answered);
  state.callAnswered[edge] = state.callOk[edge]!;
  const unanswered = 1 - state.callOk[edge]!;
  state.callFailedMean[edge] = unanswered > 1e-12 ? (admit * lostSeconds) / unanswered : 0;
  state.callTimedOut[edge] =
    unanswered > 1e-12 && failed > 0 ? Math.min(1, (admit * lost * attempt.timedOut) / failed / unanswered) : 0;
  setCallMean(step, edge);
}

export function setCallMean({ state }: FluidStep, edge: number): void {
  const ok = state.callOk[edge]!;
  const mean = meanOf(state.call, edge * NODES);
  state.callOkMean[edge] = mean;
  state.callMean[edge] = ok * mean + (1 - ok) * state.callFailedMean[edge]!;
}

/** Gives a distribution mass 1. False, and zero everywhere, where there is next to nothing. */
export function normalise(to: Float64Array, at: number): boolean {
  let mass = 0;
  for (let i = at; i < at + NODES; i++) mass += to[i]!;
  if (!(mass > RARE)) {
    clear(to, at);
    return false;
  }
  for (let i = at; i < at + NODES; i++) to[i] = to[i]! / mass;
  return true;
}
