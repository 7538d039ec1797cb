import { RARE } from './attempts.js';
import { describeCalls, normalise, setCallMean } from './calls.js';
import { convolve } from './convolve.js';
import { addScaled, clear, maximum, meanOf, NODES, put } from './grid.js';
import type { FluidStep } from './routing.js';

/** Stages of an operation, or those after a miss, as one time. One per depth of misses within misses. */
export interface StagesTime {
  /** Of those who pass all stages; mass 1. */
  readonly passing: Float64Array;
  /** Share that passes all; of the others, share that failed by a timeout, and mean seconds until they failed. */
  ok: number;
  timedOut: number;
  failedSeconds: number;
  readonly stage: Float64Array;
  readonly call: Float64Array;
  readonly sum: Float64Array;
}

const byDepth: StagesTime[] = [];

function atDepth(depth: number): StagesTime {
  const array = () => new Float64Array(NODES);
  return (byDepth[depth] ??= {
    ...{ passing: array(), stage: array(), call: array(), sum: array() },
    ...{ ok: 1, timedOut: 0, failedSeconds: 0 },
  });
}

/** Describes the calls in the stages of an owner (see `FluidPlan`) and sums them up. */
export function describeStages(step: FluidStep, owner: number, depth: number): StagesTime {
  const { plan, state } = step;
  const time = atDepth(depth);
  clear(time.passing, 0);
  time.passing[0] = 1;
  let passed = 1;
  let elapsed = 0;
  let lost = 0;
  let lostTimedOut = 0;
  let lostSeconds = 0;
  for (let stage = plan.stageStart[owner]!; stage < plan.stageStart[owner + 1]!; stage++) {
    let ok = 1;
    let failing = 0;
    let failingTimedOut = 0;
    let failingSeconds = 0;
    let calls = 0;
    for (let i = plan.edgeStart[stage]!; i < plan.edgeStart[stage + 1]!; i++) {
      const edge = plan.stageEdge[i]!;
      if (state.edgeChanged[edge] === 1) {
        describeCalls(step, edge);
        addMisses(step, edge, depth);
      }
      if (plan.edgeAsync[edge] === 1) continue;
      const through = describeCopies(step, edge, time.call);
      if (calls++ === 0) time.stage.set(time.call);
      else maximum(time.stage, 0, time.stage, 0, time.call, 0);
      ok *= through;
      failing += 1 - through;
      failingTimedOut += (1 - through) * state.callTimedOut[edge]!;
      failingSeconds += (1 - through) * state.callFailedMean[edge]!;
    }
    state.stageOk[stage] = ok;
    if (calls === 0) continue;
    const mean = meanOf(time.stage, 0);
    if (failing > 0) {
      const share = passed * (1 - ok);
      lost += share;
      lostTimedOut += (share * failingTimedOut) / failing;
      // The stage ends when all of its calls have ended.
      lostSeconds +=
        share * (elapsed + (calls > 1 ? Math.max(mean, failingSeconds / failing) : failingSeconds / failing));
    }
    passed *= ok;
    elapsed += mean;
    if (time.passing[0] === 1) time.passing.set(time.stage);
    else {
      convolve(time.sum, 0, time.passing, 0, time.stage, 0);
      time.passing.set(time.sum);
    }
  }
  time.ok = Math.max(0, passed);
  time.timedOut = lost > 0 ? Math.min(1, lostTimedOut / lost) : 0;
  time.failedSeconds = lost > 0 ? lostSeconds / lost : 0;
  return time;
}

/** All copies of a call that is made with some probability. Returns the share of requests that they do not fail. */
function describeCopies({ plan, state }: FluidStep, edge: number, to: Float64Array): number {
  const at = edge * NODES;
  const ok = state.callOk[edge]!;
  const optional = plan.edgeOptional[edge] === 1;
  clear(to, 0);
  addScaled(to, 0, state.call, at, 1, optional ? ok : 1);
  if (optional && ok < 1) put(to, 0, state.callFailedMean[edge]!, 1 - ok);
  const copies = plan.edgeFanOut[edge]!;
  if (copies > 1) raise(to, copies);
  const made = plan.edgeProbability[edge]!;
  const through = optional ? 1 : ok ** copies;
  const pass = 1 - made + made * through;
  if (made < 1) {
    const share = pass > 0 ? (made * through) / pass : 1;
    for (let i = 0; i < NODES; i++) to[i] = to[i]! * share;
    to[0] = to[0]! + 1 - share;
  }
  return pass;
}

/** The largest of so many independent times. */
function raise(to: Float64Array, copies: number): void {
  let sum = 0;
  let below = 0;
  for (let i = 0; i < NODES; i++) {
    sum += to[i]!;
    const power = Math.max(0, sum) ** copies;
    to[i] = power - below;
    below = power;
  }
}

/** Lengthens the calls of an edge by the stages that follow where a cache had nothing. */
function addMisses(step: FluidStep, edge: number, depth: number): void {
  const { network, plan, parameters, state } = step;
  const misses = network.operations.length + edge;
  if (plan.stageStart[misses]! === plan.stageStart[misses + 1]!) return;
  const { offset, target } = network.routes;
  let weights = 0;
  let hits = 0;
  for (let route = offset[edge]!; route < offset[edge + 1]!; route++) {
    weights += parameters.routeWeight[route]!;
    hits += parameters.routeWeight[route]! * parameters.hitRatio[target[route]!]!;
  }
  const hit = weights > 0 ? hits / weights : 1;
  state.callHit[edge] = hit;
  const after = describeStages(step, misses, depth + 1);
  const ok = state.callOk[edge]!;
  const missed = ok * (1 - hit);
  const lost = missed * (1 - after.ok);
  const at = edge * NODES;
  if (missed > RARE) {
    const seconds = meanOf(state.call, at);
    const unanswered = 1 - ok;
    const failing = unanswered + lost;
    if (failing > 1e-12) {
      const own = unanswered * state.callFailedMean[edge]!;
      const ownTimedOut = unanswered * state.callTimedOut[edge]!;
      state.callFailedMean[edge] = (own + lost * (seconds + after.failedSeconds)) / failing;
      state.callTimedOut[edge] = (ownTimedOut + lost * after.timedOut) / failing;
    }
    convolve(after.sum, 0, state.call, at, after.passing, 0);
    for (let i = 0; i < NODES; i++) {
      state.call[at + i] = hit * state.call[at + i]! + (1 - hit) * after.ok * after.sum[i]!;
    }
    if (!normalise(state.call, at)) put(state.call, at, seconds, 1);
  }
  state.callOk[edge] = ok - lost;
  setCallMean(step, edge);
}
