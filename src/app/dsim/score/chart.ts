import type { Trace } from '../../../engine/watch/trace.js';

export interface ChartMarks {
  /** What was known to be wrong. */
  readonly stretch?: { readonly from: number; readonly to: number; readonly harmedAt: number | null };
  /** When an anomaly opened. */
  readonly openedAt?: number;
}

const WIDTH = 760;
const HEIGHT = 150;
const SCORE_HEIGHT = 40;
const LEFT = 64;
const RIGHT = 8;

/** A series with its band, and its score below with the boundary at 1, as inline SVG. Colours come from the page. */
export function chart(trace: Trace, { stretch, openedAt }: ChartMarks): string {
  const { times, values, lower, upper, scores } = trace;
  const from = times[0];
  const to = times.at(-1);
  if (from === undefined || to === undefined || to === from) return '<p class="none">No points were kept.</p>';
  const x = (time: number): number => LEFT + ((time - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const range = rangeOf(values, lower, upper);
  const y = (value: number): number => 6 + (1 - (value - range.low) / (range.high - range.low)) * (HEIGHT - 12);
  const most = Math.max(2, ...scores.filter((score) => score < Infinity));
  const ys = (score: number): number => HEIGHT + 12 + (1 - Math.min(score, most) / most) * SCORE_HEIGHT;
  const bottom = HEIGHT + 12 + SCORE_HEIGHT;
  const parts = [
    stretch === undefined
      ? ''
      : area('fault', x(clamp(stretch.from, from, to)), x(clamp(stretch.to, from, to)), bottom),
    band(times, lower, upper, x, y),
    `<path class="value" d="${line(times, values, x, y)}"/>`,
    `<line class="boundary" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${n(ys(1))}" y2="${n(ys(1))}"/>`,
    `<path class="score" d="${line(times, scores, x, ys)}"/>`,
    mark('harm', stretch?.harmedAt ?? undefined, x, from, to, bottom),
    mark('opened', openedAt, x, from, to, bottom),
    text(0, 14, short(range.high)),
    text(0, HEIGHT - 4, short(range.low)),
    text(0, ys(1) + 4, 'score 1'),
    text(LEFT, bottom + 14, clock(from)),
    `<text x="${WIDTH - RIGHT}" y="${bottom + 14}" text-anchor="end">${clock(to)}</text>`,
  ];
  return `<svg viewBox="0 0 ${WIDTH} ${bottom + 18}" role="img" aria-label="series, band and score">${parts.join('')}</svg>`;
}

type Scale = (value: number) => number;

/** Gaps stay gaps. */
function line(times: readonly number[], values: readonly number[], x: Scale, y: Scale): string {
  let path = '';
  let pen = false;
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) {
      pen = false;
      return;
    }
    path += `${pen ? 'L' : 'M'}${n(x(times[i]!))} ${n(y(value))}`;
    pen = true;
  });
  return path;
}

function band(
  times: readonly number[],
  lower: readonly number[],
  upper: readonly number[],
  x: Scale,
  y: Scale,
): string {
  const known = times.map((_, i) => i).filter((i) => Number.isFinite(lower[i]!) && Number.isFinite(upper[i]!));
  if (known.length < 2) return '';
  const up = known.map((i) => `${n(x(times[i]!))} ${n(y(upper[i]!))}`);
  const down = known.reverse().map((i) => `${n(x(times[i]!))} ${n(y(lower[i]!))}`);
  return `<path class="band" d="M${up.join('L')}L${down.join('L')}Z"/>`;
}

function area(name: string, from: number, to: number, height: number): string {
  return to > from ? `<rect class="${name}" x="${n(from)}" y="0" width="${n(to - from)}" height="${n(height)}"/>` : '';
}

function mark(name: string, at: number | undefined, x: Scale, from: number, to: number, height: number): string {
  if (at === undefined || at < from || at > to) return '';
  return `<line class="${name}" x1="${n(x(at))}" x2="${n(x(at))}" y1="0" y2="${n(height)}"/>`;
}

/** Of the values, with the band as far as it is not a hundred times wider than they are. */
function rangeOf(...columns: readonly (readonly number[])[]): { readonly low: number; readonly high: number } {
  const [values = [], ...bands] = columns.map((column) => column.filter(Number.isFinite));
  const low = Math.min(...values);
  const high = Math.max(...values);
  const reach = 3 * Math.max(high - low, Math.abs(high) * 0.05, 1e-9);
  const all = [low, high, ...bands.flat().filter((value) => value > low - reach && value < high + reach)];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return most > least ? { low: least, high: most } : { low: least - 1, high: most + 1 };
}

function text(x: number, y: number, content: string): string {
  return `<text x="${n(x)}" y="${n(y)}">${content}</text>`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function n(value: number): string {
  return Number(value.toFixed(1)).toString();
}

function short(value: number): string {
  return Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(2)
    : Number(value.toPrecision(4)).toString();
}

function clock(time: number): string {
  return new Date(time).toISOString().slice(5, 16).replace('T', ' ');
}
