import type { EpochMs } from '../../kernel/clock.js';

/** A stretch of a scored series, oldest first. Columns of the same length; NaN where there is none. */
export interface Trace {
  /** Epoch milliseconds. */
  readonly times: readonly EpochMs[];
  readonly values: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly scores: readonly number[];
}

const COLUMNS = 4;

/** The newest points of one series, in a ring: value, band and score. */
export interface TraceRing {
  readonly ring: Float32Array;
  /** Ticks of the watch that were written; a series that began late has fewer than the watch. */
  written: number;
}

export function createTraceRing(points: number): TraceRing {
  return { ring: new Float32Array(points * COLUMNS).fill(NaN), written: 0 };
}

export function writeTrace(trace: TraceRing, value: number, lower: number, upper: number, score: number): void {
  const { ring } = trace;
  const at = (trace.written * COLUMNS) % ring.length;
  ring[at] = value;
  ring[at + 1] = lower;
  ring[at + 2] = upper;
  ring[at + 3] = score;
  trace.written += 1;
}

/** What the ring holds; `time` is that of the newest point. */
export function readTrace({ ring, written }: TraceRing, time: EpochMs, stepMs: number): Trace {
  const capacity = ring.length / COLUMNS;
  const count = Math.min(written, capacity);
  const column = (offset: number) =>
    Array.from({ length: count }, (_, i) => ring[((written - count + i) % capacity) * COLUMNS + offset]!);
  return {
    times: Array.from({ length: count }, (_, i) => time - (count - 1 - i) * stepMs),
    values: column(0),
    lower: column(1),
    upper: column(2),
    scores: column(3),
  };
}

/** Highest score among the newest `points`; -Infinity where none was scored. */
export function highestScore({ ring, written }: TraceRing, points: number): number {
  const capacity = ring.length / COLUMNS;
  const count = Math.min(written, capacity, points);
  let highest = -Infinity;
  for (let i = written - count; i < written; i += 1) {
    const score = ring[(i % capacity) * COLUMNS + 3]!;
    if (score > highest) highest = score;
  }
  return highest;
}
