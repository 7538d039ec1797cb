/**
 * Score of the learned channel: the model's, times the root of what the plain channels say. So a model sharpens what
 * they suspect (0.5 becomes an anomaly at 1.42 of the model) and alone says nothing: windows of series that they have
 * seen like this before stay quiet, whatever a network trained elsewhere thinks of them.
 *
 * @param plain largest score of the plain channels, 1.0 at the boundary
 * @param model score of the window model, 1.0 at its boundary
 */
export function sharpened(plain: number, model: number): number {
  return Math.sqrt(plain) * model;
}
