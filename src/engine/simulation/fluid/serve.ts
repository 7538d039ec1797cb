import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { createFront, stepFront } from './front.js';
import { boundedQueue, readQueue } from './bounded-queue.js';
import { sendStages, serversOf, type FluidStep } from './routing.js';
import { endWork, failingShare, killServers, refuseArrivals, takeArrivals } from './rows.js';

/** Less than this in a cell without servers is nothing. */
const NOTHING = 1e-9;

/** Longest time in stages that is told apart, seconds. */
const LONGEST_STAGES = 1e4;

/** Used for one cell after another within a step; remembers nothing. */
const front = createFront();

/** Serves a station for a step: its cells one by one, or as one queue where they share it. */
export function serveStation(step: FluidStep, station: number): void {
  if (step.plan.shared[station] === 1) serveShared(step, station);
  else serveCells(step, station);
  const { state } = step;
  const operations = step.network.stations[station]!.operations;
  if (state.pools[station]! > 0) forgetPools(step, station);
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i]!;
    state.incoming[operation] = 0;
    if (state.leaving[operation]! > 0 || state.entering[operation]! > 0) passOn(step, operation);
  }
}

/** Sends the calls of all requests of an operation that are in its stages, in whichever cell. */
function passOn(step: FluidStep, operation: number): void {
  const { state } = step;
  const entering = state.entering[operation]!;
  const leaving = state.leaving[operation]!;
  state.entering[operation] = 0;
  state.leaving[operation] = 0;
  sendStages(step, operation, entering, leaving);
}

function forgetPools({ state }: FluidStep, station: number): void {
  state.pooledArrivals[station] = 0;
  state.pooledConnections[station] = 0;
  state.pools[station] = 0;
}

/** What bounds the number of requests at the only server of a station: the connections of the pools that they need. */
function boundByPools(step: FluidStep, station: number, arriving: number): void {
  const { state } = step;
  if (serversOf(step, station) !== 1) return;
  const pools = Math.max(1, Math.round(state.pools[station]!));
  const size = Math.max(1, Math.round(state.pooledConnections[station]! / pools));
  front.bound = boundedQueue(front.workers, pools, size);
  if (front.bound !== undefined) front.boundShare = Math.min(1, state.pooledArrivals[station]! / arriving);
}

/** What the callers' pools must know of the station behind them. */
function tellPools({ state }: FluidStep, station: number): void {
  const { bound, boundShare, utilisation } = front;
  state.poolStretch[station] = 1;
  state.poolFull[station] = 1;
  if (bound === undefined || boundShare === 0) return;
  state.poolStretch[station] = 1 + boundShare * (readQueue(bound.stretch, utilisation) - 1);
  state.poolFull[station] = 1 + boundShare * (readQueue(bound.full, utilisation) - 1);
}

/** Every server has a queue of its own, or none (delay). */
function serveCells(step: FluidStep, station: number): void {
  const { plan, parameters, state } = step;
  const { servers, weight, killed } = parameters.cells;
  const first = station * CELLS_PER_STATION;
  let weights = 0;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) weights += servers[cell]! * weight[cell]!;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
    if (servers[cell] === 0 && state.servers[cell] === 0) continue;
    if (killed[cell]! > 0) killServers(step, station, cell);
    const arriving = takeArrivals(step, station, cell, weights > 0 ? (servers[cell]! * weight[cell]!) / weights : 0);
    // A cell that lost its servers in peace is drained by them.
    if (servers[cell]! > 0 || killed[cell]! >= state.servers[cell]!) state.servers[cell] = servers[cell]!;
    if (plan.delay[station] === 1) serveDelay(step, station, cell);
    else serveQueue(step, station, cell, arriving);
    if (servers[cell] === 0 && !(contentOf(step, station, cell) > NOTHING)) leave(step, cell);
  }
}

/** Nobody is left in a cell without servers. */
function leave({ state, flows }: FluidStep, cell: number): void {
  state.servers[cell] = 0;
  state.utilisation[cell] = 0;
  state.spread[cell] = 0;
  flows.busyWorkers[cell] = 0;
  flows.queued[cell] = 0;
}

