import { addScaled, NODES, put } from './grid.js';
import { logGamma } from '../queueing/gamma.js';

/** Squared coefficients of variation of the prepared shapes, descending. */
const LEVELS = [8, 4, 2, 1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 64, 0];
const SAMPLES = 600;

/** Gamma-like distributions of mean 1 for each level; hyperexponential above 1 (two phases, balanced means). */
const SHAPES = LEVELS.map((scv) => {
  const shape = new Float64Array(NODES);
  if (scv === 0) put(shape, 0, 1, 1);
  else if (scv > 1) putHyperexponential(shape, scv);
  else putErlang(shape, Math.round(1 / scv));
  return shape;
});

/**
 * Adds a distribution of this mean and squared coefficient of variation to the grid: a mixture of the two prepared
 * shapes around it, which have the same mean, so that the second moment is exact between 0 and 8.
 */
export function putWait(to: Float64Array, at: number, mean: number, scv: number, mass: number): void {
  const wanted = Math.min(LEVELS[0]!, Math.max(0, scv));
  let level = 0;
  while (level < LEVELS.length - 2 && LEVELS[level + 1]! > wanted) level++;
  const share = (wanted - LEVELS[level + 1]!) / (LEVELS[level]! - LEVELS[level + 1]!);
  if (share > 0) addScaled(to, at, SHAPES[level]!, 0, mean, mass * share);
  if (share < 1) addScaled(to, at, SHAPES[level + 1]!, 0, mean, mass * (1 - share));
}

/** Two exponential phases that carry half of the mean each (Whitt 1982). */
function putHyperexponential(to: Float64Array, scv: number): void {
  const first = (1 + Math.sqrt((scv - 1) / (scv + 1))) / 2;
  putErlang(to, 1, 0.5 / first, first);
  putErlang(to, 1, 0.5 / (1 - first), 1 - first);
}

/** By integration of the density over geometrically spaced intervals, normalised to its mass and mean. */
function putErlang(to: Float64Array, phases: number, mean = 1, mass = 1): void {
  const [low, high] = [1e-4, 1 + 40 / Math.sqrt(phases)];
  const times: number[] = [];
  const masses: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const time = low * (high / low) ** ((i + 0.5) / SAMPLES);
    const logDensity = phases * Math.log(phases) + (phases - 1) * Math.log(time) - phases * time - logGamma(phases);
    times.push(time);
    masses.push(Math.exp(logDensity) * time);
  }
  const total = masses.reduce((sum, each) => sum + each, 0);
  const first = masses.reduce((sum, each, i) => sum + each * times[i]!, 0) / total;
  times.forEach((time, i) => put(to, 0, (time / first) * mean, (masses[i]! / total) * mass));
}
