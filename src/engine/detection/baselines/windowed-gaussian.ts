import { POINTS, type BaselineOutcome, type BaselineScorer } from './baseline-scorer.js';

/** Published settings of the detector of that name in the Numenta Anomaly Benchmark. */
const WINDOW = 6400;
const STEP = 100;
/** Standard deviations at the boundary. */
const BOUNDARY = 5;
const LEAST_DEVIATION = 1e-6;

const MEAN = 1;
const DEVIATION = 2;
const VALUES = 3;

/**
 * Windowed Gaussian (Ahmad et al. 2017, doi:10.1016/j.neucom.2017.04.070; parameters from the NAB repository): standard
 * deviations from the mean of the newest 6,400 values, the window moved on by 100 at a time. The published score is the
 * tail probability, of which this is a monotone function.
 */
export const WINDOWED_GAUSSIAN: BaselineScorer = {
  id: 'windowed-gaussian',
  version: '1',
  channel: 'value',
  minimumPoints: 1,
  memoryLength: VALUES + WINDOW + STEP,
  advance: advanceGaussian,
};

function advanceGaussian(memory: Float64Array, value: number, outcome: BaselineOutcome): void {
  const points = memory[POINTS]!;
  outcome.score = NaN;
  if (points > 0) {
    outcome.score = Math.abs(value - memory[MEAN]!) / memory[DEVIATION]! / BOUNDARY;
    outcome.yhat = memory[MEAN]!;
    outcome.reach = BOUNDARY * memory[DEVIATION]!;
  }
  memory[POINTS] = points + 1;
  if (points < WINDOW) {
    memory[VALUES + points] = value;
    describe(memory, points + 1);
    return;
  }
  const waiting = (points - WINDOW) % STEP;
  memory[VALUES + WINDOW + waiting] = value;
  if (waiting + 1 < STEP) return;
  memory.copyWithin(VALUES, VALUES + STEP, VALUES + WINDOW + STEP);
  describe(memory, WINDOW);
}

function describe(memory: Float64Array, count: number): void {
  let mean = 0;
  for (let i = 0; i < count; i += 1) mean += memory[VALUES + i]!;
  mean /= count;
  let squares = 0;
  for (let i = 0; i < count; i += 1) squares += (memory[VALUES + i]! - mean) ** 2;
  memory[MEAN] = mean;
  memory[DEVIATION] = Math.sqrt(squares / count) || LEAST_DEVIATION;
}
