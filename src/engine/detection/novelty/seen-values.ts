/** Values of a series that are remembered at most; more lost nothing on NAB, 32 lost 4 points. */
export const SEEN_CAPACITY = 64;
/** Share of the range seen below which a value is not new. */
const SAME = 0.003;
/** Where the scale turns from linear to logarithmic, as a share of the range seen. */
export const LINEAR_SHARE = 0.05;
/** In place of `LINEAR_SHARE`: the scale is linear throughout, for what has its middle at zero. */
export const ALL_LINEAR = 100;

/**
 * How new `value` is to the sorted `values[from .. from + count)`, 0 to 1: the distance to the nearest of them over
 * the range seen so far, the value included. Distances are measured on the scale asinh(x / s), s a twentieth of the
 * range: linear around zero and logarithmic beyond, so that a fall to nothing weighs as much as a peak, in any unit.
 *
 * @param base what was taken off every value before, so that float32 is exact enough; the scale needs to know its zero
 * @param linearShare s as a share of the range
 */
export function noveltyAmong(
  values: Float32Array,
  from: number,
  count: number,
  value: number,
  base = 0,
  linearShare = LINEAR_SHARE,
): number {
  if (count < 2) return 0;
  const end = from + count;
  const place = placeOf(values, from, end, value);
  if (place < end && values[place] === value) return 0;
  const least = values[from]!;
  const most = values[end - 1]!;
  const unit = 1 / scaleOf(least, most, value, linearShare);
  const y = asinh((value + base) * unit);
  const below = place > from ? y - asinh((values[place - 1]! + base) * unit) : Infinity;
  const above = place < end ? asinh((values[place]! + base) * unit) - y : Infinity;
  const top = place === end ? y : asinh((most + base) * unit);
  const range = top - (place === from ? y : asinh((least + base) * unit));
  return range > 0 ? Math.min(below, above) / range : 0;
}

/**
 * Remembers `value` if it is new; when all places are taken the value with the closest neighbours on both sides is
 * forgotten, never the smallest or largest. Gives the new count.
 */
export function rememberValue(
  values: Float32Array,
  from: number,
  count: number,
  value: number,
  novelty: number,
  base = 0,
  linearShare = LINEAR_SHARE,
): number {
  if (count === 0) {
    values[from] = value;
    return 1;
  }
  if (count === 1) {
    if (values[from] === value) return 1;
  } else if (novelty <= SAME) return count;
  const kept = count < SEEN_CAPACITY ? count : forgetOne(values, from, base, linearShare);
  const place = placeOf(values, from, from + kept, value);
  values.copyWithin(place + 1, place, from + kept);
  values[place] = value;
  return kept + 1;
}

/** First index in [from, end) whose value is not below `value`; `end` if all are. */
function placeOf(values: Float32Array, from: number, end: number, value: number): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The unit of the scale; where a jump makes the old range nothing, it is still not 0. */
function scaleOf(least: number, most: number, value: number, linearShare: number): number {
  const seen = most - least;
  const widened = Math.max(most, value) - Math.min(least, value);
  return Math.max(linearShare * seen, 1e-9 * widened);
}

function forgetOne(values: Float32Array, from: number, base: number, linearShare: number): number {
  const last = from + SEEN_CAPACITY - 1;
  const unit = 1 / (linearShare * (values[last]! - values[from]!));
  let least = Infinity;
  let forgotten = from + 1;
  for (let i = from + 1; i < last; i += 1) {
    // The square of the gap on the scale, by the slope of asinh at the value: much cheaper than asinh itself.
    const gap = values[i + 1]! - values[i - 1]!;
    const scaled = (values[i]! + base) * unit;
    const square = (gap * gap) / (1 + scaled * scaled);
    if (square < least) {
      least = square;
      forgotten = i;
    }
  }
  values.copyWithin(forgotten, forgotten + 1, last + 1);
  return SEEN_CAPACITY - 1;
}

/** Math.asinh, three times as fast; exact to 1e-16 absolutely, which is all that differences of novelty need. */
function asinh(x: number): number {
  return x < 0 ? -Math.log(Math.sqrt(x * x + 1) - x) : Math.log(Math.sqrt(x * x + 1) + x);
}
