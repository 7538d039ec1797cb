/** Least squares through points whose errors are shares of their values: every point weighs 1 / y^2. */
export function linearFit(points: readonly { readonly x: number; readonly y: number }[]): {
  readonly slope: number;
  readonly offset: number;
  /** Share of the (weighted) variance that the line explains. */
  readonly r2: number;
  at(x: number): number;
} {
  const weights = points.map(({ y }) => 1 / (y * y));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (read: (x: number, y: number) => number) =>
    points.reduce((sum, { x, y }, i) => sum + weights[i]! * read(x, y), 0) / total;
  const [x0, y0] = [mean((x) => x), mean((_, y) => y)];
  const slope = mean((x, y) => (x - x0) * (y - y0)) / mean((x) => (x - x0) ** 2);
  const offset = y0 - slope * x0;
  const at = (x: number) => offset + slope * x;
  return { slope, offset, at, r2: 1 - mean((x, y) => (y - at(x)) ** 2) / mean((_, y) => (y - y0) ** 2) };
}
