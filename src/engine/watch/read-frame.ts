import { GAP_INTERVALS } from '../detection/resample.js';
import type { WatchFrame } from './watch.types.js';
import type { WatchedSeries } from './watched-series.js';

/** Beyond this, differences would overflow. */
const LARGEST = 1e300;

/**
 * What is scored at this tick: the samples of gauges, the increase per second of counters, where a drop is a reset to
 * zero and no rate is made across a gap. One sample per tick makes this the same as `resample`, without its windows.
 */
export function readFrame<S>(watched: WatchedSeries<S>, frame: WatchFrame, stepMs: number): void {
  const { count, slots, units, lastValue, lastTime, values } = watched;
  const longest = GAP_INTERVALS * stepMs;
  for (let row = 0; row < count; row += 1) {
    const value = frame.values[slots[row]!]!;
    if (!(Math.abs(value) < LARGEST)) {
      values[row] = NaN;
      continue;
    }
    if (units[row] === 'raw') {
      values[row] = value;
    } else {
      const elapsed = frame.time - lastTime[row]!;
      const before = lastValue[row]!;
      const increase = value >= before ? value - before : Math.max(0, value);
      values[row] = elapsed > 0 && elapsed <= longest ? (increase * 1000) / elapsed : NaN;
      lastValue[row] = value;
    }
    lastTime[row] = frame.time;
  }
}
