/**
 * Distributions of latencies as masses on a fixed grid: node 0 is zero, nodes 1 to LAST grow geometrically, ten a
 * decade, from 0.1 ms to about 400 s; the last stands for everything longer. A time between nodes is divided over the
 * three nearest so that mass, mean and second moment stay exact (Lagrange's quadratic interpolation, as semi-Lagrangian
 * schemes use it); so means and variances of sums and mixtures are those of the exact distributions, and only the
 * shape is rounded. Single masses may be slightly negative; readers of the distribution function take care of that.
 *
 * A distribution lives at an offset in a larger array, so that nothing is allocated while it changes.
 */
export const NODES = 68;
export const LAST = NODES - 1;
const FIRST_NODE = 1e-4;
/** Of the times of two nodes beside each other. */
export const RATIO = 10 ** 0.1;
/** Half of the way to the next node. */
const HALF_RATIO = Math.sqrt(RATIO);
export const LOG_RATIO = Math.log(RATIO);

/** Seconds at each node. */
export const NODE_SECONDS = Float64Array.from({ length: NODES }, (_, i) =>
  i === 0 ? 0 : FIRST_NODE * RATIO ** (i - 1),
);

/** Interpolation weights of u (time over the middle node) for the nodes 1/q, 1, q. */
export const LOWER_SCALE = 1 / ((1 / RATIO - 1) * (1 / RATIO - RATIO));
export const MIDDLE_SCALE = 1 / ((1 - 1 / RATIO) * (1 - RATIO));
export const UPPER_SCALE = 1 / ((RATIO - 1 / RATIO) * (RATIO - 1));
export const lower = (u: number) => (u - 1) * (u - RATIO) * LOWER_SCALE;
export const middle = (u: number) => (u - 1 / RATIO) * (u - RATIO) * MIDDLE_SCALE;
export const upper = (u: number) => (u - 1 / RATIO) * (u - 1) * UPPER_SCALE;

/** Position on the grid of a time above 0; whole at nodes. */
export function positionOf(seconds: number): number {
  return Math.log(seconds / FIRST_NODE) / LOG_RATIO + 1;
}

export function clear(to: Float64Array, at: number): void {
  to.fill(0, at, at + NODES);
}

export function copy(to: Float64Array, at: number, from: Float64Array, start: number): void {
  for (let i = 0; i < NODES; i++) to[at + i] = from[start + i]!;
}

/** Adds a mass at a time, seconds. */
export function put(to: Float64Array, at: number, seconds: number, mass: number): void {
  if (!(seconds > 0)) {
    to[at] = to[at]! + mass;
    return;
  }
  const node = Math.max(1, Math.round(positionOf(seconds)));
  if (!(node < LAST)) {
    to[at + LAST] = to[at + LAST]! + mass;
    return;
  }
  const u = seconds / NODE_SECONDS[node]!;
  if (node === 1) {
    to[at] = to[at]! + (mass * (u - 1) * (u - RATIO)) / RATIO;
    to[at + 1] = to[at + 1]! + (mass * u * (u - RATIO)) / (1 - RATIO);
    to[at + 2] = to[at + 2]! + (mass * u * (u - 1)) / (RATIO * (RATIO - 1));
    return;
  }
  to[at + node - 1] = to[at + node - 1]! + mass * lower(u);
  to[at + node] = to[at + node]! + mass * middle(u);
  to[at + node + 1] = to[at + node + 1]! + mass * upper(u);
}

