import { growTable } from './request-table.js';

/** What a call is doing. */
export const CALL_FREE = 0;
/** Waits for a connection of its pool. */
export const CALL_WAITS = 1;
/** Sent; an answer, or the timeout, will come. */
export const CALL_SENT = 2;
/** Waits before its next attempt. */
export const CALL_PAUSES = 3;
/** Answered; the stages of a miss run. */
export const CALL_MISSED = 4;
/** Has just been given a connection, and goes out at this moment. */
export const CALL_GRANTED = 5;

/** Whoever waits for a call: nobody (asynchronous), a user, a request, or a call whose miss it serves. */
export const NOBODY = -1;
export const USER = -2;

/** Calls as arrays by field, seen by the caller; free slots are chained by `timerNext`. */
export interface CallTable {
  free: number;
  used: number;
  phase: Uint8Array;
  edge: Int32Array;
  /** `NOBODY`, `USER`, 2 x request, or 2 x call + 1. */
  parent: Int32Array;
  /** Grows with every attempt and when the slot is freed, so that late answers find nobody. */
  attempt: Int32Array;
  /** Attempts made. */
  tries: Int32Array;
  /** Server that calls; -1: users. */
  server: Int32Array;
  startedAt: Float64Array;
  /** When its timer fires; NaN: none is set. */
  due: Float64Array;
  /** End of the attempt's time. */
  deadline: Float64Array;
  timerNext: Int32Array;
  timerPrevious: Int32Array;
  /** Bucket of the wheel; -1: not in it. */
  timerBucket: Int32Array;
  poolNext: Int32Array;
  poolPrevious: Int32Array;
  stage: Int32Array;
  pending: Int32Array;
  failure: Uint8Array;
}

export function createCallTable(size = 1024): CallTable {
  const int = () => new Int32Array(size);
  const double = () => new Float64Array(size);
  const byte = () => new Uint8Array(size);
  return {
    ...{ free: -1, used: 0, phase: byte(), edge: int(), parent: int(), attempt: int(), tries: int() },
    ...{ server: int(), startedAt: double(), due: double(), deadline: double() },
    ...{ timerNext: int(), timerPrevious: int(), timerBucket: int(), poolNext: int(), poolPrevious: int() },
    ...{ stage: int(), pending: int(), failure: byte() },
  };
}

export function takeCall(table: CallTable): number {
  const slot = table.free;
  if (slot >= 0) {
    table.free = table.timerNext[slot]!;
    return slot;
  }
  if (table.used === table.phase.length) growTable(table);
  return table.used++;
}

/** Its timer must be out of the wheel. */
export function freeCall(table: CallTable, slot: number): void {
  table.phase[slot] = CALL_FREE;
  table.attempt[slot]!++;
  table.due[slot] = NaN;
  table.timerNext[slot] = table.free;
  table.free = slot;
}
