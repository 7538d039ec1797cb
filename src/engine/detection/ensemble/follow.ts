/** Nearer to the target than this is there: below it numbers turn denormal, and arithmetic ten times as slow. */
const THERE = 1e-30;

/** One step of exponential smoothing. */
export function follow(mean: number, target: number, rate: number): number {
  const away = target - mean;
  return away < THERE && away > -THERE ? target : mean + rate * away;
}
