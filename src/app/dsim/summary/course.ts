import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import type { RunClock } from '../terminal/local-time.js';
import { resample, sparkline, type Reduce } from '../terminal/sparkline.js';
import type { Terminal } from '../terminal/terminal.js';
import { latency, percent, short } from '../terminal/words.js';

const LABEL = 10;
const RANGE = 22;

/** Fewer errors than this do not fill a line. */
const NOTABLE_ERRORS = 0.001;

/** The run as lines of blocks, one above the other, with the time, the faults and the harm underneath. */
export function courseOfRun(report: RunReport, clock: RunClock, { style, columns }: Terminal): string {
  const { history } = report;
  const width = Math.min(72, Math.max(20, columns - LABEL - RANGE - 4), history.rate.length);
  if (width === 0) return '';
  const row = (label: string, values: Values, reduce: Reduce, say: (value: number) => string, bounds: Bounds = {}) => {
    const known = values.filter((value) => value !== null);
    const range = known.length === 0 ? 'nothing' : rangeOf(Math.min(...known), Math.max(...known), say);
    return `  ${label.padEnd(LABEL)}${style.cyan(sparkline(resample(values, width, reduce), bounds.low, Math.max(...known, bounds.high ?? -Infinity)))}  ${style.dim(range)}\n`;
  };
  const mark = (label: string, spans: readonly Span[], sign: string, paint: (text: string) => string) =>
    spans.length === 0 ? '' : `  ${label.padEnd(LABEL)}${paint(marks(spans, report.run.seconds, width, sign))}\n`;
  const faults = report.faults.map(({ from, to }) => ({ from, to: to ?? report.run.seconds }));
  const harms = report.slos
    .flatMap(({ harms: all }) => all)
    .map(({ from, to }) => ({ from, to: to ?? report.run.seconds }));
  return (
    row('users/s', history.rate, 'mean', short, { low: 0 }) +
    row('p99', history.p99, 'max', latency, { low: 0 }) +
    row('errors', history.errorRatio, 'max', percent, { low: 0, high: NOTABLE_ERRORS }) +
    row('pods', history.replicas, 'mean', short) +
    row('USD/hour', history.costRate, 'mean', short) +
    mark('faults', faults, '━', style.yellow) +
    mark('harm', harms, '▀', style.red) +
    `  ${' '.repeat(LABEL)}${style.dim(axis(report.run.seconds, width, clock))}\n`
  );
}

interface Bounds {
  readonly low?: number;
  /** The scale reaches at least so far. */
  readonly high?: number;
}

type Values = readonly (number | null)[];
interface Span {
  readonly from: number;
  readonly to: number;
}

function rangeOf(low: number, high: number, say: (value: number) => string): string {
  return say(low) === say(high) ? say(low) : `${say(low)} to ${say(high)}`;
}

/** A sign wherever one of the spans is, at least one for each. */
export function marks(spans: readonly Span[], seconds: number, width: number, sign: string): string {
  const cells = Array.from({ length: width }, () => ' ');
  for (const { from, to } of spans) {
    const first = Math.min(width - 1, Math.floor((from / seconds) * width));
    const last = Math.max(first, Math.ceil((to / seconds) * width) - 1);
    cells.fill(sign, first, Math.min(last, width - 1) + 1);
  }
  return cells.join('').trimEnd();
}

/** Local times under the characters at which they begin. */
function axis(seconds: number, width: number, clock: RunClock): string {
  const ticks = Math.max(1, Math.floor(width / 12));
  let line = '';
  for (let i = 0; i < ticks; i++) {
    line = line.padEnd(Math.round((i * width) / ticks)) + clock.hour((i / ticks) * seconds);
  }
  return line;
}
