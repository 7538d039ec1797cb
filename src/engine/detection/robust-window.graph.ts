import type { GraphRunner, Tensor } from './detector.js';

/**
 * The maths of the `robust-window` graph in plain JavaScript: the reference that the ONNX file must agree with, and
 * a runner for where no ONNX runtime is at hand. Same inputs, same outputs, same constants as
 * `models/robust-window/graph.ts`.
 *
 * Per row, over the finite values of the baseline (median and MAD: Hampel 1974; MAD scaled for the normal
 * distribution by 1.4826):
 * - yhat: median of the newest 20 values, kept within one robust deviation of the median of all, so that it follows
 *   a daily drift but not a burst;
 * - band: the largest of `sensitivity` robust deviations, `novelty_margin` times the way to the third most extreme
 *   value on that side (the first below 10 values, the second below 20, the 2 % quantile beyond 150), and the minimum
 *   deviation. The tail term keeps series that burst by nature quiet; two values alone cannot stretch it, so that a
 *   climb does not widen its own band. Both terms are wider while few values are known;
 * - score: distance to yhat over the half-width of the band on that side.
 */
export const ROBUST_WINDOW = {
  id: 'robust-window',
  version: '1',
  /** Values of the window that make the short median. */
  shortPoints: 20,
  /** Consistency factor of the MAD for normally distributed values. */
  madScale: 1.4826,
  /** Share of the values at each end that does not count as the range. */
  tailShare: 0.02,
  /** While few values are known, a larger share, up to this many values. */
  earlyTailShare: 0.1,
  earlyTailPoints: 2,
  /** Both terms of the band are 1 + 12/n times as wide while n values are known. */
  smallSample: 12,
  largestScore: 1000,
  channels: ['deviation', 'novelty'],
} as const;

/** Reference runner: takes and gives what the ONNX session takes and gives. */
export const robustWindowReference: GraphRunner = async (inputs) => {
  const baseline = input(inputs, 'baseline');
  const [batch, width] = [baseline.dims[0]!, baseline.dims[1]!];
  const column = (): Float32Array => new Float32Array(batch);
  const out = { score: column(), yhat: column(), yhat_lower: column(), yhat_upper: column() };
  const contributions = new Float32Array(batch * 2);
  const sensitivity = input(inputs, 'sensitivity').data;
  const noveltyMargin = input(inputs, 'novelty_margin').data[0]!;
  const value = input(inputs, 'value').data;
  const offset = input(inputs, 'offset').data;
  const minimum = input(inputs, 'minimum_deviation').data;
  const relative = input(inputs, 'minimum_relative_deviation').data;

  for (let row = 0; row < batch; row += 1) {
    const known = Array.from(baseline.data.subarray(row * width, (row + 1) * width)).filter((x) => !Number.isNaN(x));
    const recent = Array.from(
      baseline.data.subarray((row + 1) * width - Math.min(width, ROBUST_WINDOW.shortPoints), (row + 1) * width),
    ).filter((x) => !Number.isNaN(x));
    const sorted = known.sort((a, b) => a - b);
    const n = sorted.length;
    const centre = median(sorted);
    const scale = ROBUST_WINDOW.madScale * median(sorted.map((x) => Math.abs(x - centre)).sort((a, b) => a - b));
    const level = median(recent.sort((a, b) => a - b));
    const yhat = Math.min(Math.max(level, centre - scale), centre + scale);

    const widening = 1 + ROBUST_WINDOW.smallSample / Math.max(n, 1);
    const early = Math.min(Math.floor(n * ROBUST_WINDOW.earlyTailShare), ROBUST_WINDOW.earlyTailPoints);
    const tail = Math.max(early, Math.floor(n * ROBUST_WINDOW.tailShare));
    const least = Math.max(minimum[row]!, relative[row]! * Math.abs(yhat + offset[row]!));
    const byDeviation = Math.max(sensitivity[row]! * scale * widening, least);
    const noveltyUp = Math.max((sorted[n - 1 - tail]! - yhat) * noveltyMargin * widening, least);
    const noveltyDown = Math.max((yhat - sorted[tail]!) * noveltyMargin * widening, least);

    const residual = value[row]! - yhat;
    const byNovelty = residual >= 0 ? noveltyUp : noveltyDown;
    out.yhat[row] = yhat;
    out.yhat_upper[row] = yhat + Math.max(byDeviation, noveltyUp);
    out.yhat_lower[row] = yhat - Math.max(byDeviation, noveltyDown);
    out.score[row] = bounded(Math.abs(residual) / Math.max(byDeviation, byNovelty));
    contributions[row * 2] = bounded(Math.abs(residual) / byDeviation);
    contributions[row * 2 + 1] = bounded(Math.abs(residual) / byNovelty);
  }
  const columns = Object.entries(out).map(([name, data]) => [name, { data, dims: [batch, 1] }] as const);
  return { ...Object.fromEntries(columns), contributions: { data: contributions, dims: [batch, 2] } };
};

function input(inputs: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = inputs[name];
  if (!tensor) throw new Error(`robust-window needs the input "${name}"`);
  return tensor;
}

function bounded(score: number): number {
  return Math.min(score, ROBUST_WINDOW.largestScore);
}

/** Of ascending numbers; the mean of the middle two where their count is even. NaN of none. */
function median(sorted: readonly number[]): number {
  const n = sorted.length;
  if (n === 0) return NaN;
  return (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.floor(n / 2)]!) / 2;
}
