import type { WorkDistribution } from '../model/network.types.js';
import { nextExponential, nextNormal, nextUniform, type RandomStream } from './random.js';

/** Seconds of work of one request. */
export function sampleWork(distribution: WorkDistribution, stream: RandomStream): number {
  switch (distribution.kind) {
    case 'deterministic':
      return distribution.mean;
    case 'exponential':
      return nextExponential(stream, distribution.mean);
    case 'log-normal':
      return Math.exp(distribution.mu + distribution.sigma * nextNormal(stream));
    case 'empirical':
      return quantileAt(distribution.quantiles, nextUniform(stream));
  }
}

/** Linear between quantiles at evenly spaced probabilities from 0 to 1. */
export function quantileAt(quantiles: Float64Array, probability: number): number {
  const position = probability * (quantiles.length - 1);
  const below = Math.floor(position);
  const low = quantiles[below]!;
  const high = quantiles[below + 1] ?? low;
  return low + (position - below) * (high - low);
}
