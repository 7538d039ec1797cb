import type { FluidStep } from './routing.js';

/** Longest time in stages that is told apart, seconds: keeps the delay lines of stuck dependencies finite. */
const LONGEST_STAGES = 1e4;

/**
 * Brings the arrivals of this step to the front of a cell and refuses those that are shed.
 *
 * @param share of the station's arrivals that the cell takes
 * @returns accepted arrivals
 */
export function takeArrivals(step: FluidStep, station: number, cell: number, share: number): number {
  const { network, parameters, state, flows } = step;
  const operations = network.stations[station]!.operations;
  const shed = parameters.cells.shedRatio[cell]!;
  let accepted = 0;
  for (let i = 0; i < operations.length; i++) {
    const row = cell * network.operationStride + i;
    const arriving = state.incoming[operations[i]!]! * share;
    state.taken[row] = share;
    state.refused[row] = shed;
    if (!(arriving > 0)) continue;
    const refused = arriving * shed;
    flows.arrived[row] = flows.arrived[row]! + arriving;
    flows.rejected[row] = flows.rejected[row]! + refused;
    state.front[row] = state.front[row]! + arriving - refused;
    accepted += arriving - refused;
  }
  return accepted;
}

/** Refuses a share of the accepted arrivals, as the queue is full. */
export function refuseArrivals(step: FluidStep, station: number, cell: number, share: number): void {
  const { network, state, flows } = step;
  const operations = network.stations[station]!.operations;
  for (let i = 0; i < operations.length; i++) {
    const row = cell * network.operationStride + i;
    const arrived = state.incoming[operations[i]!]! * state.taken[row]! * (1 - state.refused[row]!);
    const refused = Math.min(state.front[row]!, arrived * share);
    state.front[row] = state.front[row]! - refused;
    flows.rejected[row] = flows.rejected[row]! + refused;
    state.refused[row] = state.refused[row]! + (1 - state.refused[row]!) * share;
  }
}

/** Requests in servers that vanished fail; those of a shared queue are delivered again instead. */
export function killServers(step: FluidStep, station: number, cell: number): void {
  const { network, plan, parameters, state, flows } = step;
  const killed = parameters.cells.killed[cell]!;
  const share = Math.min(1, killed / Math.max(killed + parameters.cells.servers[cell]!, state.servers[cell]!));
  const operations = network.stations[station]!.operations;
  for (let i = 0; i < operations.length; i++) {
    const row = cell * network.operationStride + i;
    const staged = state.staged[row]! * share;
    state.staged[row] = state.staged[row]! - staged;
    if (plan.shared[station] === 1) {
      state.front[row] = state.front[row]! + staged;
      continue;
    }
    const waiting = state.front[row]! * share;
    state.front[row] = state.front[row]! - waiting;
    flows.failedOwn[row] = flows.failedOwn[row]! + waiting + staged;
    finish(step, row, waiting + staged, true);
  }
}

/**
 * Ends the work of a share of a row's front: some fail on their own, the others go through their stages, which are a
 * delay line, and answer.
 */
export function endWork(step: FluidStep, cell: number, row: number, operation: number, served: number): void {
  const { plan, state, flows } = step;
  const failing = failingShare(step, cell, operation);
  const failed = served * failing;
  const entering = served - failed;
  state.front[row] = Math.max(0, state.front[row]! - served);
  flows.failedOwn[row] = flows.failedOwn[row]! + failed;
  flows.cpuSeconds[cell] = flows.cpuSeconds[cell]! + served * plan.cpuSeconds[operation]!;
  finish(step, row, failed, true);
  const total = state.staged[row]! + entering;
  if (total > 0) {
    const answered = total / (1 + Math.min(LONGEST_STAGES, state.stagesMean[operation]!));
    const ok = answered * state.stagesOk[operation]!;
    const timedOut = (answered - ok) * state.stagesTimedOut[operation]!;
    state.staged[row] = total - answered;
    flows.ok[row] = flows.ok[row]! + ok;
    flows.failedTimeout[row] = flows.failedTimeout[row]! + timedOut;
    flows.failedDependency[row] = flows.failedDependency[row]! + (answered - ok - timedOut);
    finish(step, row, answered, false);
    if (plan.stageStart[operation]! < plan.stageStart[operation + 1]!) {
      state.entering[operation] = state.entering[operation]! + entering;
      state.leaving[operation] = state.leaving[operation]! + answered;
    }
  }
  flows.inFlight[row] = state.front[row]! + state.staged[row]!;
}

/** Share of requests that fail on their own after their work: by the operation or by the cell. */
export function failingShare({ plan, parameters }: FluidStep, cell: number, operation: number): number {
  return 1 - (1 - plan.errorRatio[operation]!) * (1 - parameters.cells.errorRatio[cell]!);
}

/** Adds finished requests to the durations of a row: those that ended with their work, or those that answered. */
function finish(step: FluidStep, row: number, count: number, worked: boolean): void {
  if (!(count > 0)) return;
  const { network, state, flows } = step;
  const cell = Math.floor(row / network.operationStride);
  // Distributions are described now and then; the mean follows the queue in every step.
  const later = state.waitShare[cell]! * state.waitMean[cell]! - state.rowWait[row]!;
  const mean = Math.max(0, (worked ? state.workedMean[row]! : state.finishedMean[row]!) + later);
  const shares = worked ? state.workedBuckets : state.finishedBuckets;
  flows.durationSum[row] = flows.durationSum[row]! + count * mean;
  const buckets = network.durationBounds.length + 1;
  for (let i = row * buckets; i < (row + 1) * buckets; i++) {
    flows.durationBuckets[i] = flows.durationBuckets[i]! + count * shares[i]!;
  }
}
