import type { InstantQueue } from './discrete-state.js';

export function pushInstant(queue: InstantQueue, what: number): void {
  const size = queue.items.length;
  if (queue.tail - queue.head === size) {
    const items = new Int32Array(size * 2);
    for (let i = 0; i < size; i++) items[i] = queue.items[(queue.head + i) & (size - 1)]!;
    queue.items = items;
    queue.head = 0;
    queue.tail = size;
  }
  queue.items[queue.tail++ & (queue.items.length - 1)] = what;
}

/** The first; there must be one. Its indexes start over when it runs empty, so that they stay small. */
export function popInstant(queue: InstantQueue): number {
  const what = queue.items[queue.head++ & (queue.items.length - 1)]!;
  if (queue.head === queue.tail) queue.head = queue.tail = 0;
  return what;
}
