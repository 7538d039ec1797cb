import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { CALL_FREE, CALL_GRANTED, CALL_SENT, freeCall } from './call-table.js';
import type { World } from './discrete-state.js';
import { FAILED_OWN } from './outcomes.js';
import { leaveWorker, waitShared } from './places.js';
import { CALLS, WAITS_PLACE, WAITS_WORKER, WORKS } from './request-table.js';
import { account, answer } from './serve.js';
import { freeServer, SERVER_KILLED } from './server-table.js';
import { clearTimer } from './timer-wheel.js';

/** What was in the servers fails; messages of a shared queue are delivered again. `phase` of each is `SERVER_KILLED`. */
export function killServers(world: World, killed: readonly number[]): void {
  const { requests, servers } = world.state;
  forgetCalls(world);
  for (const server of killed) {
    servers.workerHead[server] = servers.workerTail[server] = -1;
    servers.placeHead[server] = servers.placeTail[server] = -1;
  }
  for (let request = requests.used - 1; request >= 0; request--) {
    const phase = requests.phase[request]!;
    if (phase < WAITS_PLACE || phase > CALLS) continue;
    const server = requests.server[request]!;
    if (server >= 0 && servers.phase[server] === SERVER_KILLED) expel(world, request, server);
  }
  for (const server of killed) freeServer(servers, server);
}

/** Calls of killed servers end without anybody to tell; what they had sent goes on where it is. */
export function forgetCalls({ state }: World): void {
  const { calls, servers, wheel, poolInUse } = state;
  for (let call = 0; call < calls.used; call++) {
    const phase = calls.phase[call]!;
    const server = calls.server[call]!;
    if (phase === CALL_FREE || server < 0 || servers.phase[server] !== SERVER_KILLED) continue;
    if (phase === CALL_SENT || phase === CALL_GRANTED) poolInUse[calls.edge[call]!]!--;
    clearTimer(wheel, calls, call);
    freeCall(calls, call);
  }
}

function expel(world: World, request: number, server: number): void {
  const { requests, servers, cells } = world.state;
  const phase = requests.phase[request]!;
  if (phase === WORKS) leaveWorker(world, server, request);
  else if (phase === WAITS_WORKER || phase === WAITS_PLACE) cells.queued[requests.cell[request]!]!--;
  const station = (servers.cell[server]! / CELLS_PER_STATION) | 0;
  if (world.plan.shared[station] === 1) {
    waitShared(world, station, request, true);
    return;
  }
  account(world, request, FAILED_OWN);
  answer(world, request, FAILED_OWN);
}
