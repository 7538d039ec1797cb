import {
  LAST,
  LOG_RATIO,
  lower,
  LOWER_SCALE,
  middle,
  MIDDLE_SCALE,
  NODE_SECONDS,
  NODES,
  RATIO,
  upper,
  UPPER_SCALE,
} from './grid.js';

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
