/** Values of a series that are remembered at most; more gained nothing on NAB, 32 lost 4 points. */
export const SEEN_CAPACITY = 64;
/** Places that a set of seen values takes: the values, sorted, and behind them the length of their range on its scale. */
export const SEEN_PLACES = SEEN_CAPACITY + 1;
/** Share of the range seen below which a value is not remembered beside its neighbours. */
const SAME = 0.006;
/** Share below which novelty is taken for none. */
const NEGLIGIBLE = 0.001;
/** Where the scale turns from linear to logarithmic, as a share of the range seen. */
export const LINEAR_SHARE = 0.05;
/** In place of `LINEAR_SHARE`: the scale is linear throughout, for what has its middle at zero. */
export const ALL_LINEAR = Infinity;

/**
 * How new `value` is to the `count` values in the set at `from`, 0 to 1: the distance to the nearest of them over the
 * range seen so far, the value included; 0 where that is below 0.001. Distances are measured on the scale asinh(x / s), s a twentieth
 * of the range: linear around zero and logarithmic beyond, so that a fall to nothing weighs as much as a peak, in any
 * unit.
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
  const least = values[from]!;
  const most = values[end - 1]!;
  const place = placeOf(values, from, end, value);
  const below = place > from ? value - values[place - 1]! : Infinity;
  const above = place < end ? values[place]! - value : Infinity;
  if (linearShare === ALL_LINEAR) {
    return Math.min(below, above) / (Math.max(most, value) - Math.min(least, value));
  }
  const unit = 1 / scaleOf(least, most, value, linearShare);
  const scaled = (value + base) * unit;
  if (below === Infinity || above === Infinity) return noveltyOutside(least + base, most + base, unit, scaled);
  const range = values[from + SEEN_CAPACITY]!;
  const nearest = below < above ? below : above;
  // A bound by the slope of asinh, without a logarithm: most calm points are not new by far.
  const closest = Math.max(0, Math.abs(scaled) - nearest * unit);
  const bound = NEGLIGIBLE * range;
  if (nearest * nearest * unit * unit <= bound * bound * (1 + closest * closest)) return 0;
  const y = asinh(scaled);
  const down = y - asinh((values[place - 1]! + base) * unit);
  const up = asinh((values[place]! + base) * unit) - y;
  return Math.min(down, up) / range;
}

function noveltyOutside(least: number, most: number, unit: number, scaled: number): number {
  const low = asinh(least * unit);
  const high = asinh(most * unit);
  const y = asinh(scaled);
  return y > high ? (y - high) / (y - low) : (low - y) / (high - y);
}

/**
 * Remembers `value` if it is new; when all places are taken the value with the closest neighbours on both sides is
 * forgotten, never the smallest or largest. Gives the new count.
 *
 * @param novelty what `noveltyAmong` said of the value
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
  if (count < 2 ? count === 1 && values[from] === value : novelty <= SAME) return count;
  const end = from + count;
  const place = placeOf(values, from, end, value);
  const ends = place === from || place === end;
  let kept = count;
  if (count < SEEN_CAPACITY) {
    for (let i = end; i > place; i -= 1) values[i] = values[i - 1]!;
    values[place] = value;
    kept += 1;
  } else replaceOne(values, from, place, value, base, linearShare);
  if (ends && linearShare !== ALL_LINEAR) {
    const [least, most] = [values[from]!, values[from + kept - 1]!];
    const unit = 1 / scaleOf(least, most, value, linearShare);
    values[from + SEEN_CAPACITY] = asinh((most + base) * unit) - asinh((least + base) * unit);
  }
  return kept;
}

/** Forgets one value of a full set, and puts `value`, whose place is `place`, into the row. */
function replaceOne(
  values: Float32Array,
  from: number,
  place: number,
  value: number,
  base: number,
  linearShare: number,
): void {
  const forgotten = leastTelling(values, from, base, linearShare);
  if (place > forgotten) {
    for (let i = forgotten; i < place - 1; i += 1) values[i] = values[i + 1]!;
    values[place - 1] = value;
    return;
  }
  for (let i = forgotten; i > place; i -= 1) values[i] = values[i - 1]!;
  values[place] = value;
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

/** The value with the closest neighbours on both sides; never the first or the last. */
function leastTelling(values: Float32Array, from: number, base: number, linearShare: number): number {
  const last = from + SEEN_CAPACITY - 1;
  const unit = linearShare === ALL_LINEAR ? 0 : 1 / (linearShare * (values[last]! - values[from]!));
  let forgotten = from + 1;
  let leastSquare = 1;
  let leastSlope = 0;
  let before = values[from]!;
  let here = values[from + 1]!;
  for (let i = from + 1; i < last; i += 1) {
    // The square of the gap on the scale, by the slope of asinh at the value: much cheaper than asinh itself.
    const after = values[i + 1]!;
    const scaled = (here + base) * unit;
    const slope = 1 + scaled * scaled;
    const square = (after - before) * (after - before);
    if (square * leastSlope < leastSquare * slope) {
      leastSquare = square;
      leastSlope = slope;
      forgotten = i;
    }
    before = here;
    here = after;
  }
  return forgotten;
}

/** Math.asinh, three times as fast; exact to 1e-16 absolutely, which is all that differences of novelty need. */
function asinh(x: number): number {
  return x < 0 ? -Math.log(Math.sqrt(x * x + 1) - x) : Math.log(Math.sqrt(x * x + 1) + x);
}
