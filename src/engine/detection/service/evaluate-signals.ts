import { KIND, type CompiledSignals, type SignalMemory } from './compile-signals.js';
import { histogramQuantile } from './histogram-quantile.js';
import { sumWhilePodsChange } from './replaced-pods.js';
import type { SourceMemory } from './source-memory.js';

/** Quantiles are made of about so many observations: of the past as much is added as the tick lacks. */
const ENOUGH_OBSERVATIONS = 200;
/** At most this share of the past is carried on from one tick to the next. */
const GREATEST_CARRY = 0.7;
/** Fewer observations than these tell nothing of the middle, or of the slowest hundredth. */
const FEWEST_FOR = { median: 5, tail: 20 } as const;

/**
 * One value for each signal at `entry.index` of `out`. NaN where none of the sources was seen, or fewer than half of
 * those that are there (see `SourceMemory`).
 *
 * @param memory holds the values of this tick by slot, gaps of a tick or two bridged
 * @param stepSeconds length of the tick, which turns rates into numbers
 * @param tick number of the tick, by which pods that went lately are known
 */
export function evaluateSignals(
  compiled: CompiledSignals,
  memory: SourceMemory,
  out: Float64Array,
  stepSeconds: number,
  tick = 0,
): void {
  const { entries, kinds, offsets, slots, places, parameters } = compiled;
  const { values, fresh } = memory;
  for (let s = 0; s < entries.length; s += 1) {
    const from = offsets[s]!;
    const to = offsets[s + 1]!;
    const kind = kinds[s]!;
    if (kind === KIND.quantile) {
      const counts = entries[s]!.memory!;
      out[entries[s]!.index] = quantileOf(counts, slots, places, from, to, memory, parameters[s]!, stepSeconds);
      continue;
    }
    let above = 0;
    let below = 0;
    let highest = -Infinity;
    let seen = 0;
    let known = 0;
    for (let j = from; j < to; j += 1) {
      const value = values[slots[j]!]!;
      if (Number.isNaN(value)) continue;
      known += 1;
      seen += fresh[slots[j]!]!;
      const place = places[j]!;
      if ((place & 1) !== 0) above += value;
      if ((place & 2) !== 0) below += value;
      if (value > highest) highest = value;
    }
    if (kind === KIND.sum) below = sumWhilePodsChange(entries[s]!, below, memory, tick);
    out[entries[s]!.index] =
      seen === 0 || 2 * seen < known ? NaN : valueOf(kind, above, below, highest, known, parameters[s]! / stepSeconds);
  }
}

function valueOf(
  kind: number,
  above: number,
  below: number,
  highest: number,
  known: number,
  leastBelow: number,
): number {
  switch (kind) {
    case KIND.sum:
      return below;
    case KIND.mean:
      return below / known;
    case KIND.max:
      return highest;
    default:
      if (!(below > 0)) return NaN;
      return above / Math.max(below, leastBelow);
  }
}

function quantileOf(
  { bounds, counts }: SignalMemory,
  slots: Int32Array,
  places: Int32Array,
  from: number,
  to: number,
  { values, fresh }: SourceMemory,
  q: number,
  stepSeconds: number,
): number {
  const last = bounds.length - 1;
  let total = 0;
  let seen = 0;
  let known = 0;
  for (let j = from; j < to; j += 1) {
    const value = values[slots[j]!]!;
    if (Number.isNaN(value)) continue;
    known += 1;
    seen += fresh[slots[j]!]!;
    if (places[j] === last) total += value * stepSeconds;
  }
  if (seen === 0 || 2 * seen < known) {
    counts.fill(0);
    return NaN;
  }
  const past = counts[last]!;
  const carry = past > 0 ? Math.min(GREATEST_CARRY, Math.max(0, ENOUGH_OBSERVATIONS - total) / past) : 0;
  for (let b = 0; b <= last; b += 1) counts[b] = counts[b]! * carry;
  for (let j = from; j < to; j += 1) {
    const value = values[slots[j]!]!;
    if (!Number.isNaN(value)) counts[places[j]!] = counts[places[j]!]! + value * stepSeconds;
  }
  if (counts[last]! < (q > 0.9 ? FEWEST_FOR.tail : FEWEST_FOR.median)) return NaN;
  return histogramQuantile(q, bounds, counts);
}
