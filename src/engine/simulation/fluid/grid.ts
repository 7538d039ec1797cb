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
const RATIO = 10 ** 0.1;
/** Half of the way to the next node. */
const HALF_RATIO = Math.sqrt(RATIO);
const LOG_RATIO = Math.log(RATIO);

/** Seconds at each node. */
export const NODE_SECONDS = Float64Array.from({ length: NODES }, (_, i) =>
  i === 0 ? 0 : FIRST_NODE * RATIO ** (i - 1),
);

/** Interpolation weights of u (time over the middle node) for the nodes 1/q, 1, q. */
const LOWER_SCALE = 1 / ((1 / RATIO - 1) * (1 / RATIO - RATIO));
const MIDDLE_SCALE = 1 / ((1 - 1 / RATIO) * (1 - RATIO));
const UPPER_SCALE = 1 / ((RATIO - 1 / RATIO) * (RATIO - 1));
const lower = (u: number) => (u - 1) * (u - RATIO) * LOWER_SCALE;
const middle = (u: number) => (u - 1 / RATIO) * (u - RATIO) * MIDDLE_SCALE;
const upper = (u: number) => (u - 1 / RATIO) * (u - 1) * UPPER_SCALE;

/** Per distance d of two nodes: weights of their sum, which lies `shift` nodes above the larger one. */
const LOWER = new Float64Array(NODES);
const MIDDLE = new Float64Array(NODES);
const UPPER = new Float64Array(NODES);
/** First distance at which the sum lies at most 2 nodes, at most 1 node above the larger one, or at it. */
const SHIFT_TWO = firstWithShift(2);
const SHIFT_ONE = firstWithShift(1);
const NEAR = firstWithShift(0);
for (let d = 0; d < NEAR; d++) {
  const u = (1 + RATIO ** -d) / RATIO ** shiftAt(d);
  LOWER[d] = lower(u);
  MIDDLE[d] = middle(u);
  UPPER[d] = upper(u);
}
// A pair at the same node is found from both sides.
LOWER[0]! /= 2;
MIDDLE[0]! /= 2;
UPPER[0]! /= 2;

function shiftAt(distance: number): number {
  return Math.round(Math.log(1 + RATIO ** -distance) / LOG_RATIO);
}

function firstWithShift(most: number): number {
  let d = 0;
  while (shiftAt(d) > most) d++;
  return d;
}

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

/** Both summands without their mass at zero, after as many zeros as the farthest of near nodes is away. */
const paddedA = new Float64Array(NEAR + NODES);
const paddedB = new Float64Array(NEAR + NODES);
/** Sums, with room for those that lie above the last node. */
const sums = new Float64Array(NODES + 4);

/**
 * Overwrites `to` with the distribution of the sum of two independent times. `to` must be apart from both. Pairs of
 * nodes that are near each other are added one by one; where one time is so small that the sum stays at the node of
 * the larger one, three moments of all smaller ones do, as the weights are quadratic. So the cost is linear.
 */
export function convolve(
  to: Float64Array,
  at: number,
  a: Float64Array,
  startA: number,
  b: Float64Array,
  startB: number,
): void {
  const zeroA = a[startA]!;
  const zeroB = b[startB]!;
  sums[0] = zeroA * zeroB;
  for (let i = 1; i < NODES; i++) {
    const partA = a[startA + i]!;
    const partB = b[startB + i]!;
    paddedA[NEAR + i] = partA;
    paddedB[NEAR + i] = partB;
    sums[i] = zeroA * partB + zeroB * partA;
  }
  const low = Math.min(lowest(paddedA), lowest(paddedB));
  const high = Math.max(highest(paddedA), highest(paddedB));
  for (let i = low; i <= high; i++) {
    if (paddedA[i] === 0 && paddedB[i] === 0) continue;
    addNear(i, 3, 0, SHIFT_TWO);
    addNear(i, 2, SHIFT_TWO, SHIFT_ONE);
    addNear(i, 1, SHIFT_ONE, NEAR);
  }
  // What is above the last node belongs to it.
  let beyond = 0;
  for (let i = LAST; i < sums.length; i++) {
    beyond += sums[i]!;
    sums[i] = 0;
  }
  sums[LAST] = beyond;
  addFar(paddedA, paddedB, low, high);
  addFar(paddedB, paddedA, low, high);
  for (let i = 0; i < NODES; i++) to[at + i] = sums[i]!;
  trim(to, at);
}

/** Pairs of node i and one that is so many nodes below it: their sums all lie around the node `shift` above it. */
function addNear(i: number, shift: number, from: number, to: number): void {
  const largeA = paddedA[i]!;
  const largeB = paddedB[i]!;
  let below = 0;
  let there = 0;
  let above = 0;
  for (let d = from; d < to; d++) {
    const mass = largeA * paddedB[i - d]! + largeB * paddedA[i - d]!;
    below += mass * LOWER[d]!;
    there += mass * MIDDLE[d]!;
    above += mass * UPPER[d]!;
  }
  const node = i - NEAR + shift;
  sums[node - 1] = sums[node - 1]! + below;
  sums[node] = sums[node]! + there;
  sums[node + 1] = sums[node + 1]! + above;
}

/** Pairs in which the time of `b` is `NEAR` nodes or more below that of `a`. */
function addFar(a: Float64Array, b: Float64Array, low: number, high: number): void {
  let mass = 0;
  let first = 0;
  let second = 0;
  for (let i = low + NEAR; i <= high; i++) {
    const node = i - NEAR;
    const small = b[node]!;
    const seconds = NODE_SECONDS[node - NEAR]!;
    mass += small;
    first += small * seconds;
    second += small * seconds * seconds;
    const large = a[i]!;
    if (large === 0) continue;
    if (node === LAST) {
      sums[LAST] = sums[LAST]! + large * mass;
      continue;
    }
    const scale = 1 / NODE_SECONDS[node]!;
    const u = mass + first * scale;
    const uu = mass + 2 * first * scale + second * scale * scale;
    sums[node - 1] = sums[node - 1]! + large * LOWER_SCALE * (uu - (1 + RATIO) * u + RATIO * mass);
    sums[node] = sums[node]! + large * MIDDLE_SCALE * (uu - (RATIO + 1 / RATIO) * u + mass);
    sums[node + 1] = sums[node + 1]! + large * UPPER_SCALE * (uu - (1 + 1 / RATIO) * u + mass / RATIO);
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

/** Masses too small to matter go to their neighbours, so that sums stay cheap. */
function trim(to: Float64Array, at: number): void {
  for (let i = 1; i < LAST && Math.abs(to[at + i]!) < NEGLIGIBLE_BELOW; i++) {
    to[at + i + 1] = to[at + i + 1]! + to[at + i]!;
    to[at + i] = 0;
  }
  for (let i = LAST; i > 1 && Math.abs(to[at + i]!) < NEGLIGIBLE; i--) {
    to[at + i - 1] = to[at + i - 1]! + to[at + i]!;
    to[at + i] = 0;
  }
}

const NEGLIGIBLE = 1e-6;
/** What is early matters less. */
const NEGLIGIBLE_BELOW = 1e-4;

function lowest(padded: Float64Array): number {
  let i = NEAR + 1;
  while (i < padded.length && padded[i] === 0) i++;
  return i;
}

function highest(padded: Float64Array): number {
  let i = padded.length - 1;
  while (i > NEAR && padded[i] === 0) i--;
  return i;
}
