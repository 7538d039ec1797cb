import type { Flows } from '../model/flows.types.js';
import type { Network } from '../model/network.types.js';
import type { NetworkParameters } from '../model/parameters.types.js';
import { STEP_SECONDS, type Solver } from '../model/solver.types.js';
import { nextExponential } from '../random/random.js';
import { answered, startStages, startUser, timerFired } from './calls.js';
import { planOf } from './discrete-plan.js';
import { createDiscreteState, type DiscreteState, type World } from './discrete-state.js';
import {
  ANSWER,
  ENTRY_ARRIVAL,
  EVENT_BITS,
  EVENT_MASK,
  nextEventTime,
  popEvent,
  pushEvent,
  REQUEST_ARRIVAL,
  WORK_END,
} from './event-queue.js';
import { popInstant } from './instant-queue.js';
import { WORKS } from './request-table.js';
import { arrive, endWork } from './serve.js';
import { nextBucketTime, openBucket } from './timer-wheel.js';
import { updatePools } from './update-pools.js';
import { updateServers } from './update-servers.js';

/**
 * The network request by request: the truth that the fluid solver is held against. Users come as Poisson processes;
 * every request, attempt, connection, worker and timeout is there, and nothing is averaged. Its cost is the number of
 * events.
 */
export const discreteEventSolver: Solver<DiscreteState> = {
  name: 'discrete-event',
  create: (network, _parameters, seed) => createDiscreteState(network, seed),
  step,
};

function step(
  network: Network,
  parameters: NetworkParameters,
  arrivals: Float64Array,
  state: DiscreteState,
  flows: Flows,
): void {
  const world: World = {
    ...{ plan: planOf(network), network, parameters, state, flows, stride: network.operationStride },
  };
  beginStep(world);
  scheduleUsers(world, arrivals);
  runUntil(world, arrivals, state.clock[1]!);
  endStep(world);
}

function beginStep(world: World): void {
  const { cells, clock } = world.state;
  clock[1] = clock[0]! + STEP_SECONDS;
  for (let cell = 0; cell < cells.busy.length; cell++) {
    cells.busySeconds[cell] = cells.busy[cell]! * STEP_SECONDS;
    cells.saturatedSeconds[cell] = cells.saturated[cell]! * STEP_SECONDS;
  }
  updateServers(world);
  updatePools(world);
}

/** The first user of each entry in this step. Poisson processes have no memory, so none is carried over. */
function scheduleUsers({ state }: World, arrivals: Float64Array): void {
  for (let entry = 0; entry < arrivals.length; entry++) scheduleUser(state, arrivals[entry]!, entry);
}

function scheduleUser({ clock, queue, random }: DiscreteState, rate: number, entry: number): void {
  if (!(rate > 0)) return;
  const at = clock[0]! + nextExponential(random.arrivals, 1 / rate);
  if (at < clock[1]!) pushEvent(queue, at, (entry << EVENT_BITS) | ENTRY_ARRIVAL);
}

function runUntil(world: World, arrivals: Float64Array, end: number): void {
  const { state } = world;
  const { queue, wheel, calls, instant, clock } = state;
  let handled = 0;
  for (;;) {
    while (instant.tail > 0) handle(world, arrivals, popInstant(instant));
    const time = nextEventTime(queue);
    const bucket = nextBucketTime(wheel);
    if (bucket <= time && bucket < end) {
      openBucket(wheel, queue, calls);
      continue;
    }
    if (time >= end) break;
    clock[0] = time;
    handled++;
    handle(world, arrivals, popEvent(queue));
  }
  clock[0] = end;
  state.events += handled;
}

function handle(world: World, arrivals: Float64Array, what: number): void {
  const { requests, calls, clock } = world.state;
  const subject = what >> EVENT_BITS;
  switch (what & EVENT_MASK) {
    case ENTRY_ARRIVAL:
      scheduleUser(world.state, arrivals[subject]!, subject);
      startUser(world, subject);
      return;
    case REQUEST_ARRIVAL:
      arrive(world, subject);
      return;
    case WORK_END:
      // Work that was rescaled, or whose server was killed, leaves its old end behind.
      if (requests.phase[subject] !== WORKS || requests.due[subject] !== clock[0]) return;
      if (endWork(world, subject)) startStages(world, subject);
      return;
    case ANSWER:
      answered(world, subject);
      return;
    default:
      if (calls.due[subject] === clock[0]) timerFired(world, subject);
  }
}

/** Adds what was measured over the step, and writes the gauges. */
function endStep({ state, flows }: World): void {
  const { cells } = state;
  for (let cell = 0; cell < cells.busy.length; cell++) {
    // Differences of times leave crumbs of rounding, which must not make a counter fall.
    flows.busyWorkers[cell] = Math.max(0, cells.busySeconds[cell]! / STEP_SECONDS);
    flows.saturatedSeconds[cell]! += Math.max(0, cells.saturatedSeconds[cell]!);
  }
  flows.queued.set(cells.queued);
  flows.inFlight.set(state.inFlight);
  flows.poolInUse.set(state.poolInUse);
  flows.userWaiting.set(state.userWaiting);
}
