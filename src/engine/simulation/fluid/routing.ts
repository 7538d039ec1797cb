import type { Flows } from '../model/flows.types.js';
import type { Network } from '../model/network.types.js';
import { CELLS_PER_STATION, type NetworkParameters } from '../model/parameters.types.js';
import type { FluidPlan } from './fluid-plan.js';
import type { FluidState } from './fluid-state.js';
import { utilisationAt, waitProbability } from './stationary.js';

/** What the parts of a step share. */
export interface FluidStep {
  readonly network: Network;
  readonly plan: FluidPlan;
  readonly parameters: NetworkParameters;
  readonly state: FluidState;
  readonly flows: Flows;
}

/** Whether anything answers at a station: connections to one without servers are refused. A shared queue takes all. */
export function isUp({ plan, parameters }: FluidStep, station: number): boolean {
  if (plan.shared[station] === 1) return true;
  const { servers, weight } = parameters.cells;
  const first = station * CELLS_PER_STATION;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
    if (servers[cell]! > 0 && weight[cell]! > 0) return true;
  }
  return false;
}

export function serversOf({ parameters }: FluidStep, station: number): number {
  const first = station * CELLS_PER_STATION;
  let servers = 0;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) servers += parameters.cells.servers[cell]!;
  return servers;
}

/** Attempts after the first that a call may make. */
export function retriesOf({ plan, parameters }: FluidStep, edge: number): number {
  return Math.max(0, Math.round(plan.edgeRetries[edge]! + parameters.edgeExtraRetries[edge]!));
}

/** Sends calls over an edge: breaker, retries, pool, routes. What arrives waits in `incoming`. */
export function sendCalls(step: FluidStep, edge: number, calls: number): void {
  const { plan, parameters, state, flows } = step;
  if (!(calls > 0) && !(state.poolQueue[edge]! > 0)) return;
  const admitted = calls * parameters.edgeAdmit[edge]!;
  const failing = state.attemptRetried[edge]!;
  let perCall = 1;
  let term = 1;
  for (let left = retriesOf(step, edge); left > 0 && term > 1e-12; left--) perCall += term *= failing;
  const attempts = admitted * perCall;
  flows.calls[edge] = flows.calls[edge]! + calls;
  flows.shortCircuited[edge] = flows.shortCircuited[edge]! + calls - admitted;
  flows.attempts[edge] = flows.attempts[edge]! + attempts;
  flows.attemptsFailed[edge] = flows.attemptsFailed[edge]! + attempts * state.attemptFailed[edge]!;
  flows.attemptsTimedOut[edge] = flows.attemptsTimedOut[edge]! + attempts * state.attemptTimedOut[edge]!;
  const from = plan.edgeStation[edge]!;
  const pools = from >= 0 && parameters.edgePool[edge]! < Infinity ? Math.max(1, serversOf(step, from)) : 0;
  deliver(step, edge, passPool(step, edge, attempts, pools), pools);
}

/**
 * Connections as servers of an M/G/c queue of their own, in which attempts wait until their timeout.
 *
 * @param servers callers, each with a pool of its own; 0: there are no pools
 * @returns attempts that got one
 */
function passPool(step: FluidStep, edge: number, attempts: number, servers: number): number {
  const { plan, parameters, state, flows } = step;
  const pool = parameters.edgePool[edge]!;
  if (servers === 0) {
    flows.poolInUse[edge] = attempts * state.attemptMean[edge]!;
    state.poolRefused[edge] = 0;
    state.poolWaitShare[edge] = 0;
    state.poolQueue[edge] = 0;
    return attempts;
  }
  const hold = Math.max(1e-6, state.attemptMean[edge]!);
  const content = (state.poolQueue[edge]! + attempts) / servers;
  setPoolFactors(step, edge);
  const capacity = pool / hold / poolFactors.stretch;
  const scv = poolFactors.full * (1 + state.attemptScv[edge]!) - 1;
  const use = utilisationAt(content, capacity, pool, scv, state.poolUse[edge]!);
  const passed = Math.min(content, capacity * use);
  const patience = Math.min(plan.edgePoolTimeout[edge]!, parameters.edgeTimeout[edge]!, 1e4);
  const waiting = content - passed;
  const queue = Math.min(waiting, passed * patience);
  const share = poolFactors.full * waitProbability(pool, use);
  const mean = passed > 0 ? queue / passed / Math.max(share, 1e-9) : 0;
  state.poolUse[edge] = use;
  state.poolQueue[edge] = queue * servers;
  state.poolWaitShare[edge] = mean > 0 ? share : 0;
  state.poolWaitMean[edge] = mean;
  state.poolRefused[edge] = pool > 0 && content > 0 ? Math.min(1, (waiting - queue) / content) : content > 0 ? 1 : 0;
  flows.poolInUse[edge] = Math.min(pool, passed * hold) * servers;
  return passed * servers;
}