function contentOf({ network, flows }: FluidStep, station: number, cell: number): number {
  let content = 0;
  const first = cell * network.operationStride;
  for (let i = 0; i < network.stations[station]!.operations.length; i++) content += flows.inFlight[first + i]!;
  return content;
}

/** Every request is worked on at once. */
function serveDelay(step: FluidStep, station: number, cell: number): void {
  const { network, plan, parameters, state, flows } = step;
  const operations = network.stations[station]!.operations;
  const factor = parameters.cells.workFactor[cell]! / parameters.cells.speed[cell]!;
  let busy = 0;
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i]!;
    const row = cell * network.operationStride + i;
    const served = state.front[row]! / (1 + plan.workMean[operation]! * factor);
    busy += state.front[row]! - served;
    endWork(step, cell, row, operation, served);
  }
  flows.busyWorkers[cell] = busy;
}

/** Alike servers, each with a queue of its own. All figures of the front are per server. */
function serveQueue(step: FluidStep, station: number, cell: number, arriving: number): void {
  const { parameters, state, flows } = step;
  const { workers, slots, queueLimit, speed, workFactor } = parameters.cells;
  const servers = Math.max(1, state.servers[cell]!);
  const factor = speed[cell]! > 0 ? workFactor[cell]! / speed[cell]! : Infinity;
  front.content = 0;
  front.arriving = arriving / servers;
  front.workers = workers[cell]!;
  front.slots = slots[cell]!;
  mixRows(step, station, cell, cell + 1, factor);
  front.content = (front.content - arriving) / servers;
  front.heldBefore /= servers;
  front.queueLimit = queueLimit[cell]!;
  front.utilisation = state.utilisation[cell]!;
  front.spread = state.spread[cell]!;
  front.boundShare = 0;
  const pooled = state.pooledArrivals[station]! > 0 && arriving > 0;
  if (pooled && servers === 1) boundByPools(step, station, arriving);
  stepFront(front);
  if (pooled) tellPools(step, station);
  keepWait(step, cell);
  const busy = front.utilisation * front.workers;
  flows.busyWorkers[cell] = servers * Math.min(busy, front.remaining + front.served);
  flows.queued[cell] = servers * Math.max(0, front.remaining - busy);
  flows.saturatedSeconds[cell] = flows.saturatedSeconds[cell]! + servers * front.saturated;
  if (front.refused > 0) refuseArrivals(step, station, cell, front.refused / front.arriving);
  if (parameters.contention[station]! > 0) contend(step, station, cell, factor);
  releaseRows(step, station, cell, front.remaining > 0 ? front.served / (front.served + front.remaining) : 1);
}

/** Servers of all cells take from one queue; what a cell received is only where it is accounted for. */
function serveShared(step: FluidStep, station: number): void {
  const { parameters, state, flows } = step;
  const { servers, workers, slots, speed, workFactor, killed } = parameters.cells;
  const first = station * CELLS_PER_STATION;
  const end = first + CELLS_PER_STATION;
  let count = 0;
  let total = 0;
  let rate = 0;
  let places = 0;
  for (let cell = first; cell < end; cell++) {
    if (killed[cell]! > 0) killServers(step, station, cell);
    state.servers[cell] = servers[cell]!;
    if (servers[cell]! === 0) continue;
    count += servers[cell]!;
    total += servers[cell]! * workers[cell]!;
    places += servers[cell]! * slots[cell]!;
    rate += (servers[cell]! * workers[cell]! * speed[cell]!) / workFactor[cell]!;
  }
  let arriving = 0;
  for (let cell = first; cell < end; cell++) {
    const share = count > 0 ? servers[cell]! / count : cell === first ? 1 : 0;
    arriving += takeArrivals(step, station, cell, share);
  }
  front.content = 0;
  front.arriving = arriving;
  front.workers = Math.max(1, total);
  front.slots = total > 0 ? places : Infinity;
  mixRows(step, station, first, end, rate > 0 ? total / rate : Infinity);
  front.content -= arriving;
  front.queueLimit = Infinity;
  front.utilisation = state.utilisation[first]!;
  front.spread = state.spread[first]!;
  front.boundShare = 0;
  stepFront(front);
  const share = front.remaining > 0 ? front.served / (front.served + front.remaining) : 1;
  const busy = front.utilisation * front.workers;
  const waiting = total === 0 ? 1 : front.remaining > busy ? 1 - busy / front.remaining : 0;
  for (let cell = first; cell < end; cell++) {
    keepWait(step, cell);
    const part = total > 0 ? (servers[cell]! * workers[cell]!) / total : 0;
    flows.busyWorkers[cell] = part * busy;
    flows.saturatedSeconds[cell] = flows.saturatedSeconds[cell]! + servers[cell]! * front.saturated;
    flows.queued[cell] = releaseRows(step, station, cell, share) * waiting;
  }
}

