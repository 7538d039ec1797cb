import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { nextBelow } from '../random/random.js';
import type { World } from './discrete-state.js';
import { EVENT_BITS, pushEvent, WORK_END } from './event-queue.js';
import { CALLS, WAITS_PLACE, WAITS_WORKER, WORKS } from './request-table.js';
import { SERVER_LIVE } from './server-table.js';
import { workOf } from './work-time.js';

/** Gives a request a place in a server that has one. */
export function hold(world: World, server: number, request: number): void {
  const { requests, servers, cells } = world.state;
  servers.held[server]!++;
  if (servers.busy[server]! < servers.workers[server]!) {
    startWork(world, server, request);
    return;
  }
  requests.phase[request] = WAITS_WORKER;
  requests.next[request] = -1;
  cells.queued[requests.cell[request]!]!++;
  const tail = servers.workerTail[server]!;
  if (tail < 0) servers.workerHead[server] = request;
  else requests.next[tail] = request;
  servers.workerTail[server] = request;
}

/** Puts a request into the accept queue of a server. */
export function waitPlace(world: World, server: number, request: number): void {
  const { requests, servers, cells } = world.state;
  requests.phase[request] = WAITS_PLACE;
  requests.next[request] = -1;
  cells.queued[requests.cell[request]!]!++;
  servers.waiting[server]!++;
  const tail = servers.placeTail[server]!;
  if (tail < 0) servers.placeHead[server] = request;
  else requests.next[tail] = request;
  servers.placeTail[server] = request;
}

/** Puts a request at the end of the station's shared queue, or, when it is delivered again, at its front. */
export function waitShared(world: World, station: number, request: number, again = false): void {
  const { requests, cells, sharedHead, sharedTail } = world.state;
  const head = sharedHead[station]!;
  requests.phase[request] = WAITS_PLACE;
  requests.server[request] = -1;
  requests.next[request] = again ? head : -1;
  cells.queued[requests.cell[request]!]!++;
  if (again || head < 0) sharedHead[station] = request;
  else requests.next[sharedTail[station]!] = request;
  if (!again || head < 0) sharedTail[station] = request;
}

/** Lets consumers with a free place take from the shared queue: those with an idle worker first. */
export function offerShared(world: World, station: number): void {
  const { servers, sharedHead, live, random } = world.state;
  const consumers = live[station]!;
  const count = consumers.length;
  while (sharedHead[station]! >= 0) {
    const start = count > 1 ? nextBelow(random.dispatch, count) : 0;
    let chosen = -1;
    for (let i = 0; i < count; i++) {
      const server = consumers[(start + i) % count]!;
      if (servers.held[server]! >= servers.slots[server]!) continue;
      if (chosen < 0) chosen = server;
      if (servers.busy[server]! < servers.workers[server]!) {
        chosen = server;
        break;
      }
    }
    if (chosen < 0) return;
    takeShared(world, station, chosen);
  }
}

/** Gives free workers to those who hold a place and wait, first come, first served. */
export function feedWorkers(world: World, server: number): void {
  const { requests, servers, cells } = world.state;
  while (servers.workerHead[server]! >= 0 && servers.busy[server]! < servers.workers[server]!) {
    const request = servers.workerHead[server]!;
    const next = requests.next[request]!;
    servers.workerHead[server] = next;
    if (next < 0) servers.workerTail[server] = -1;
    cells.queued[requests.cell[request]!]!--;
    startWork(world, server, request);
  }
}

/** Gives free places of a server to those who wait in it for one. */
export function feedPlaces(world: World, server: number): void {
  const { requests, servers, cells } = world.state;
  while (servers.placeHead[server]! >= 0 && servers.held[server]! < servers.slots[server]!) {
    const request = servers.placeHead[server]!;
    const next = requests.next[request]!;
    servers.placeHead[server] = next;
    if (next < 0) servers.placeTail[server] = -1;
    servers.waiting[server]!--;
    cells.queued[requests.cell[request]!]!--;
    hold(world, server, request);
  }
}

/** Frees the place of a request that leaves its server, and gives it to the next: of a consumer, in the shared queue. */
export function leavePlace(world: World, server: number): void {
  const { servers, sharedHead } = world.state;
  servers.held[server]!--;
  feedPlaces(world, server);
  const station = (servers.cell[server]! / CELLS_PER_STATION) | 0;
  if (world.plan.shared[station] === 0 || servers.phase[server] !== SERVER_LIVE) return;
  while (sharedHead[station]! >= 0 && servers.held[server]! < servers.slots[server]!)
    takeShared(world, station, server);
}

/** Frees the worker of a request whose work is over. */
export function leaveWorker(world: World, server: number, request: number): void {
  const { requests, servers, cells, clock } = world.state;
  const cell = servers.cell[server]!;
  const left = clock[1]! - clock[0]!;
  requests.phase[request] = CALLS;
  if (world.plan.operations.contends[requests.operation[request]!] === 1) servers.contending[server]!--;
  const busy = --servers.busy[server]!;
  cells.busy[cell]!--;
  cells.busySeconds[cell]! -= left;
  if (servers.saturated[server] === 1 && busy < servers.workers[server]! && servers.workerHead[server]! < 0) {
    servers.saturated[server] = 0;
    cells.saturated[cell]!--;
    cells.saturatedSeconds[cell]! -= left;
  }
}

function takeShared(world: World, station: number, server: number): void {
  const { requests, cells, sharedHead, sharedTail } = world.state;
  const request = sharedHead[station]!;
  const next = requests.next[request]!;
  sharedHead[station] = next;
  if (next < 0) sharedTail[station] = -1;
  cells.queued[requests.cell[request]!]!--;
  requests.server[request] = server;
  hold(world, server, request);
}

function startWork(world: World, server: number, request: number): void {
  const { requests, servers, cells, clock, random, queue } = world.state;
  const operation = requests.operation[request]!;
  const cell = servers.cell[server]!;
  const now = clock[0]!;
  const left = clock[1]! - now;
  let work = workOf(world.plan, operation, random.work) * servers.workFactor[server]!;
  if (world.plan.operations.contends[operation] === 1) {
    const others = servers.contending[server]!++;
    if (others > 0) work *= 1 + world.parameters.contention[(cell / CELLS_PER_STATION) | 0]! * others;
  }
  requests.phase[request] = WORKS;
  const busy = ++servers.busy[server]!;
  cells.busy[cell]!++;
  cells.busySeconds[cell]! += left;
  if (busy >= servers.workers[server]! && servers.saturated[server] === 0) {
    servers.saturated[server] = 1;
    cells.saturated[cell]!++;
    cells.saturatedSeconds[cell]! += left;
  }
  const speed = servers.speed[server]!;
  if (speed > 0) {
    const due = now + work / speed;
    requests.due[request] = due;
    pushEvent(queue, due, (request << EVENT_BITS) | WORK_END);
  } else {
    requests.due[request] = Infinity;
    requests.left[request] = work;
  }
}

/** Says anew whether all workers of a server are busy, after a change of their number. */
export function watchSaturation({ state }: World, server: number): void {
  const { servers, cells, clock } = state;
  const saturated = servers.busy[server]! > 0 && servers.busy[server]! >= servers.workers[server]! ? 1 : 0;
  const change = saturated - servers.saturated[server]!;
  const cell = servers.cell[server]!;
  servers.saturated[server] = saturated;
  cells.saturated[cell]! += change;
  cells.saturatedSeconds[cell]! += change * (clock[1]! - clock[0]!);
}