const poolFactors = { stretch: 1, full: 1 };

/**
 * How much longer full pools of an edge hold their connections than on average, and how much rarer it is to wait for
 * one, than if they had their callees to themselves.
 */
function setPoolFactors({ network, plan, parameters, state }: FluidStep, edge: number): void {
  const { offset, target } = network.routes;
  const only = offset[edge]!;
  if (offset[edge + 1]! - only === 1) {
    const station = plan.operationStation[target[only]!]!;
    poolFactors.stretch = state.poolStretch[station]!;
    poolFactors.full = state.poolFull[station]!;
    return;
  }
  let weights = 0;
  let stretch = 0;
  let full = 0;
  for (let route = offset[edge]!; route < offset[edge + 1]!; route++) {
    const weight = parameters.routeWeight[route]!;
    const station = plan.operationStation[target[route]!]!;
    weights += weight;
    stretch += weight * state.poolStretch[station]!;
    full += weight * state.poolFull[station]!;
  }
  poolFactors.stretch = weights > 0 ? stretch / weights : 1;
  poolFactors.full = weights > 0 ? full / weights : 1;
}

function deliver(step: FluidStep, edge: number, attempts: number, pools: number): void {
  const { network, plan, parameters, state } = step;
  const { offset, target } = network.routes;
  let weights = 0;
  for (let route = offset[edge]!; route < offset[edge + 1]!; route++) weights += parameters.routeWeight[route]!;
  if (!(weights > 0) || !(attempts > 0)) return;
  for (let route = offset[edge]!; route < offset[edge + 1]!; route++) {
    const operation = target[route]!;
    const weight = parameters.routeWeight[route]!;
    if (weight === 0 || !isUp(step, plan.operationStation[operation]!)) continue;
    const through = (1 - parameters.routeRefuse[route]!) * (1 - parameters.routeLoss[route]!);
    const sent = (attempts * weight * through) / weights;
    state.incoming[operation] = state.incoming[operation]! + sent;
    if (pools === 0) continue;
    const share = (pools * weight) / weights;
    keepPooled(step, plan.operationStation[operation]!, sent, share, parameters.edgePool[edge]!);
  }
}

/** What comes to a station by connections, of so many pools of this size. */
function keepPooled({ state }: FluidStep, station: number, sent: number, pools: number, size: number): void {
  state.pooledArrivals[station] = state.pooledArrivals[station]! + sent;
  state.pools[station] = state.pools[station]! + pools;
  state.pooledConnections[station] = state.pooledConnections[station]! + pools * size;
}

/** Calls of the stages of an operation, or of those after a miss: `first` into the first stage, then `later` ones. */
export function sendStages(step: FluidStep, owner: number, first: number, later: number): void {
  const { network, plan, state } = step;
  let rate = first;
  let passed = 1;
  for (let stage = plan.stageStart[owner]!; stage < plan.stageStart[owner + 1]!; stage++) {
    for (let i = plan.edgeStart[stage]!; i < plan.edgeStart[stage + 1]!; i++) {
      const edge = plan.stageEdge[i]!;
      const calls = rate * plan.edgeProbability[edge]! * plan.edgeFanOut[edge]!;
      sendCalls(step, edge, calls);
      const misses = network.operations.length + edge;
      if (plan.stageStart[misses]! === plan.stageStart[misses + 1]!) continue;
      const missed = calls * state.callAnswered[edge]! * (1 - state.callHit[edge]!);
      sendStages(step, misses, missed, missed);
    }
    passed *= state.stageOk[stage]!;
    rate = later * passed;
  }
}
