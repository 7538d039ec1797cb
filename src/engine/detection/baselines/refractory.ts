/** How much a higher score counts that follows an emission within the time of holding back. */
const FOLLOWING = 0.3;

/**
 * Holds scores back after an emission: for `hold` points only a higher score passes, at 0.3 of itself. Every score
 * above 0 that passes is an emission. Keeps two numbers from `at` on: points until it ends, and the score that began it.
 */
export function holdBack(memory: Float64Array, at: number, score: number, hold: number): number {
  const remaining = memory[at]!;
  memory[at] = Math.max(0, remaining - 1);
  if (!(score > 0) || (remaining > 0 && score <= memory[at + 1]!)) return 0;
  memory[at] = hold;
  memory[at + 1] = score;
  return remaining > 0 ? FOLLOWING * score : score;
}