/**
 * What is in front of the workers of some cells, and what its work takes.
 *
 * @param factor of work times
 */
function mixRows(step: FluidStep, station: number, from: number, to: number, factor: number): void {
  const { network, plan, state } = step;
  const operations = network.stations[station]!.operations;
  let content = 0;
  let first = 0;
  let second = 0;
  let third = 0;
  let held = 0;
  let heldPerServed = 0;
  for (let cell = from; cell < to; cell++) {
    for (let i = 0; i < operations.length; i++) {
      const operation = operations[i]!;
      const row = cell * network.operationStride + i;
      const amount = state.front[row]!;
      const stages = Math.min(LONGEST_STAGES, state.stagesMean[operation]!);
      const hold = stages / (1 + stages);
      held += state.staged[row]! * hold;
      if (!(amount > 0)) continue;
      const work = plan.workMean[operation]! * (plan.contends[operation] === 1 ? state.contention[cell]! : 1);
      content += amount;
      first += amount * work;
      second += amount * work * work * plan.workSecond[operation]!;
      third += amount * work * work * work * plan.workThird[operation]!;
      heldPerServed += amount * hold * (1 - failingShare(step, cell, operation));
    }
  }
  front.content = content;
  front.heldBefore = held;
  // Moments of next to nothing would be quotients of rounding errors.
  if (content > NOTHING) {
    const mean = first / content;
    front.workMean = mean * factor;
    front.workSecond = second / content / (mean * mean);
    front.workThird = third / content / (mean * mean * mean);
    front.heldPerServed = Math.max(0, heldPerServed / content);
  } else {
    const operation = operations[0]!;
    front.workMean = plan.workMean[operation]! * factor;
    front.workSecond = plan.workSecond[operation]!;
    front.workThird = plan.workThird[operation]!;
    front.heldPerServed = 0;
  }
}

/** Ends the work of a share of every row of a cell. Returns what remains in front. */
function releaseRows(step: FluidStep, station: number, cell: number, share: number): number {
  const operations = step.network.stations[station]!.operations;
  let remaining = 0;
  for (let i = 0; i < operations.length; i++) {
    const row = cell * step.network.operationStride + i;
    endWork(step, cell, row, operations[i]!, step.state.front[row]! * share);
    remaining += step.state.front[row]!;
  }
  return remaining;
}

function keepWait({ state }: FluidStep, cell: number): void {
  state.utilisation[cell] = front.utilisation;
  state.spread[cell] = front.spread;
  state.waitShare[cell] = front.waitShare;
  state.waitMean[cell] = front.waitMean;
  state.waitScv[cell] = front.waitScv;
}

/**
 * Work of contending operations by the number of others that run beside them in the server: as an arrival sees them
 * (Poisson arrivals see time averages), at most one per other worker. Half of the way to the new value in each step,
 * as the work it lengthens lengthens it.
 */
function contend({ network, plan, parameters, state }: FluidStep, station: number, cell: number, factor: number): void {
  // Where nothing moves, nothing is learned.
  if (!(factor < Infinity)) return;
  const operations = network.stations[station]!.operations;
  let all = 0;
  let contending = 0;
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i]!;
    const amount = state.front[cell * network.operationStride + i]!;
    all += amount;
    if (plan.contends[operation] === 1) contending += amount * plan.workMean[operation]! * state.contention[cell]!;
  }
  const running = all > 0 ? (Math.min(front.served, 1e9) * contending * factor) / all : 0;
  const others = Math.min(front.workers - 1, (running * (front.workers - 1)) / front.workers);
  const wanted = 1 + parameters.contention[station]! * Math.max(0, others);
  state.contention[cell] = (state.contention[cell]! + wanted) / 2;
}
