import type { CallTable } from './call-table.js';
import { EVENT_BITS, pushEvent, TIMER, type EventQueue } from './event-queue.js';

/**
 * Timers of calls: a hashed wheel with lists in both directions (Varghese and Lauck, "Hashed and hierarchical timing
 * wheels", IEEE/ACM Transactions on Networking 5, 1997). Nearly all timeouts are cancelled, so they must not burden the
 * queue of events; those still standing when their bucket's time comes go there, for the exact order.
 */
export interface TimerWheel {
  /** Number of the next bucket to open, counted from time 0: buckets before it are open. */
  tick: number;
  /** First timer of each bucket; -1: empty. */
  readonly head: Int32Array;
}

/** Buckets per second: a power of two, so that seconds are exact boundaries. */
const RATE = 64;
const BUCKETS = 4096;

export function createTimerWheel(): TimerWheel {
  return { tick: 0, head: new Int32Array(BUCKETS).fill(-1) };
}

/** When the next bucket must be opened. */
export function nextBucketTime(wheel: TimerWheel): number {
  return wheel.tick / RATE;
}

/** Sets the one timer of a call, which must not stand. */
export function setTimer(wheel: TimerWheel, queue: EventQueue, calls: CallTable, call: number, due: number): void {
  calls.due[call] = due;
  const tick = Math.floor(due * RATE);
  if (tick < wheel.tick) {
    pushEvent(queue, due, (call << EVENT_BITS) | TIMER);
    return;
  }
  if (due === Infinity) return;
  const bucket = tick % BUCKETS;
  const head = wheel.head[bucket]!;
  calls.timerBucket[call] = bucket;
  calls.timerNext[call] = head;
  calls.timerPrevious[call] = -1;
  if (head >= 0) calls.timerPrevious[head] = call;
  wheel.head[bucket] = call;
}

/** An event that it has in the queue already will find another due time and be ignored. */
export function clearTimer(wheel: TimerWheel, calls: CallTable, call: number): void {
  calls.due[call] = NaN;
  const bucket = calls.timerBucket[call]!;
  if (bucket < 0) return;
  calls.timerBucket[call] = -1;
  const next = calls.timerNext[call]!;
  const previous = calls.timerPrevious[call]!;
  if (next >= 0) calls.timerPrevious[next] = previous;
  if (previous >= 0) calls.timerNext[previous] = next;
  else wheel.head[bucket] = next;
}

/** Hands the timers of the next bucket to the queue; those of later turns of the wheel stay. */
export function openBucket(wheel: TimerWheel, queue: EventQueue, calls: CallTable): void {
  const tick = wheel.tick++;
  let call = wheel.head[tick % BUCKETS]!;
  while (call >= 0) {
    const next = calls.timerNext[call]!;
    const due = calls.due[call]!;
    if (Math.floor(due * RATE) <= tick) {
      clearTimer(wheel, calls, call);
      calls.due[call] = due;
      pushEvent(queue, due, (call << EVENT_BITS) | TIMER);
    }
    call = next;
  }
}
