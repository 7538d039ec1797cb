import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { meanOf, NODES, squareOf } from './grid.js';
import { isUp, type FluidStep } from './routing.js';
import { failingShare } from './rows.js';

/**
 * Distributions are worth describing anew only when what they follow from has changed: a drift is the largest relative
 * change of a time, or ten times the change of a probability, since they were last described. A description of all
 * that drifted is due when the largest drift x the steps since the last one exceeds this: a change of a third is seen
 * at once, one of 3 % after ten steps.
 */
export const DUE = 0.3;
/** Smaller drifts are left as they are. */
export const NEGLIGIBLE_DRIFT = 0.003;

const PROBABILITY_WEIGHT = 10;

/** Fills `operationDrift` and `edgeDrift`. Returns the largest. */
export function measureDrift(step: FluidStep): number {
  const { network, plan } = step;
  let most = 0;
  for (let station = 0; station < network.stations.length; station++) {
    const drift = driftOfStation(step, station);
    if (drift > most) most = drift;
  }
  for (let edge = 0; edge < plan.edgeStation.length; edge++) {
    const drift = driftOfEdge(step, edge);
    if (drift > most) most = drift;
  }
  return most;
}

function driftOfStation(step: FluidStep, station: number): number {
  const { network, parameters, state } = step;
  const { servers } = parameters.cells;
  const operations = network.stations[station]!.operations;
  const first = station * CELLS_PER_STATION;
  for (let i = 0; i < operations.length; i++) state.operationDrift[operations[i]!] = 0;
  let most = 0;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
    if (servers[cell] === 0 && state.servers[cell] === 0 && state.taken[cell * network.operationStride] === 0) continue;
    for (let i = 0; i < operations.length; i++) {
      const operation = operations[i]!;
      const row = cell * network.operationStride + i;
      const time = Math.abs(rowTime(step, cell, operation) - state.rowTime[row]!);
      const chance = Math.abs(rowChance(step, cell, row, operation) - state.rowChance[row]!);
      const drift = Math.max(time / (state.workedMean[row]! + 1e-5), PROBABILITY_WEIGHT * chance);
      if (drift > state.operationDrift[operation]!) state.operationDrift[operation] = drift;
      if (drift > most) most = drift;
    }
  }
  return most;
}

/** Sums in which every input that may change has a weight of its own, so that changes do not cancel. */
export function rowTime({ plan, parameters, state }: FluidStep, cell: number, operation: number): number {
  const { speed, workFactor } = parameters.cells;
  const contention = plan.contends[operation] === 1 ? state.contention[cell]! : 1;
  const work = (plan.workMean[operation]! * workFactor[cell]! * contention) / Math.max(speed[cell]!, 1e-6);
  return 1.1 * Math.min(1e5, work) + state.waitShare[cell]! * state.waitMean[cell]!;
}

export function rowChance(step: FluidStep, cell: number, row: number, operation: number): number {
  const { state } = step;
  const shape = (0.1 + 0.05 * state.waitScv[cell]!) * state.waitShare[cell]!;
  const failing = failingShare(step, cell, operation);
  return state.taken[row]! * (1 - 0.9 * state.refused[row]!) + 0.7 * failing + shape;
}

function driftOfEdge(step: FluidStep, edge: number): number {
  const { state } = step;
  const time = Math.abs(edgeTime(step, edge) - state.edgeTime[edge]!) / (state.callMean[edge]! + 1e-5);
  const chance = Math.abs(edgeChance(step, edge) - state.edgeChance[edge]!);
  const drift = Math.max(time, PROBABILITY_WEIGHT * chance);
  state.edgeDrift[edge] = drift;
  return drift;
}

export function edgeTime({ network, parameters, state }: FluidStep, edge: number): number {
  const { offset } = network.routes;
  let sum = Math.min(1e5, parameters.edgeTimeout[edge]!) + state.poolWaitShare[edge]! * state.poolWaitMean[edge]!;
  for (let route = offset[edge]!; route < offset[edge + 1]!; route++) {
    sum += 1.1 * parameters.routeWeight[route]! * parameters.routeDelay[route]!;
  }
  return sum;
}

export function edgeChance(step: FluidStep, edge: number): number {
  const { network, plan, parameters, state } = step;
  const { offset, target } = network.routes;
  let sum = parameters.edgeAdmit[edge]! + 0.7 * parameters.edgeRetryShare[edge]! + 1.3 * state.poolRefused[edge]!;
  sum += 0.3 * parameters.edgeExtraRetries[edge]!;
  let weights = 0;
  let routes = 0;
  for (let route = offset[edge]!; route < offset[edge + 1]!; route++) {
    const weight = parameters.routeWeight[route]!;
    if (weight === 0) continue;
    weights += weight;
    const operation = target[route]!;
    const up = isUp(step, plan.operationStation[operation]!) ? 1 : 0;
    const lost = 1.1 * parameters.routeLoss[route]! + 0.8 * parameters.routeRefuse[route]!;
    routes += weight * (0.1 * (route - offset[edge]!) + 0.9 * up + lost + 1.7 * parameters.hitRatio[operation]!);
  }
  return weights > 0 ? sum + routes / weights : sum;
}

/**
 * Whether an operation answers so differently from what its callers last heard that they must hear it, and be described
 * anew themselves. Then this is what they have heard.
 */
export function tellCallers({ state }: FluidStep, operation: number): boolean {
  const mean = meanOf(state.answer, operation * NODES);
  const square = squareOf(state.answer, operation * NODES);
  const ok = state.answerOk[operation]!;
  const refused = state.answerRefused[operation]!;
  const failedMean = state.answerFailedMean[operation]!;
  const failed = Math.max(0, 1 - ok - refused);
  const drift = Math.max(
    relative(mean, state.toldMean[operation]!),
    // A tail that grows by itself; the standard deviation moves half as much as the second moment.
    relative(square, state.toldSquare[operation]!) / 2,
    failed * relative(failedMean, state.toldFailedMean[operation]!),
    PROBABILITY_WEIGHT * Math.abs(ok - state.toldOk[operation]!),
    PROBABILITY_WEIGHT * Math.abs(refused - state.toldRefused[operation]!),
  );
  if (!(drift > NEGLIGIBLE_DRIFT)) return false;
  state.toldMean[operation] = mean;
  state.toldSquare[operation] = square;
  state.toldOk[operation] = ok;
  state.toldRefused[operation] = refused;
  state.toldFailedMean[operation] = failedMean;
  return true;
}

function relative(now: number, before: number): number {
  return now === before ? 0 : Math.abs(now - before) / Math.max(now, before, 1e-5);
}
