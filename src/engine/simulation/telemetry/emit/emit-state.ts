import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { Fleet } from '../../model/fleet.types.js';

/** What records remember: plain data. Counters are what has been written about; the difference to the flows is news. */
export interface EmitState {
  /** Step after the last one whose logs were written; -1: none was. */
  loggedTo: number;
  /** Per row x outcomes (`OUTCOMES`). */
  readonly outcomes: Float64Array;
  /** Per row: seconds in the station, at the last step. */
  readonly durationSum: Float64Array;
  /** Per row: finished requests at the last step. */
  readonly finished: Float64Array;
  /** Per edge, at the last step. */
  readonly attemptsFailed: Float64Array;
  /** Per station: servers at the last step; -1: not looked at yet. */
  readonly servers: Int32Array;
  /** Lines written: makes identifiers in them differ. */
  lines: number;
  /** By deployment; empty until the first step. */
  readonly rollouts: RolloutRecord[];
}

export interface RolloutRecord {
  /** Hash and name of the version that was asked for last. */
  hash: string;
  name: string;
  /** It serves by default. */
  done: boolean;
  /** It was here before. */
  back: boolean;
  /** Names of the versions that were asked for, oldest first, at most twenty. */
  readonly history: string[];
}

/** Per row: answered, failed on its own, by a dependency, by a timeout, refused. */
export const OUTCOMES = 5;

export function createEmitState({ network }: Fleet): EmitState {
  const rows = network.stations.length * CELLS_PER_STATION * network.operationStride;
  return {
    loggedTo: -1,
    outcomes: new Float64Array(rows * OUTCOMES),
    durationSum: new Float64Array(rows),
    finished: new Float64Array(rows),
    attemptsFailed: new Float64Array(network.edges.length),
    servers: new Int32Array(network.stations.length).fill(-1),
    lines: 0,
    rollouts: [],
  };
}
