import { GAP_INTERVALS } from '../detection/resample.js';
import { scoredUnit } from '../detection/series-unit.js';
import type { WatchFrame } from './watch.types.js';

/** Beyond this, differences would overflow. */
const LARGEST = 1e300;

const FREE = 0;
const RAW = 1;
const RATE = 2;

/** By slot of the frame: what is scored of the sample, and what a rate needs of the one before. */
export interface FrameValues {
  kinds: Uint8Array;
  values: Float64Array;
  lastValue: Float64Array;
  lastTime: Float64Array;
}

export function createFrameValues(): FrameValues {
  const none = () => new Float64Array(0);
  return { kinds: new Uint8Array(0), values: none(), lastValue: none(), lastTime: none() };
}

export function copyFrameValues({ kinds, values, lastValue, lastTime }: FrameValues): FrameValues {
  return { kinds: kinds.slice(), values: values.slice(), lastValue: lastValue.slice(), lastTime: lastTime.slice() };
}

/** A slot was given to a series. */
export function startSlot(frameValues: FrameValues, { series }: WatchFrame, slot: number): void {
  reserve(frameValues, series.length);
  const { labels, metricType } = series[slot]!;
  frameValues.kinds[slot] = scoredUnit(labels, metricType) === 'per_second' ? RATE : RAW;
  frameValues.lastValue[slot] = NaN;
  frameValues.lastTime[slot] = NaN;
}

export function endSlot(frameValues: FrameValues, slot: number): void {
  frameValues.kinds[slot] = FREE;
  frameValues.values[slot] = NaN;
}

/**
 * What is scored at this tick: the samples of gauges, the increase per second of counters, where a drop is a reset to
 * zero and no rate is made across a gap. One sample per tick makes this the same as `resample`, without its windows.
 */
export function readFrame(frameValues: FrameValues, frame: WatchFrame, stepMs: number): void {
  const { kinds, values, lastValue, lastTime } = frameValues;
  const slots = Math.min(kinds.length, frame.values.length);
  const longest = GAP_INTERVALS * stepMs;
  for (let slot = 0; slot < slots; slot += 1) {
    const kind = kinds[slot]!;
    if (kind === FREE) continue;
    const value = frame.values[slot]!;
    if (!(Math.abs(value) < LARGEST)) {
      values[slot] = NaN;
      continue;
    }
    if (kind === RAW) {
      values[slot] = value;
      continue;
    }
    const elapsed = frame.time - lastTime[slot]!;
    const before = lastValue[slot]!;
    const increase = value >= before ? value - before : Math.max(0, value);
    values[slot] = elapsed > 0 && elapsed <= longest ? (increase * 1000) / elapsed : NaN;
    lastValue[slot] = value;
    lastTime[slot] = frame.time;
  }
}

function reserve(frameValues: FrameValues, length: number): void {
  const had = frameValues.kinds.length;
  if (had >= length) return;
  const size = Math.max(length, 2 * had, 256);
  const grow = (column: Float64Array) => {
    const grown = new Float64Array(size).fill(NaN, had);
    grown.set(column);
    return grown;
  };
  const kinds = new Uint8Array(size);
  kinds.set(frameValues.kinds);
  Object.assign(frameValues, {
    kinds,
    values: grow(frameValues.values),
    lastValue: grow(frameValues.lastValue),
    lastTime: grow(frameValues.lastTime),
  });
}
