import { nextUniform } from '../random/random.js';
import { CALL_PAUSES, CALL_SENT } from './call-table.js';
import type { World } from './discrete-state.js';
import { EVENT_BITS, pushEvent, REQUEST_ARRIVAL } from './event-queue.js';
import { pushInstant } from './instant-queue.js';
import { releaseConnection, takeConnection } from './pools.js';
import { takeRequest, TRAVELS } from './request-table.js';
import { setTimer } from './timer-wheel.js';

/** Seconds until a call whose request was lost fails where the edge has no timeout. */
const LOST = 60;

/** Begins an attempt. False: it failed at once. */
export function startAttempt(world: World, call: number): boolean {
  const { plan, parameters, state, flows } = world;
  const { calls, queue, wheel, clock } = state;
  const edge = calls.edge[call]!;
  const now = clock[0]!;
  flows.attempts[edge]!++;
  calls.tries[call]!++;
  calls.deadline[call] = now + parameters.edgeTimeout[edge]!;
  if (takeConnection(world, call)) return send(world, call);
  setTimer(wheel, queue, calls, call, Math.min(calls.deadline[call]!, now + plan.edges.poolTimeout[edge]!));
  return true;
}

/** Sends the request of an attempt that has its connection. False: it was refused at once. */
export function send(world: World, call: number): boolean {
  const { parameters, state } = world;
  const { calls, requests, random, queue, wheel, clock } = state;
  const deadline = calls.deadline[call]!;
  const route = pickRoute(world, calls.edge[call]!);
  calls.phase[call] = CALL_SENT;
  const refuse = route < 0 ? 1 : parameters.routeRefuse[route]!;
  if (refuse > 0 && nextUniform(random.fate) < refuse) {
    releaseConnection(world, call);
    return false;
  }
  const loss = parameters.routeLoss[route]!;
  if (loss > 0 && nextUniform(random.fate) < loss) {
    setTimer(wheel, queue, calls, call, deadline < Infinity ? deadline : clock[0]! + LOST);
    return true;
  }
  if (deadline < Infinity) setTimer(wheel, queue, calls, call, deadline);
  const request = takeRequest(requests);
  const delay = parameters.routeDelay[route]! / 2;
  requests.phase[request] = TRAVELS;
  requests.operation[request] = world.network.routes.target[route]!;
  requests.call[request] = call;
  requests.attempt[request] = calls.attempt[call]!;
  requests.delay[request] = delay;
  const what = (request << EVENT_BITS) | REQUEST_ARRIVAL;
  if (delay > 0) pushEvent(queue, clock[0]! + delay, what);
  else pushInstant(state.instant, what);
  return true;
}

/** After a failed attempt: true where another will follow, after a pause with full jitter. */
export function retryLater(world: World, call: number): boolean {
  const { plan, parameters, state } = world;
  const { calls, random, queue, wheel, clock } = state;
  const edge = calls.edge[call]!;
  const tries = calls.tries[call]!;
  if (tries > plan.edges.retries[edge]! + parameters.edgeExtraRetries[edge]!) return false;
  const share = parameters.edgeRetryShare[edge]!;
  if (share < 1 && nextUniform(random.fate) >= share) return false;
  const longest = plan.edges.backoff[edge]! * plan.edges.multiplier[edge]! ** (tries - 1);
  calls.phase[call] = CALL_PAUSES;
  const pause = Math.min(plan.edges.maxBackoff[edge]!, longest) * nextUniform(random.pause);
  setTimer(wheel, queue, calls, call, clock[0]! + pause);
  return true;
}

/** A route by weight; -1: none has any. */
function pickRoute({ network, parameters, state }: World, edge: number): number {
  const { offset } = network.routes;
  const weights = parameters.routeWeight;
  const first = offset[edge]!;
  const end = offset[edge + 1]!;
  if (end - first === 1) return weights[first]! > 0 ? first : -1;
  let total = 0;
  for (let route = first; route < end; route++) total += weights[route]!;
  if (!(total > 0)) return -1;
  let left = nextUniform(state.random.dispatch) * total;
  let chosen = -1;
  for (let route = first; route < end; route++) {
    const weight = weights[route]!;
    if (weight <= 0) continue;
    chosen = route;
    if (left < weight) break;
    left -= weight;
  }
  return chosen;
}
