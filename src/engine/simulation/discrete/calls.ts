import { nextUniform } from '../random/random.js';
import { send, startAttempt, retryLater } from './attempts.js';
import { bucketOf } from './buckets.js';
import { CALL_GRANTED, CALL_MISSED, CALL_PAUSES, CALL_WAITS, freeCall, NOBODY, takeCall, USER } from './call-table.js';
import type { World } from './discrete-state.js';
import { FAILED_DEPENDENCY, FAILED_TIMEOUT, OK } from './outcomes.js';
import { leavePool, releaseConnection } from './pools.js';
import { freeRequest } from './request-table.js';
import { finish } from './serve.js';
import { clearTimer } from './timer-wheel.js';

/** A user comes in by an entry. */
export function startUser(world: World, entry: number): void {
  world.flows.userOffered[entry]!++;
  world.state.userWaiting[entry]!++;
  startCall(world, world.network.entries[entry]!, USER, -1);
}

/** Runs the stages of a request whose work is done. */
export function startStages(world: World, request: number): void {
  const { requests } = world.state;
  requests.stage[request] = world.plan.operations.stage[requests.operation[request]!]!;
  requests.failure[request] = OK;
  advance(world, request * 2);
}

/** The answer of a request reaches the caller. */
export function answered(world: World, request: number): void {
  const { requests, calls, wheel } = world.state;
  const call = requests.call[request]!;
  const operation = requests.operation[request]!;
  const outcome = requests.outcome[request]!;
  const late = calls.attempt[call] !== requests.attempt[request];
  freeRequest(requests, request);
  if (late) return;
  clearTimer(wheel, calls, call);
  releaseConnection(world, call);
  if (outcome === OK) succeed(world, call, operation);
  else failAttempt(world, call, FAILED_DEPENDENCY);
}

/** The timer of a call fires. */
export function timerFired(world: World, call: number): void {
  const { calls, clock } = world.state;
  const edge = calls.edge[call]!;
  calls.due[call] = NaN;
  switch (calls.phase[call]) {
    case CALL_PAUSES:
      if (!startAttempt(world, call)) failAttempt(world, call, FAILED_DEPENDENCY);
      return;
    case CALL_GRANTED:
      if (!send(world, call)) failAttempt(world, call, FAILED_DEPENDENCY);
      return;
    case CALL_WAITS:
      leavePool(world, call);
      if (clock[0]! >= calls.deadline[call]!) break;
      world.flows.attemptsFailed[edge]!++;
      end(world, call, FAILED_DEPENDENCY);
      return;
    default:
      releaseConnection(world, call);
  }
  world.flows.attemptsTimedOut[edge]!++;
  failAttempt(world, call, FAILED_TIMEOUT);
}

function startCall(world: World, edge: number, parent: number, server: number): void {
  const { parameters, state, flows } = world;
  const { calls, random } = state;
  flows.calls[edge]!++;
  const admit = parameters.edgeAdmit[edge]!;
  if (admit < 1 && nextUniform(random.fate) >= admit) {
    flows.shortCircuited[edge]!++;
    settle(world, edge, parent, FAILED_DEPENDENCY, state.clock[0]!);
    return;
  }
  const call = takeCall(calls);
  calls.edge[call] = edge;
  calls.parent[call] = parent;
  calls.server[call] = server;
  calls.tries[call] = 0;
  calls.timerBucket[call] = -1;
  calls.startedAt[call] = state.clock[0]!;
  if (!startAttempt(world, call)) failAttempt(world, call, FAILED_DEPENDENCY);
}

function failAttempt(world: World, call: number, outcome: number): void {
  const { calls } = world.state;
  world.flows.attemptsFailed[calls.edge[call]!]!++;
  calls.attempt[call]!++;
  if (!retryLater(world, call)) end(world, call, outcome);
}

