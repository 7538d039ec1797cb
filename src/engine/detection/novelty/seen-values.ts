/** Values of a series that are remembered at most; more gained nothing on NAB, 32 lost 4 points. */
export const SEEN_CAPACITY = 64;
/**
 * Places that a set of seen values takes: the values, sorted; behind them the length of their range on its scale, and
 * how much the least telling of them told when last looked at.
 */
export const SEEN_PLACES = SEEN_CAPACITY + 2;
const RANGE = SEEN_CAPACITY;
const LEAST_TOLD = SEEN_CAPACITY + 1;
/** Share of the range seen below which a value is not remembered beside its neighbours. */
const SAME = 0.006;
/** Where the scale turns from linear to logarithmic, as a share of the range seen. */
export const LINEAR_SHARE = 0.05;
/** In place of `LINEAR_SHARE`: the scale is linear throughout, for what has its middle at zero. */
export const ALL_LINEAR = Infinity;
/** Square of the distance on the scale up to which its slope in between tells it, with an error below 0.2 %. */
const NEAR = 0.02;

/**
 * How new `value` is to the `count` values in the set at `from`, 0 to 1: the distance to the nearest of them over the
 * range seen so far, the value included. Distances are measured on the scale asinh(x / s), s a twentieth of the range:
 * linear around zero and logarithmic beyond, so that a fall to nothing weighs as much as a peak, in any unit.
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
  if (!(value > least && value < most)) return noveltyOutside(least, most, value, base, linearShare);
  const place = placeOf(values, from, end, value);
  const below = value - values[place - 1]!;
  const above = values[place]! - value;
  if (linearShare === ALL_LINEAR) return (below < above ? below : above) / (most - least);
  // As `distance`, with one square root for both sides: this is where most of the time is spent.
  const linear = linearShare * (most - least);
  const middle = value + base;
  const halfDown = middle - 0.5 * below;
  const halfUp = middle + 0.5 * above;
  const down = (below * below) / (linear * linear + halfDown * halfDown);
  const up = (above * above) / (linear * linear + halfUp * halfUp);
  const square = down < up ? down : up;
  const range = values[from + RANGE]!;
  if (square < NEAR) return range > 0 ? Math.sqrt(square) / range : 0;
  return Math.min(distance(middle - below, below, linear), distance(middle, above, linear)) / range;
}

/** Of a value that is no smaller or no larger than all that were seen. */
function noveltyOutside(least: number, most: number, value: number, base: number, linearShare: number): number {
  const beyond = value > most ? value - most : least - value;
  if (!(beyond > 0)) return 0;
  const all = most - least + beyond;
  if (linearShare === ALL_LINEAR) return beyond / all;
  const linear = scaleOf(least, most, value, linearShare);
  const range = distance((value > most ? least : value) + base, all, linear);
  return range > 0 ? distance((value > most ? most : value) + base, beyond, linear) / range : 0;
}

/** From a number to what is `gap` above it on the scale asinh(x / linear): short ones by its slope half way, exactly otherwise. */
function distance(from: number, gap: number, linear: number): number {
  const middle = from + 0.5 * gap;
  const square = (gap * gap) / (linear * linear + middle * middle);
  return square < NEAR ? Math.sqrt(square) : asinh((from + gap) / linear) - asinh(from / linear);
}

/**
 * Remembers `value` if it is new. When all places are taken, it must tell more than the value that tells least, which
 * is forgotten for it: the one whose neighbours on both sides are closest to each other, never the smallest or largest.
 * Gives the new count.
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
  } else {
    const told = ends ? Infinity : telling(values, from, values[place - 1]!, value, values[place]!, base, linearShare);
    if (told <= values[from + LEAST_TOLD]!) return count;
    const forgotten = leastTelling(values, from, base, linearShare);
    const least = telling(
      values,
      from,
      values[forgotten - 1]!,
      values[forgotten]!,
      values[forgotten + 1]!,
      base,
      linearShare,
    );
    values[from + LEAST_TOLD] = least;
    if (told <= least) return count;
    replaceOne(values, forgotten, place, value);
  }
  if (ends) {
    values[from + LEAST_TOLD] = 0;
    if (linearShare !== ALL_LINEAR) {
      const [first, last] = [values[from]!, values[from + kept - 1]!];
      values[from + RANGE] = distance(first + base, last - first, scaleOf(first, last, value, linearShare));
    }
  }
  return kept;
}

/** How much a value tells that lies between two others: the square of their distance on the scale, by its slope there. */
function telling(
  values: Float32Array,
  from: number,
  before: number,
  here: number,
  after: number,
  base: number,
  linearShare: number,
): number {
  const gap = after - before;
  const range = values[from + SEEN_CAPACITY - 1]! - values[from]!;
  if (linearShare === ALL_LINEAR) return (gap * gap) / (range * range);
  const linear = linearShare * range;
  return (gap * gap) / (linear * linear + (here + base) * (here + base));
}

/** Puts `value`, whose place is `place`, into the row of a full set in place of the value at `forgotten`. */
function replaceOne(values: Float32Array, forgotten: number, place: number, value: number): void {
  if (place > forgotten) {
    for (let i = forgotten; i < place - 1; i += 1) values[i] = values[i + 1]!;
    values[place - 1] = value;
    return;
  }
  for (let i = forgotten; i > place; i -= 1) values[i] = values[i - 1]!;
  values[place] = value;
}

/**
 * First index in [from, end) whose value is not below `value`; `end` if all are. Without branches on values: which way
 * a search turns cannot be foretold, and wrong guesses of the processor cost more than all the rest.
 */
function placeOf(values: Float32Array, from: number, end: number, value: number): number {
  let low = from;
  let rest = end - from;
  while (rest > 1) {
    const half = rest >> 1;
    low += half * Number(values[low + half - 1]! < value);
    rest -= half;
  }
  return rest === 0 ? from : low + Number(values[low]! < value);
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
