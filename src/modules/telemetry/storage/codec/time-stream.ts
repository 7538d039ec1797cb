import type { ByteReader, ByteWriter } from './byte-stream.js';
import { CorruptTelemetryError } from './codec.errors.js';

/** Beyond this, sums of steps could lose their last bit in a double: such times are stored as they are. */
const MAX_EXACT = 2 ** 48;

/** Delta-of-delta works for integers of moderate size; anything else goes raw. */
export function timesAreRegularEnough(times: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const time = times[i]!;
    const inRange = time > -MAX_EXACT && time < MAX_EXACT;
    if (!inRange || Math.floor(time) !== time || Object.is(time, -0)) return false;
  }
  return true;
}

/**
 * First time and first step as zigzag varints, then tokens: even 2(n-1) stands for n steps equal to the one before,
 * odd 2z+1 for a step that differs by the zigzag number z. A regular series costs one token however long.
 */
export function writeTimes(out: ByteWriter, times: Float64Array, from: number, to: number): void {
  out.reserve(9 * (to - from) + 16);
  let previous = times[from]!;
  out.zigzag(previous);
  if (to - from < 2) return;
  let step = times[from + 1]! - previous;
  out.zigzag(step);
  previous = times[from + 1]!;
  let equalSteps = 0;
  for (let i = from + 2; i < to; i++) {
    const time = times[i]!;
    const nextStep = time - previous;
    previous = time;
    if (nextStep === step) {
      equalSteps++;
      continue;
    }
    if (equalSteps > 0) out.varint(2 * (equalSteps - 1));
    equalSteps = 0;
    const change = nextStep - step;
    out.varint(2 * (change >= 0 ? change * 2 : change * -2 - 1) + 1);
    step = nextStep;
  }
  if (equalSteps > 0) out.varint(2 * (equalSteps - 1));
}

export function readTimes(input: ByteReader, times: Float64Array): void {
  const count = times.length;
  let time = input.zigzag();
  times[0] = time;
  if (count < 2) return;
  let step = input.zigzag();
  time += step;
  times[1] = time;
  for (let i = 2; i < count;) {
    const token = input.varint();
    if (token % 2 === 0) {
      const end = i + token / 2 + 1;
      if (end > count) throw new CorruptTelemetryError('more times than samples');
      for (; i < end; i++) times[i] = time += step;
    } else {
      const zigzag = (token - 1) / 2;
      step += zigzag % 2 === 0 ? zigzag / 2 : (zigzag + 1) / -2;
      times[i++] = time += step;
    }
  }
}
