import { describe, expect, it } from 'vitest';
import { erlangC } from '../queueing/erlang.js';
import { boundedQueue, readQueue } from './bounded-queue.js';

const LOADS = [0.25, 0.5, 0.75, 0.875];

describe('a queue whose arrivals need connections', () => {
  it('is M/M/c with one pool: what is beyond the connections waits outside', () => {
    const [workers, connections] = [4, 7];
    const queue = boundedQueue(workers, 1, connections)!;
    const room = connections - workers;
    for (const load of LOADS) {
      // Of those in M/M/c that find all workers busy, the number that waits is geometric.
      const busy = erlangC(workers, workers * load);
      expect(readQueue(queue.busy, load)).toBeCloseTo(busy, 4);
      expect(readQueue(queue.waiting, load)).toBeCloseTo((busy * load * (1 - load ** room)) / (1 - load), 4);
      // In a full pool connections come back as fast as all workers work.
      const used = workers * load + readQueue(queue.waiting, load);
      expect(readQueue(queue.stretch, load)).toBeCloseTo((load * connections) / used, 4);
      const full = readQueue(queue.full, load) * erlangC(connections, connections * load);
      expect(full).toBeCloseTo(busy * load ** room, 4);
    }
  });

  it('leaves pools of one connection M/M/1 queues where workers abound', () => {
    const queue = boundedQueue(6, 6, 1)!;
    for (const load of LOADS) {
      expect(readQueue(queue.waiting, load)).toBe(0);
      expect(readQueue(queue.stretch, load)).toBeCloseTo(1, 4);
      expect(readQueue(queue.full, load)).toBeCloseTo(1, 4);
    }
  });

  it('lets at most so many wait as there are connections beyond the workers', () => {
    const queue = boundedQueue(8, 3, 3)!;
    expect(readQueue(queue.waiting, 1)).toBe(1);
    expect(queue.waiting.every((waiting) => waiting >= 0 && waiting <= 1)).toBe(true);
    expect(queue.busy.every((busy, i) => i === 0 || busy >= queue.busy[i - 1]!)).toBe(true);
  });

  it('says nothing where connections abound', () => {
    expect(boundedQueue(8, 50, 100)).toBeUndefined();
  });
});
