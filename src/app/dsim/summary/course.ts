import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import type { RunClock } from '../terminal/local-time.js';
import { resample, sparkline, type Reduce } from '../terminal/sparkline.js';
import type { Terminal } from '../terminal/terminal.js';
import { latency, percent, short } from '../terminal/words.js';
import { timeAxis } from './time-axis.js';

const LABEL = 10;
const WIDEST = 72;

/** Narrower lines say too little: then the numbers stand above them. */
const NARROWEST = 30;

/** Fewer errors than this do not fill a line. */
const NOTABLE_ERRORS = 0.001;

type Values = readonly (number | null)[];

interface Row {
  readonly label: string;
  readonly values: Values;
  readonly reduce: Reduce;
  readonly say: (value: number) => string;
  /** The scale reaches at least from here to there; default: what the values span. */
  readonly low?: number;
  readonly high?: number;
}

/** The run as lines of blocks, one above the other, with the time, the faults and the harm underneath. */
export function courseOfRun(report: RunReport, clock: RunClock, { style, columns }: Terminal): string {
  const { history, run } = report;
  const rows = rowsOf(report).map((row) => ({ ...row, range: rangeOf(row) }));
  const beside = columns - 2 - LABEL - 2 - Math.max(...rows.map(({ range }) => range.length));
  const stacked = beside < NARROWEST;
  const margin = stacked ? '  ' : ' '.repeat(2 + LABEL);
  const width = Math.min(WIDEST, stacked ? columns - 2 : beside);
  if (history.rate.length === 0) return '';
  const line = (row: Row): string => style.cyan(blocks(row, width));
  const lines = rows.map((row) =>
    stacked
      ? `  ${row.label}  ${style.dim(row.range)}\n  ${line(row)}\n`
      : `  ${row.label.padEnd(LABEL)}${line(row)}  ${style.dim(row.range)}\n`,
  );
  const mark = (label: string, spans: readonly Span[], sign: string, paint: (text: string) => string): string => {
    if (spans.length === 0) return '';
    const signs = paint(marks(spans, run.seconds, width, sign));
    return stacked ? `  ${label}\n  ${signs}\n` : `  ${label.padEnd(LABEL)}${signs}\n`;
  };
  const ended = ({ from, to }: { from: number; to: number | null }): Span => ({ from, to: to ?? run.seconds });
  return [
    ...lines,
    mark('faults', report.faults.map(ended), '━', style.yellow),
    mark('harm', report.slos.flatMap(({ harms }) => harms).map(ended), '▀', style.red),
    `${margin}${style.dim(timeAxis(run.seconds, width, clock))}\n`,
  ].join('');
}

function rowsOf({ history }: RunReport): readonly Row[] {
  return [
    { label: 'users/s', values: history.rate, reduce: 'mean', say: short, low: 0 },
    { label: 'p99', values: history.p99, reduce: 'max', say: latency, low: 0 },
    { label: 'errors', values: history.errorRatio, reduce: 'max', say: percent, low: 0, high: NOTABLE_ERRORS },
    { label: 'pods', values: history.replicas, reduce: 'mean', say: short },
    { label: 'USD/hour', values: history.costRate, reduce: 'mean', say: short },
  ];
}

function blocks({ values, reduce, low, high }: Row, width: number): string {
  const known = values.filter((value) => value !== null);
  return sparkline(stretch(resample(values, width, reduce), width), low, Math.max(...known, high ?? -Infinity));
}

/** A run of few points fills the line as well, for times to stand where they belong. */
function stretch(values: Values, width: number): Values {
  return Array.from({ length: width }, (_, i) => values[Math.floor((i * values.length) / width)]!);
}

function rangeOf({ values, say }: Row): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return 'nothing';
  const [low, high] = [say(Math.min(...known)), say(Math.max(...known))];
  return low === high ? low : `${low} to ${high}`;
}

interface Span {
  readonly from: number;
  readonly to: number;
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