/** Adds mass x the distribution with all times multiplied by `factor`. */
export function addScaled(
  to: Float64Array,
  at: number,
  from: Float64Array,
  start: number,
  factor: number,
  mass: number,
): void {
  if (factor === 1) {
    for (let i = 0; i < NODES; i++) to[at + i] = to[at + i]! + mass * from[start + i]!;
    return;
  }
  to[at] = to[at]! + mass * from[start]!;
  if (!(factor > 0)) {
    for (let i = 1; i < NODES; i++) to[at] = to[at]! + mass * from[start + i]!;
    return;
  }
  const shift = Math.round(Math.log(factor) / LOG_RATIO);
  const u = factor / RATIO ** shift;
  const a = lower(u);
  const b = middle(u);
  const c = upper(u);
  // What comes to lie around the first node: the weights there are quadratic, so that three moments do for all of it.
  const early = Math.min(LAST, Math.max(1, 2 - shift));
  let zeroth = 0;
  let first = 0;
  let second = 0;
  for (let i = 1; i < early; i++) {
    const part = mass * from[start + i]!;
    const ratio = (NODE_SECONDS[i]! / FIRST_NODE) * factor;
    zeroth += part;
    first += part * ratio;
    second += part * ratio * ratio;
  }
  to[at] = to[at]! + (second - (1 + RATIO) * first + RATIO * zeroth) / RATIO;
  to[at + 1] = to[at + 1]! + (second - RATIO * first) / (1 - RATIO);
  to[at + 2] = to[at + 2]! + (second - first) / (RATIO * (RATIO - 1));
  const late = Math.max(early, Math.min(LAST, LAST - shift));
  for (let i = early; i < late; i++) {
    const part = mass * from[start + i]!;
    const node = at + i + shift;
    to[node - 1] = to[node - 1]! + a * part;
    to[node] = to[node]! + b * part;
    to[node + 1] = to[node + 1]! + c * part;
  }
  for (let i = late; i < NODES; i++) to[at + LAST] = to[at + LAST]! + mass * from[start + i]!;
}

/** Adds mass x the distribution with all times `delay` seconds later. */
export function addDelayed(
  to: Float64Array,
  at: number,
  from: Float64Array,
  start: number,
  delay: number,
  mass: number,
): void {
  if (!(delay > 0)) return addScaled(to, at, from, start, 1, mass);
  put(to, at, delay, from[start]! * mass);
  to[at + LAST] = to[at + LAST]! + from[start + LAST]! * mass;
  let node = 1;
  for (let i = 1; i < LAST; i++) {
    const part = from[start + i]! * mass;
    if (part === 0) continue;
    const seconds = NODE_SECONDS[i]! + delay;
    if (node < i) node = i;
    while (node < LAST && seconds > NODE_SECONDS[node]! * HALF_RATIO) node++;
    if (node === LAST) to[at + LAST] = to[at + LAST]! + part;
    else if (node === 1) put(to, at, seconds, part);
    else {
      const u = seconds / NODE_SECONDS[node]!;
      to[at + node - 1] = to[at + node - 1]! + part * lower(u);
      to[at + node] = to[at + node]! + part * middle(u);
      to[at + node + 1] = to[at + node + 1]! + part * upper(u);
    }
  }
}

/** Overwrites `to` with the distribution of the larger one of two independent times. May be in place. */
export function maximum(
  to: Float64Array,
  at: number,
  a: Float64Array,
  startA: number,
  b: Float64Array,
  startB: number,
): void {
  let below = 0;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < NODES; i++) {
    sumA += a[startA + i]!;
    sumB += b[startB + i]!;
    const product = sumA * sumB;
    to[at + i] = product - below;
    below = product;
  }
}

/** Mean, seconds, of a distribution of mass 1. */
export function meanOf(from: Float64Array, start: number): number {
  let sum = 0;
  for (let i = 1; i < NODES; i++) sum += from[start + i]! * NODE_SECONDS[i]!;
  return Math.max(0, sum);
}

/** Second moment, seconds squared. */
export function squareOf(from: Float64Array, start: number): number {
  let sum = 0;
  for (let i = 1; i < NODES; i++) sum += from[start + i]! * NODE_SECONDS[i]! * NODE_SECONDS[i]!;
  return Math.max(0, sum);
}

/**
 * Shares of a distribution of mass 1 in buckets.
 *
 * @param group which group of `positions.length` + 1 buckets is written
 * @param positions ascending bounds, from `positionOf`. Each node's mass is spread evenly over half a node to both sides
 */
export function fillBuckets(
  to: Float64Array,
  group: number,
  from: Float64Array,
  start: number,
  positions: Float64Array,
): void {
  const at = group * (positions.length + 1);
  let node = 0;
  let sum = 0;
  let below = 0;
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i]! + 0.5;
    while (node < NODES && node + 1 <= position) sum += from[start + node++]!;
    // The node at zero lies below every bound.
    if (node === 0) sum += from[start + node++]!;
    const part = node < NODES ? Math.max(0, from[start + node]!) * Math.max(0, position - node) : 0;
    const upTo = Math.min(1, Math.max(below, sum + part));
    to[at + i] = upTo - below;
    below = upTo;
  }
  to[at + positions.length] = 1 - below;
}