/** A call was answered without error: over, unless the answering cache had nothing. */
function succeed(world: World, call: number, operation: number): void {
  const { plan, parameters, state } = world;
  const { calls, random } = state;
  const edge = calls.edge[call]!;
  const stage = plan.edges.missStage[edge]!;
  if (stage === plan.edges.missStageEnd[edge]! || nextUniform(random.fate) < parameters.hitRatio[operation]!) {
    end(world, call, OK);
    return;
  }
  calls.phase[call] = CALL_MISSED;
  calls.attempt[call]!++;
  calls.stage[call] = stage;
  calls.failure[call] = OK;
  advance(world, call * 2 + 1);
}

function end(world: World, call: number, outcome: number): void {
  const { calls } = world.state;
  const edge = calls.edge[call]!;
  const parent = calls.parent[call]!;
  const startedAt = calls.startedAt[call]!;
  freeCall(calls, call);
  settle(world, edge, parent, outcome, startedAt);
}

/** Tells whoever waits for a call how it ended. */
function settle(world: World, edge: number, parent: number, outcome: number, startedAt: number): void {
  if (parent === NOBODY) return;
  if (parent === USER) {
    settleUser(world, world.plan.edges.entry[edge]!, outcome, startedAt);
    return;
  }
  const { requests, calls } = world.state;
  const table = (parent & 1) === 1 ? calls : requests;
  const slot = parent >> 1;
  if (outcome !== OK && table.failure[slot] === OK && world.plan.edges.optional[edge] === 0)
    table.failure[slot] = outcome;
  if (--table.pending[slot]! === 0) advance(world, parent);
}

function settleUser({ flows, state, network }: World, entry: number, outcome: number, startedAt: number): void {
  state.userWaiting[entry]!--;
  if (outcome !== OK) {
    flows.userFailed[entry]!++;
    return;
  }
  const waited = state.clock[0]! - startedAt;
  const bounds = network.userBounds;
  flows.userOk[entry]!++;
  flows.userDurationSum[entry]! += waited;
  flows.userBuckets[entry * (bounds.length + 1) + bucketOf(bounds, waited)]!++;
}

/**
 * Starts the next stage of a request or of a missed call (`CallTable.parent` says which), and the one after that where
 * a stage calls nobody; ends it after the last, or when a stage failed.
 */
function advance(world: World, frame: number): void {
  const { plan, state } = world;
  const isCall = (frame & 1) === 1;
  const slot = frame >> 1;
  const stageEnd = isCall
    ? plan.edges.missStageEnd[state.calls.edge[slot]!]!
    : plan.operations.stageEnd[state.requests.operation[slot]!]!;
  const server = isCall ? state.calls.server[slot]! : state.requests.server[slot]!;
  for (;;) {
    const table = isCall ? state.calls : state.requests;
    const failure = table.failure[slot]!;
    const stage = table.stage[slot]!;
    if (failure !== OK || stage === stageEnd) {
      if (isCall) end(world, slot, failure);
      else finish(world, slot, failure);
      return;
    }
    table.stage[slot] = stage + 1;
    // One more than the calls, so that calls that end at once do not end the stage before all have started.
    table.pending[slot] = 1;
    launch(world, stage, frame, server);
    if (--table.pending[slot]! > 0) return;
  }
}

function launch(world: World, stage: number, frame: number, server: number): void {
  const { plan, state } = world;
  const { probability, fanOut, async } = plan.edges;
  const table = (frame & 1) === 1 ? state.calls : state.requests;
  const last = plan.stageStart[stage + 1]!;
  for (let i = plan.stageStart[stage]!; i < last; i++) {
    const edge = plan.stageEdge[i]!;
    if (probability[edge]! < 1 && nextUniform(state.random.fate) >= probability[edge]!) continue;
    for (let copies = fanOut[edge]!; copies > 0; copies--) {
      if (async[edge] === 1) startCall(world, edge, NOBODY, server);
      else {
        table.pending[frame >> 1]!++;
        startCall(world, edge, frame, server);
      }
    }
  }
}
