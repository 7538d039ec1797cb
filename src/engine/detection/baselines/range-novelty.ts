import { POINTS, type BaselineOutcome, type BaselineScorer } from './baseline-scorer.js';
import { holdBack } from './refractory.js';
import { insertSorted, nearestDistance } from './sorted-values.js';

/** Points of a block; only the value farthest from its mean counts. */
const BLOCK = 4;
/** Points of the rolling mean and standard deviation. */
const WINDOW = 48;
/** Points without a second emission. */
const HOLD = 150;
/** Blocks that are remembered: more than a month of points at 5 minutes. */
const BLOCKS = 4096;
const WEIGHTS = [1, 0.5, 0.5] as const;
/** Share of the range at the boundary. */
const BOUNDARY = 0.1;

const HOLDING = 1;
const RING = 3;
const COUNTS = RING + WINDOW;
const SEEN = COUNTS + WEIGHTS.length;

/**
 * Range novelty: of every four points the value farthest from their mean, the rolling mean and the rolling standard
 * deviation; each by its distance to the nearest value ever seen before, over the range seen so far; joined by the root
 * of weighted squares. After an emission 150 points are held back unless a higher score comes. No training, no season.
 */
export const RANGE_NOVELTY: BaselineScorer = {
  id: 'range-novelty',
  version: '1',
  channel: 'novelty',
  minimumPoints: WINDOW,
  memoryLength: SEEN + WEIGHTS.length * BLOCKS,
  advance: advanceRangeNovelty,
};

function advanceRangeNovelty(memory: Float64Array, value: number, outcome: BaselineOutcome): void {
  const points = memory[POINTS]!;
  memory[RING + (points % WINDOW)] = value;
  memory[POINTS] = points + 1;
  outcome.yhat = value;
  outcome.reach = 0;
  let novelty = 0;
  if ((points + 1) % BLOCK === 0) novelty = blockNovelty(memory, points + 1);
  const score = holdBack(memory, HOLDING, novelty / BOUNDARY, HOLD);
  outcome.score = points + 1 < WINDOW ? NaN : score;
}

function blockNovelty(memory: Float64Array, points: number): number {
  let squares = (WEIGHTS[0] * channelNovelty(memory, 0, farthest(memory, points))) ** 2;
  if (points < WINDOW) return Math.sqrt(squares);
  let mean = 0;
  for (let i = 0; i < WINDOW; i += 1) mean += memory[RING + i]!;
  mean /= WINDOW;
  let variance = 0;
  for (let i = 0; i < WINDOW; i += 1) variance += (memory[RING + i]! - mean) ** 2;
  squares += (WEIGHTS[1] * channelNovelty(memory, 1, mean)) ** 2;
  squares += (WEIGHTS[2] * channelNovelty(memory, 2, Math.sqrt(variance / WINDOW))) ** 2;
  return Math.sqrt(squares);
}

/** Of the newest block, the value farthest from the mean of the block. */
function farthest(memory: Float64Array, points: number): number {
  let mean = 0;
  for (let i = points - BLOCK; i < points; i += 1) mean += memory[RING + (i % WINDOW)]! / BLOCK;
  let chosen = mean;
  let distance = -1;
  for (let i = points - BLOCK; i < points; i += 1) {
    const value = memory[RING + (i % WINDOW)]!;
    if (Math.abs(value - mean) <= distance) continue;
    distance = Math.abs(value - mean);
    chosen = value;
  }
  return chosen;
}

/** Distance to the nearest value seen, over the range seen, the value included; then the value is seen. */
function channelNovelty(memory: Float64Array, channel: number, value: number): number {
  const from = SEEN + channel * BLOCKS;
  const count = memory[COUNTS + channel]!;
  let novelty = 0;
  if (count > 1) {
    const range = Math.max(memory[from + count - 1]!, value) - Math.min(memory[from]!, value);
    if (range > 0) novelty = nearestDistance(memory, from, from + count, value) / range;
  }
  if (count < BLOCKS && (count < 2 || novelty > 0)) {
    insertSorted(memory, from, from + count, value);
    memory[COUNTS + channel] = count + 1;
  }
  return novelty;
}
