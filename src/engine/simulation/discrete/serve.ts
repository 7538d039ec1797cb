import { nextUniform } from '../random/random.js';
import { bucketOf } from './buckets.js';
import type { World } from './discrete-state.js';
import { ANSWER, EVENT_BITS, pushEvent } from './event-queue.js';
import { pushInstant } from './instant-queue.js';
import { FAILED_DEPENDENCY, FAILED_OWN, OK, REJECTED } from './outcomes.js';
import { pickHomeCell, pickServer } from './pick-server.js';
import { feedWorkers, hold, leavePlace, leaveWorker, offerShared, waitPlace, waitShared } from './places.js';
import { ANSWERS, freeRequest } from './request-table.js';

/** A request reaches its station. Where there is no server it finds a closed port, and nobody counts it. */
export function arrive(world: World, request: number): void {
  const { plan, state } = world;
  const { requests, servers } = state;
  const operation = requests.operation[request]!;
  const station = plan.operations.station[operation]!;
  const shared = plan.shared[station] === 1;
  const server = shared ? -1 : pickServer(world, station);
  if (server < 0 && !shared) {
    answer(world, request, REJECTED);
    return;
  }
  const cell = shared ? pickHomeCell(world, station) : servers.cell[server]!;
  const row = cell * world.stride + plan.operations.position[operation]!;
  requests.cell[request] = cell;
  requests.row[request] = row;
  requests.server[request] = server;
  requests.arrivedAt[request] = state.clock[0]!;
  world.flows.arrived[row]!++;
  if (isRefused(world, cell, server)) {
    world.flows.rejected[row]!++;
    answer(world, request, REJECTED);
    return;
  }
  state.inFlight[row]!++;
  if (shared) {
    waitShared(world, station, request);
    offerShared(world, station);
  } else if (servers.held[server]! < servers.slots[server]!) hold(world, server, request);
  else waitPlace(world, server, request);
}

/** Ends the work of a request. False: it failed on its own, and is gone; true: its calls are next. */
export function endWork(world: World, request: number): boolean {
  const { plan, state, flows } = world;
  const server = state.requests.server[request]!;
  const operation = state.requests.operation[request]!;
  leaveWorker(world, server, request);
  flows.cpuSeconds[state.servers.cell[server]!]! += plan.operations.cpuSeconds[operation]!;
  feedWorkers(world, server);
  const own = plan.operations.errorRatio[operation]!;
  const added = state.servers.errorRatio[server]!;
  if (own + added === 0 || nextUniform(state.random.fate) >= own + added - own * added) return true;
  finish(world, request, FAILED_OWN);
  return false;
}

/** A request leaves its station with any outcome but `REJECTED`, and the next takes its place. */
export function finish(world: World, request: number, outcome: number): void {
  const server = world.state.requests.server[request]!;
  account(world, request, outcome);
  answer(world, request, outcome);
  leavePlace(world, server);
}

/** Counts a request that ends after it was let in. */
export function account({ flows, state, network }: World, request: number, outcome: number): void {
  const row = state.requests.row[request]!;
  const duration = state.clock[0]! - state.requests.arrivedAt[request]!;
  if (outcome === OK) flows.ok[row]!++;
  else if (outcome === FAILED_OWN) flows.failedOwn[row]!++;
  else if (outcome === FAILED_DEPENDENCY) flows.failedDependency[row]!++;
  else flows.failedTimeout[row]!++;
  state.inFlight[row]!--;
  flows.durationSum[row]! += duration;
  const bounds = network.durationBounds;
  flows.durationBuckets[row * (bounds.length + 1) + bucketOf(bounds, duration)]!++;
}

/** Sends the answer, if the caller still waits for it. */
export function answer({ state }: World, request: number, outcome: number): void {
  const { requests } = state;
  if (state.calls.attempt[requests.call[request]!] !== requests.attempt[request]) {
    freeRequest(requests, request);
    return;
  }
  requests.phase[request] = ANSWERS;
  requests.outcome[request] = outcome;
  const delay = requests.delay[request]!;
  const what = (request << EVENT_BITS) | ANSWER;
  if (delay > 0) pushEvent(state.queue, state.clock[0]! + delay, what);
  else pushInstant(state.instant, what);
}

function isRefused({ parameters, state }: World, cell: number, server: number): boolean {
  const { servers, random } = state;
  const shed = parameters.cells.shedRatio[cell]!;
  if (shed > 0 && nextUniform(random.fate) < shed) return true;
  return (
    server >= 0 &&
    servers.held[server]! >= servers.slots[server]! &&
    servers.waiting[server]! >= servers.queueLimit[server]!
  );
}
