/**
 * Future events: a heap of four children per node, keyed by time. A copy of it pops in the same order, and events of
 * equal time come in an order that depends on nothing but what was pushed and popped before.
 *
 * The root may be a hole: after a pop it stays until the next push fills it, which saves half the sifting, because
 * nearly every event makes another.
 */
export interface EventQueue {
  size: number;
  hole: boolean;
  time: Float64Array;
  /** Kind and subject, `(subject << EVENT_BITS) | kind`. */
  what: Int32Array;
}

export const EVENT_BITS = 3;
export const EVENT_MASK = 7;

export const ENTRY_ARRIVAL = 0;
export const REQUEST_ARRIVAL = 1;
export const WORK_END = 2;
export const ANSWER = 3;
export const TIMER = 4;

export function createEventQueue(): EventQueue {
  return { size: 0, hole: false, time: new Float64Array(1024), what: new Int32Array(1024) };
}

export function pushEvent(queue: EventQueue, time: number, what: number): void {
  if (queue.hole) {
    queue.hole = false;
    siftDown(queue, time, what);
    return;
  }
  if (queue.size === queue.time.length) grow(queue);
  const times = queue.time;
  const whats = queue.what;
  let at = queue.size++;
  while (at > 0) {
    const parent = (at - 1) >> 2;
    const above = times[parent]!;
    if (above <= time) break;
    times[at] = above;
    whats[at] = whats[parent]!;
    at = parent;
  }
  times[at] = time;
  whats[at] = what;
}

/** Time of the next event; Infinity: there is none. */
export function nextEventTime(queue: EventQueue): number {
  if (queue.hole) closeHole(queue);
  return queue.size > 0 ? queue.time[0]! : Infinity;
}

/** Takes the next event, which must exist; `nextEventTime` must have been called since the last change. */
export function popEvent(queue: EventQueue): number {
  queue.hole = true;
  return queue.what[0]!;
}

function closeHole(queue: EventQueue): void {
  queue.hole = false;
  const last = --queue.size;
  if (last > 0) siftDown(queue, queue.time[last]!, queue.what[last]!);
}

/** Puts an event at the root and moves it down to its place. */
function siftDown(queue: EventQueue, time: number, what: number): void {
  const { size, time: times, what: whats } = queue;
  let at = 0;
  for (;;) {
    const first = at * 4 + 1;
    if (first >= size) break;
    const end = first + 4 < size ? first + 4 : size;
    let least = first;
    let leastTime = times[first]!;
    for (let child = first + 1; child < end; child++) {
      const childTime = times[child]!;
      if (childTime < leastTime) {
        least = child;
        leastTime = childTime;
      }
    }
    if (leastTime >= time) break;
    times[at] = leastTime;
    whats[at] = whats[least]!;
    at = least;
  }
  times[at] = time;
  whats[at] = what;
}

function grow(queue: EventQueue): void {
  const time = new Float64Array(queue.size * 2);
  const what = new Int32Array(queue.size * 2);
  time.set(queue.time);
  what.set(queue.what);
  queue.time = time;
  queue.what = what;
}
