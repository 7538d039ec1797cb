import type { SeriesSettings } from '../detector.js';

const LARGEST_SCORE = 1000;

/**
 * Score of the learned channel: the model's, times the root of what the plain channels say. So a model sharpens what
 * they suspect (0.25 becomes an anomaly where the model says 2) and alone says nothing: a series that often looked
 * like this before stays quiet, whatever a network that was trained elsewhere thinks of it.
 *
 * @param plain largest score of the plain channels, 1.0 at the boundary
 * @param model score of the window model, 1.0 at its boundary
 */
export function sharpened(plain: number, model: number): number {
  return Math.min(LARGEST_SCORE, Math.sqrt(plain) * model);
}

/**
 * The same within the knobs of a series, as the channels that measure deviations: a deviation that is too small to
 * matter, or on the side that nobody asked for, never scores above 1.
 *
 * @param deviation value less what was expected, in the unit of the series
 * @param least deviation below which nobody wants to hear of it, likewise
 */
export function learnedScore(
  plain: number,
  model: number,
  deviation: number,
  least: number,
  { direction = 'both', channelFactors }: SeriesSettings,
): number {
  const score = sharpened(plain, model) / (channelFactors?.learned ?? 1);
  const wrongSide = (direction === 'above' && deviation < 0) || (direction === 'below' && deviation > 0);
  return wrongSide || Math.abs(deviation) < least ? Math.min(score, 1) : score;
}
