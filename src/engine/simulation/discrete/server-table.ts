import { growTable } from './request-table.js';

export const SERVER_FREE = 0;
/** Takes requests. */
export const SERVER_LIVE = 1;
/** Ends what it has, takes nothing more, and goes. */
export const SERVER_DRAINS = 2;
/** Vanishes at this moment. */
export const SERVER_KILLED = 3;

/**
 * Servers as arrays by field; free slots are chained by `placeHead`. The settings are copies of those of the cell, so
 * that a server that drains keeps its own when the cell is given to others.
 */
export interface ServerTable {
  free: number;
  used: number;
  phase: Uint8Array;
  cell: Int32Array;
  workers: Float64Array;
  speed: Float64Array;
  /** Speed before the last change of settings. */
  oldSpeed: Float64Array;
  slots: Float64Array;
  queueLimit: Float64Array;
  errorRatio: Float64Array;
  workFactor: Float64Array;
  /** Requests that work, that hold a place, and that wait for one. */
  busy: Int32Array;
  held: Int32Array;
  waiting: Int32Array;
  /** Working requests of operations that contend. */
  contending: Int32Array;
  saturated: Uint8Array;
  placeHead: Int32Array;
  placeTail: Int32Array;
  workerHead: Int32Array;
  workerTail: Int32Array;
  /** By server x `poolStride` + pool of the edge: connections in use, and calls that wait for one. */
  poolUsed: Int32Array;
  poolHead: Int32Array;
  poolTail: Int32Array;
}

export function createServerTable(poolStride: number, size = 64): ServerTable {
  const int = () => new Int32Array(size);
  const double = () => new Float64Array(size);
  const pools = () => new Int32Array(size * poolStride);
  return {
    ...{
      free: -1,
      used: 0,
      phase: new Uint8Array(size),
      cell: int(),
      workers: double(),
      speed: double(),
      oldSpeed: double(),
    },
    ...{ slots: double(), queueLimit: double(), errorRatio: double(), workFactor: double() },
    ...{ busy: int(), held: int(), waiting: int(), contending: int(), saturated: new Uint8Array(size) },
    ...{ placeHead: int(), placeTail: int(), workerHead: int(), workerTail: int() },
    ...{ poolUsed: pools(), poolHead: pools(), poolTail: pools() },
  };
}

/** An idle server of a cell. Its settings are the caller's business. */
export function takeServer(table: ServerTable, cell: number, poolStride: number): number {
  let slot = table.free;
  if (slot >= 0) table.free = table.placeHead[slot]!;
  else {
    if (table.used === table.phase.length) growTable(table);
    slot = table.used++;
  }
  table.phase[slot] = SERVER_LIVE;
  table.cell[slot] = cell;
  table.busy[slot] = table.held[slot] = table.waiting[slot] = table.contending[slot] = table.saturated[slot] = 0;
  table.placeHead[slot] = table.placeTail[slot] = table.workerHead[slot] = table.workerTail[slot] = -1;
  table.poolUsed.fill(0, slot * poolStride, (slot + 1) * poolStride);
  table.poolHead.fill(-1, slot * poolStride, (slot + 1) * poolStride);
  table.poolTail.fill(-1, slot * poolStride, (slot + 1) * poolStride);
  return slot;
}

export function freeServer(table: ServerTable, slot: number): void {
  table.phase[slot] = SERVER_FREE;
  table.placeHead[slot] = table.free;
  table.free = slot;
}
