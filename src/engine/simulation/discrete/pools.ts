import { CALL_GRANTED, CALL_WAITS } from './call-table.js';
import type { World } from './discrete-state.js';
import { EVENT_BITS, TIMER } from './event-queue.js';
import { pushInstant } from './instant-queue.js';
import { clearTimer } from './timer-wheel.js';

/** Takes a connection of the caller's pool. False: the call was put into the pool's queue. */
export function takeConnection(world: World, call: number): boolean {
  const { calls, servers, poolInUse } = world.state;
  const edge = calls.edge[call]!;
  const server = calls.server[call]!;
  if (server >= 0) {
    const pool = poolOf(world, server, edge);
    if (servers.poolUsed[pool]! >= world.parameters.edgePool[edge]!) {
      joinQueue(world, pool, call);
      return false;
    }
    servers.poolUsed[pool]!++;
  }
  poolInUse[edge]!++;
  return true;
}

/** Gives the connection of a call back, and to the next in the queue. */
export function releaseConnection(world: World, call: number): void {
  const { calls, servers, poolInUse } = world.state;
  const edge = calls.edge[call]!;
  const server = calls.server[call]!;
  poolInUse[edge]!--;
  if (server < 0) return;
  const pool = poolOf(world, server, edge);
  servers.poolUsed[pool]!--;
  if (servers.poolHead[pool]! >= 0) feedPool(world, server, edge);
}

/** Grants free connections to calls that wait; they go on at this very moment. */
export function feedPool(world: World, server: number, edge: number): void {
  const { calls, servers, poolInUse, wheel, instant, clock } = world.state;
  const pool = poolOf(world, server, edge);
  while (servers.poolHead[pool]! >= 0 && servers.poolUsed[pool]! < world.parameters.edgePool[edge]!) {
    const call = servers.poolHead[pool]!;
    leavePool(world, call);
    clearTimer(wheel, calls, call);
    servers.poolUsed[pool]!++;
    poolInUse[edge]!++;
    calls.phase[call] = CALL_GRANTED;
    calls.due[call] = clock[0]!;
    pushInstant(instant, (call << EVENT_BITS) | TIMER);
  }
}

/** Takes a waiting call out of its pool's queue. */
export function leavePool(world: World, call: number): void {
  const { calls, servers } = world.state;
  const pool = poolOf(world, calls.server[call]!, calls.edge[call]!);
  const next = calls.poolNext[call]!;
  const previous = calls.poolPrevious[call]!;
  if (next >= 0) calls.poolPrevious[next] = previous;
  else servers.poolTail[pool] = previous;
  if (previous >= 0) calls.poolNext[previous] = next;
  else servers.poolHead[pool] = next;
}

function joinQueue({ state }: World, pool: number, call: number): void {
  const { calls, servers } = state;
  const tail = servers.poolTail[pool]!;
  calls.phase[call] = CALL_WAITS;
  calls.poolNext[call] = -1;
  calls.poolPrevious[call] = tail;
  if (tail < 0) servers.poolHead[pool] = call;
  else calls.poolNext[tail] = call;
  servers.poolTail[pool] = call;
}

function poolOf({ plan }: World, server: number, edge: number): number {
  return server * plan.poolStride + plan.edges.pool[edge]!;
}
