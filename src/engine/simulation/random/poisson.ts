import { logGamma } from '../queueing/gamma.js';
import { nextUniform, type RandomStream } from './random.js';

/**
 * Poisson with the given mean, at least 0. Exact: below 10 by multiplying uniforms (Knuth 1969), from 10 on by PTRS,
 * transformed rejection with squeeze (Hörmann, "The transformed rejection method for generating Poisson random
 * variables", Insurance: Mathematics and Economics 12, 1993).
 */
export function nextPoisson(state: RandomStream, mean: number): number {
  if (!(mean > 0)) return 0;
  return mean < 10 ? byProducts(state, mean) : byRejection(state, mean);
}

function byProducts(state: RandomStream, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = nextUniform(state); product > limit; product *= nextUniform(state)) count++;
  return count;
}

function byRejection(state: RandomStream, mean: number): number {
  const root = Math.sqrt(mean);
  const logMean = Math.log(mean);
  const b = 0.931 + 2.53 * root;
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = nextUniform(state) - 0.5;
    const v = nextUniform(state);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logGamma(k + 1)) return k;
  }
}
