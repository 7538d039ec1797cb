import { describeCalls } from './calls.js';
import { fillBuckets, NODES } from './grid.js';
import type { FluidStep } from './routing.js';

/** Longest time that users wait in any figure, seconds. */
const LONGEST = 1e4;

/** Users whose outcome is decided in this step: a delay line of the time that calls take now, retries included. */
export function serveUsers({ network, state, flows }: FluidStep, entry: number, arriving: number): void {
  const edge = network.entries[entry]!;
  const total = state.users[entry]! + arriving;
  const decided = total / (1 + Math.min(LONGEST, state.callMean[edge]!));
  const ok = decided * state.callOk[edge]!;
  state.users[entry] = total - decided;
  flows.userOffered[entry] = flows.userOffered[entry]! + arriving;
  flows.userOk[entry] = flows.userOk[entry]! + ok;
  flows.userFailed[entry] = flows.userFailed[entry]! + decided - ok;
  flows.userWaiting[entry] = state.users[entry]!;
  if (!(ok > 0)) return;
  flows.userDurationSum[entry] = flows.userDurationSum[entry]! + ok * state.callOkMean[edge]!;
  const buckets = network.userBounds.length + 1;
  for (let i = entry * buckets; i < (entry + 1) * buckets; i++) {
    flows.userBuckets[i] = flows.userBuckets[i]! + ok * state.userShares[i]!;
  }
}

export function describeUsers(step: FluidStep, entry: number): void {
  const { network, plan, state } = step;
  const edge = network.entries[entry]!;
  describeCalls(step, edge);
  fillBuckets(state.userShares, entry, state.call, edge * NODES, plan.userPositions);
}
