import { expect, it } from 'vitest';
import { deepCopy } from './deep-copy.js';

class Counter {
  constructor(private count: number) {}
  next(): number {
    this.count += 1;
    return this.count;
  }
}

it('copies what is plain, instances with their class, and keeps what is shared shared', () => {
  const shared = { x: 1 };
  const original = {
    list: [shared, shared],
    map: new Map([['a', new Set([1])]]),
    numbers: Float64Array.of(1, 2).subarray(1),
    counter: new Counter(4),
    none: null,
  };
  const copy = deepCopy(original);
  expect(copy).toEqual(original);
  expect(copy.list[0]).toBe(copy.list[1]);
  expect(copy.list[0]).not.toBe(shared);
  copy.map.get('a')!.add(2);
  copy.numbers[0] = 9;
  expect(copy.counter.next()).toBe(5);
  expect(original.map.get('a')!.size).toBe(1);
  expect(original.numbers[0]).toBe(2);
  expect(original.counter.next()).toBe(5);
});
