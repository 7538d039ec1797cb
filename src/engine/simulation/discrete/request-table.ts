/** What a request is doing. */
export const FREE = 0;
/** On its way to the station. */
export const TRAVELS = 1;
/** Waits in the accept queue of its server, or in the shared queue of its station (then `server` is -1). */
export const WAITS_PLACE = 2;
/** Holds a place and waits for a worker. */
export const WAITS_WORKER = 3;
export const WORKS = 4;
/** Holds its place and waits for what it called. */
export const CALLS = 5;
/** Left the station; its answer is on its way. */
export const ANSWERS = 6;

/** Requests as arrays by field; free slots are chained by `next`. */
export interface RequestTable {
  free: number;
  used: number;
  phase: Uint8Array;
  operation: Int32Array;
  /** Cell and row whose counters it is counted in. */
  cell: Int32Array;
  row: Int32Array;
  server: Int32Array;
  /** The call it answers, as long as that is still in the same attempt. */
  call: Int32Array;
  attempt: Int32Array;
  outcome: Uint8Array;
  /** Next in its queue. */
  next: Int32Array;
  arrivedAt: Float64Array;
  /** End of its work; Infinity: its worker is stuck, and `left` seconds of work at speed 1 remain. */
  due: Float64Array;
  left: Float64Array;
  /** Seconds that its answer travels. */
  delay: Float64Array;
  stage: Int32Array;
  /** Calls of the stage that have not ended. */
  pending: Int32Array;
  failure: Uint8Array;
}

export function createRequestTable(size = 1024): RequestTable {
  const int = () => new Int32Array(size);
  const double = () => new Float64Array(size);
  const byte = () => new Uint8Array(size);
  return {
    ...{ free: -1, used: 0, phase: byte(), operation: int(), cell: int(), row: int(), server: int() },
    ...{ call: int(), attempt: int(), outcome: byte(), next: int(), arrivedAt: double(), due: double() },
    ...{ left: double(), delay: double(), stage: int(), pending: int(), failure: byte() },
  };
}

/** A slot whose fields the caller fills, all of them. */
export function takeRequest(table: RequestTable): number {
  const slot = table.free;
  if (slot >= 0) {
    table.free = table.next[slot]!;
    return slot;
  }
  if (table.used === table.phase.length) growTable(table);
  return table.used++;
}

export function freeRequest(table: RequestTable, slot: number): void {
  table.phase[slot] = FREE;
  table.next[slot] = table.free;
  table.free = slot;
}

/** Doubles every array of a table, in place of the old ones. */
export function growTable(table: object): void {
  const fields = table as Record<string, unknown>;
  for (const [name, field] of Object.entries(fields)) {
    if (field instanceof Int32Array) fields[name] = doubled(field, new Int32Array(field.length * 2));
    else if (field instanceof Float64Array) fields[name] = doubled(field, new Float64Array(field.length * 2));
    else if (field instanceof Uint8Array) fields[name] = doubled(field, new Uint8Array(field.length * 2));
  }
}

function doubled<T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
