/** Upper bounds of the bins of scores; the last bin has none. 1.0 is the boundary. */
export const SCORE_BINS: readonly number[] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

/** No share counts as less than this: an empty bin would make the index infinite. */
const LEAST_SHARE = 1e-4;

export function scoreHistogram(): number[] {
  return new Array<number>(SCORE_BINS.length + 1).fill(0);
}

export function addScore(histogram: number[], score: number): void {
  if (Number.isNaN(score)) return;
  let bin = 0;
  while (bin < SCORE_BINS.length && score > SCORE_BINS[bin]!) bin += 1;
  histogram[bin]! += 1;
}

/**
 * Population stability index: sum of (q - p) ln(q / p) over bins, where p and q are the shares of then and now. By
 * usage of the trade 0.1 is a change, 0.25 a large one (Siddiqi 2006). Null where one of the two is empty.
 */
export function stabilityIndex(then: readonly number[], now: readonly number[]): number | null {
  const [before, after] = [sum(then), sum(now)];
  if (before === 0 || after === 0 || then.length !== now.length) return null;
  return then.reduce((total, count, bin) => {
    const p = Math.max(LEAST_SHARE, count / before);
    const q = Math.max(LEAST_SHARE, now[bin]! / after);
    return total + (q - p) * Math.log(q / p);
  }, 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
