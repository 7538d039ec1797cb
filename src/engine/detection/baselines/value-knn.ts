import { POINTS, type BaselineOutcome, type BaselineScorer } from './baseline-scorer.js';
import { holdBack } from './refractory.js';
import { insertSorted, nearestDistance, removeSorted } from './sorted-values.js';

/** Newest values among which the nearest is looked for. */
const NEIGHBOURS = 4000;
/** Distances before the first score. */
const LEAST_DISTANCES = 20;
/** Points without a second emission. */
const HOLD = 150;
/** Standard deviations above the mean distance at the boundary. */
const BOUNDARY = 12;

const HOLDING = 1;
const DISTANCES = 3;
const MEAN = 4;
const SQUARES = 5;
const RING = 6;
const SORTED = RING + NEIGHBOURS;

/**
 * Nearest neighbour by value (k = 1) among the newest 4,000, and how improbable its distance is among the distances of
 * the past, taken as normal: standard deviations above their mean. After an emission 150 points are held back.
 */
export const VALUE_KNN: BaselineScorer = {
  id: 'value-knn',
  version: '1',
  channel: 'distance',
  minimumPoints: LEAST_DISTANCES + 1,
  memoryLength: SORTED + NEIGHBOURS + 1,
  advance: advanceValueKnn,
};

function advanceValueKnn(memory: Float64Array, value: number, outcome: BaselineOutcome): void {
  const points = memory[POINTS]!;
  const count = Math.min(points, NEIGHBOURS);
  let tail = 0;
  if (count > 0) tail = tailOf(memory, nearestDistance(memory, SORTED, SORTED + count, value));
  insertSorted(memory, SORTED, SORTED + count, value);
  const place = RING + (points % NEIGHBOURS);
  if (points >= NEIGHBOURS) removeSorted(memory, SORTED, SORTED + count + 1, memory[place]!);
  memory[place] = value;
  memory[POINTS] = points + 1;
  const score = holdBack(memory, HOLDING, tail / BOUNDARY, HOLD);
  outcome.score = points < LEAST_DISTANCES + 1 ? NaN : score;
  outcome.yhat = value;
  outcome.reach = 0;
}

/** Standard deviations above the mean of the distances before (Welford 1962); then the distance is one of them. */
function tailOf(memory: Float64Array, distance: number): number {
  const count = memory[DISTANCES]!;
  const away = distance - memory[MEAN]!;
  const deviation = Math.sqrt(memory[SQUARES]! / Math.max(1, count));
  const tail = count > LEAST_DISTANCES && away > 0 && deviation > 0 ? away / deviation : 0;
  memory[DISTANCES] = count + 1;
  memory[MEAN]! += away / (count + 1);
  memory[SQUARES]! += away * (distance - memory[MEAN]!);
  return tail;
}
