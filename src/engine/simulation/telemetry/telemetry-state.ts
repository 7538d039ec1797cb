import { CELLS_PER_STATION } from '../model/parameters.types.js';
import type { Fleet } from '../model/fleet.types.js';
import { createEmitState, type EmitState } from './emit/emit-state.js';
import { CODES } from './layout/application-block.js';
import { createSlots, type SlotState } from './slots.js';

/**
 * All that telemetry remembers: plain data. Labels are not here: they are built from the records below, again after a
 * restart.
 */
export interface TelemetryState {
  readonly seed: number;
  readonly slots: SlotState;
  /** Step up to which the last scrape counted. */
  scrapedTo: number;
  /** `PlatformState.generation` at the last scrape; -1: none yet. */
  generation: number;
  /** By slot of the platform's pods and nodes. */
  readonly pods: (PodRecord | null)[];
  readonly nodes: (NodeRecord | null)[];
  /** By deployment. */
  readonly deployments: DeploymentRecord[];
  /** First slots of the blocks of stores by component and instance, and of probes by entry. */
  readonly stores: (readonly number[])[];
  readonly probes: number[];
  readonly issued: IssuedState;
  readonly emit: EmitState;
}

/** What a pod's labels are made of, and what it had at the last scrape. */
export interface PodRecord {
  readonly slot: number;
  readonly uid: string;
  readonly name: string;
  readonly deployment: number;
  readonly version: string;
  readonly hash: string;
  readonly instance: string;
  /** First slot of the block that it has from the start. */
  readonly stateBase: number;
  /** First slot of the block that names its node, another one from the time it has a node. */
  base: number;
  /** Name of its node; empty: not scheduled. */
  node: string;
  startedAt: number;
  restarts: number;
  /** Last cell that it served in, and that cell's epoch; -1: none yet. */
  cell: number;
  epoch: number;
  /** Its kubelet answers and its container runs. */
  observed: boolean;
  /** The application answers scrapes. */
  up: boolean;
  /** It has an address to scrape; absent: it has. */
  addressed?: boolean;
}

export interface NodeRecord {
  readonly name: string;
  readonly cluster: number;
  readonly pool: number;
  readonly zone: number;
  readonly base: number;
}

export interface DeploymentRecord {
  readonly base: number;
  readonly replicaSets: { readonly hash: string; readonly base: number }[];
  readonly autoscalers: AutoscalerRecord[];
}

export interface AutoscalerRecord {
  readonly name: string;
  readonly base: number;
  /** First slot of the block of its metrics, made anew when they become known. */
  readonly metricsBase: number;
  readonly metrics: readonly { readonly name: string; readonly unit: 'utilization' | 'average' | 'value' }[];
}

/** What of the flows has been given to pods so far. Requests are given whole: what is left waits for the next scrape. */
export interface IssuedState {
  /** Per row x status codes. */
  readonly codes: Float64Array;
  /** Per row x (durationBounds + 1). */
  readonly buckets: Float64Array;
  /** Per row, seconds. */
  readonly durationSum: Float64Array;
  /** Per row: pod that gets the next odd request. */
  readonly turn: Int32Array;
  /** Per row: requests of cells that had no pod left to count them. */
  readonly lost: Float64Array;
  /** Per cell. */
  readonly cpuSeconds: Float64Array;
  readonly saturatedSeconds: Float64Array;
  readonly arrived: Float64Array;
  /** Per component: transactions that replicas committed and rolled back, and the replica that gets the next odd one. */
  readonly replicas: Float64Array;
  /** Per component: the step that the cache's instance started at, and what was counted by then. Absent: none looked at. */
  caches?: Float64Array;
  /** Per edge: attempts succeeded, failed and timed out, calls short-circuited. */
  readonly edges: Float64Array;
  readonly edgeTurn: Int32Array;
  /** Per entry: answers, failures and seconds of answers at the last probe. */
  readonly users: Float64Array;
}

/** Columns of `IssuedState.edges`. */
export const EDGE_COLUMNS = 4;
/** Columns of `IssuedState.replicas`. */
export const REPLICA_COLUMNS = 3;
/** Columns of `IssuedState.caches`: start, hits, misses, evictions, CPU seconds. */
export const CACHE_COLUMNS = 5;
/** Columns of `IssuedState.users`. */
export const USER_COLUMNS = 3;

export function createTelemetryState(fleet: Fleet, seed: number): TelemetryState {
  const { network } = fleet;
  const cells = network.stations.length * CELLS_PER_STATION;
  const rows = cells * network.operationStride;
  return {
    seed,
    slots: createSlots(),
    scrapedTo: 0,
    generation: -1,
    pods: [],
    nodes: [],
    deployments: [],
    stores: [],
    probes: [],
    emit: createEmitState(fleet),
    issued: {
      codes: new Float64Array(rows * CODES.length),
      buckets: new Float64Array(rows * (network.durationBounds.length + 1)),
      durationSum: new Float64Array(rows),
      turn: new Int32Array(rows),
      lost: new Float64Array(rows),
      cpuSeconds: new Float64Array(cells),
      saturatedSeconds: new Float64Array(cells),
      arrived: new Float64Array(cells),
      replicas: new Float64Array(fleet.components.length * REPLICA_COLUMNS),
      edges: new Float64Array(network.edges.length * EDGE_COLUMNS),
      edgeTurn: new Int32Array(network.edges.length),
      users: new Float64Array(network.entries.length * USER_COLUMNS),
    },
  };
}
