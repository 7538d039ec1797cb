import type { Flows } from '../model/flows.types.js';
import type { Network } from '../model/network.types.js';
import { CELLS_PER_STATION, type NetworkParameters } from '../model/parameters.types.js';
import { createRandom, type RandomStream } from '../random/random.js';
import { createCallTable, type CallTable } from './call-table.js';
import { planOf, type DiscretePlan } from './discrete-plan.js';
import { createEventQueue, type EventQueue } from './event-queue.js';
import { createRequestTable, type RequestTable } from './request-table.js';
import { createServerTable, type ServerTable } from './server-table.js';
import { createTimerWheel, type TimerWheel } from './timer-wheel.js';

/** All that the solver remembers. Plain data. */
export interface DiscreteState {
  /** Events handled since the start. */
  events: number;
  /** Now, and the end of the step: seconds since the start. */
  readonly clock: Float64Array;
  readonly queue: EventQueue;
  readonly wheel: TimerWheel;
  readonly instant: InstantQueue;
  readonly requests: RequestTable;
  readonly calls: CallTable;
  readonly servers: ServerTable;
  readonly cells: CellMemory;
  /** By station: servers that take requests, and shared queues (first and last request; -1: empty). */
  readonly live: number[][];
  readonly weighted: Uint8Array;
  /** Servers that drain and whose cell was given to others. */
  detached: number[];
  readonly sharedHead: Int32Array;
  readonly sharedTail: Int32Array;
  /** Gauges: by row, by edge, by entry. */
  readonly inFlight: Float64Array;
  readonly poolInUse: Float64Array;
  /** By edge: `NetworkParameters.edgePool` of the last step. */
  readonly poolLimits: Float64Array;
  readonly userWaiting: Float64Array;
  readonly random: Readonly<Record<'arrivals' | 'work' | 'dispatch' | 'fate' | 'pause', RandomStream>>;
}

/** Events of this very moment, first in, first out: `EventQueue.what`. Empty between steps. */
export interface InstantQueue {
  head: number;
  tail: number;
  items: Int32Array;
}

/** By cell. */
export interface CellMemory {
  readonly epoch: Int32Array;
  /** Servers that take requests, and those that drain. */
  readonly live: number[][];
  readonly draining: number[][];
  /** Settings that its servers have. */
  readonly workers: Float64Array;
  readonly speed: Float64Array;
  readonly slots: Float64Array;
  readonly queueLimit: Float64Array;
  readonly errorRatio: Float64Array;
  readonly workFactor: Float64Array;
  /** Working requests and saturated servers now, and their integrals over the step. */
  readonly busy: Float64Array;
  readonly busySeconds: Float64Array;
  readonly saturated: Float64Array;
  readonly saturatedSeconds: Float64Array;
  readonly queued: Float64Array;
}

/** What every part of the solver works on; made anew for each step. */
export interface World {
  readonly plan: DiscretePlan;
  readonly parameters: NetworkParameters;
  readonly state: DiscreteState;
  readonly flows: Flows;
  readonly stride: number;
  readonly network: Network;
}

export function createDiscreteState(network: Network, seed: number): DiscreteState {
  const stations = network.stations.length;
  const cells = stations * CELLS_PER_STATION;
  return {
    ...{ events: 0, clock: new Float64Array(2), queue: createEventQueue(), wheel: createTimerWheel() },
    instant: { head: 0, tail: 0, items: new Int32Array(256) },
    ...{ requests: createRequestTable(), calls: createCallTable() },
    servers: createServerTable(planOf(network).poolStride),
    cells: createCellMemory(cells),
    live: lists(stations),
    weighted: new Uint8Array(stations),
    detached: [],
    poolLimits: new Float64Array(network.edges.length).fill(Infinity),
    sharedHead: new Int32Array(stations).fill(-1),
    sharedTail: new Int32Array(stations).fill(-1),
    inFlight: new Float64Array(cells * network.operationStride),
    poolInUse: new Float64Array(network.edges.length),
    userWaiting: new Float64Array(network.entries.length),
    random: {
      arrivals: createRandom(seed, 'discrete/arrivals'),
      work: createRandom(seed, 'discrete/work'),
      dispatch: createRandom(seed, 'discrete/dispatch'),
      fate: createRandom(seed, 'discrete/fate'),
      pause: createRandom(seed, 'discrete/pause'),
    },
  };
}

function createCellMemory(cells: number): CellMemory {
  const double = () => new Float64Array(cells);
  return {
    ...{ epoch: new Int32Array(cells).fill(-1), live: lists(cells), draining: lists(cells) },
    ...{ workers: double(), speed: double(), slots: double(), queueLimit: double() },
    ...{ errorRatio: double(), workFactor: double(), busy: double(), busySeconds: double() },
    ...{ saturated: double(), saturatedSeconds: double(), queued: double() },
  };
}

function lists(count: number): number[][] {
  return Array.from({ length: count }, () => []);
}
