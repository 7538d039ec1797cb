import { describe, expect, it } from 'vitest';
import { lowerBound } from './lower-bound.js';

describe('lowerBound', () => {
  it.each([
    ['http_requests_total', 'per_second', 0],
    ['anything', 'per_second', 0],
    ['node_memory_MemFree_bytes', 'raw', 0],
    ['node_load1', 'raw', 0],
    ['up', 'raw', 0],
    ['node_hwmon_temp_celsius', 'raw', -Infinity],
    ['clock_offset_seconds', 'raw', -Infinity],
    ['node_load_delta', 'raw', -Infinity],
  ] as const)('%s (%s) is %d', (name, unit, bound) => {
    expect(lowerBound({ __name__: name }, unit)).toBe(bound);
  });
});
