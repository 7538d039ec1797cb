import { formatSeries, METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import type { Recording } from '../../../engine/scorecard/score-recording.js';
import type { LabelledStretch } from '../../../engine/scorecard/score-card.types.js';
import type { WatchableSeries } from '../../../engine/watch/watch.types.js';
import { UsageError } from '../usage-error.js';

/**
 * A table of series: the first column is the time (ISO 8601, or seconds or milliseconds since 1970), each other one a
 * series under the name of its head, which may have labels: `up{job="web"}`. Empty cells are gaps; names that end in
 * `_total` are counters.
 *
 * @throws UsageError with file, line and column
 */
export function readCsvSeries(file: string, text: string): Recording {
  const { head, rows } = readTable(file, text);
  if (head.length < 2) {
    const hint = /[;\t]/.test(head[0]!) ? ' Columns are separated by commas.' : '';
    throw new UsageError(`${file}:1:1: needs a column for the time and one or more for series.${hint}`);
  }
  const series = head.slice(1).map((name): WatchableSeries => ({ labels: readHead(name), metricType: 'unknown' }));
  const keys = series.map(({ labels }) => formatSeries(labels));
  const twice = keys.findIndex((key, i) => keys.indexOf(key) < i);
  if (twice >= 0) {
    const column = keys.indexOf(keys[twice]!) + 2;
    throw new UsageError(`${file}:1:${twice + 2}: is ${keys[twice]!}, the same series as column ${column}.`);
  }
  const times: number[] = [];
  const columns = head.slice(1).map((): number[] => []);
  for (const { line, cells } of rows) {
    const time = readTime(file, line, 1, cells[0]!);
    if (times.length > 0 && time <= times.at(-1)!) {
      throw new UsageError(`${file}:${line}:1: times must rise, and ${cells[0]!} is not after the row before.`);
    }
    times.push(time);
    columns.forEach((column, i) => column.push(readValue(file, line, i + 2, cells[i + 1] ?? '')));
  }
  if (times.length < 3) throw new UsageError(`${file}: has ${times.length} rows; three are the least.`);
  return {
    times: Float64Array.from(times),
    stepMs: medianStep(times),
    series: series.map((one, i) => ({ series: one, values: Float64Array.from(columns[i]!) })),
  };
}

/** A head that looks like a series of Prometheus has its labels; any other one is a name as it stands. */
function readHead(head: string): Labels {
  const [, name, pairs] = /^([a-zA-Z_:][\w:]*)\s*\{(.*)\}$/s.exec(head) ?? [];
  const plain = { [METRIC_NAME_LABEL]: head };
  if (name === undefined || pairs === undefined) return plain;
  const labels: Record<string, string> = { [METRIC_NAME_LABEL]: name };
  const rest = pairs.replace(
    /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/g,
    (_, label: string, text: string) => {
      labels[label] = text.replace(/\\(.)/g, (_all, sign: string) => (sign === 'n' ? '\n' : sign));
      return '';
    },
  );
  return rest.trim() === '' ? labels : plain;
}

/**
 * Stretches in which something was wrong: columns `from` and `to`, and where wanted `kind`, `harm` (when users were first
 * harmed) and `services` (on which it can show, with spaces between them; empty: any).
 *
 * @throws UsageError with file, line and column
 */
export function readCsvWindows(file: string, text: string): readonly LabelledStretch[] {
  const { head, rows } = readTable(file, text);
  const column = (name: string) => head.indexOf(name);
  const [from, to] = [column('from'), column('to')];
  const [kind, harm, services] = [column('kind'), column('harm'), column('services')];
  if (from < 0 || to < 0)
    throw new UsageError(`${file}:1:1: needs the columns from and to, and has ${head.join(', ')}.`);
  return rows.map(({ line, cells }, i) => {
    const start = readTime(file, line, from + 1, cells[from] ?? '');
    const end = readTime(file, line, to + 1, cells[to] ?? '');
    if (end <= start) throw new UsageError(`${file}:${line}:${to + 1}: ends before it begins.`);
    const harmed = harm < 0 || (cells[harm] ?? '') === '' ? start : readTime(file, line, harm + 1, cells[harm]!);
    const named = (services < 0 ? '' : (cells[services] ?? '')).split(/\s+/).filter((name) => name !== '');
    return {
      id: `${i + 1}`,
      kind: (kind < 0 ? '' : (cells[kind] ?? '')) || 'window',
      where: `line ${line}`,
      from: start,
      to: end,
      harmedAt: harmed,
      services: named.length === 0 ? null : named,
      branch: null,
    };
  });
}

/**
 * @throws UsageError where stretches are given and none of them touches the recording: then dates or zones are wrong
 */
export function checkOverlap(
  file: string,
  stretches: readonly Pick<LabelledStretch, 'from' | 'to'>[],
  { times }: Pick<Recording, 'times'>,
): void {
  const [first, last] = [times[0]!, times.at(-1)!];
  if (stretches.length === 0 || stretches.some(({ from, to }) => from <= last && to >= first)) return;
  const [begin, end] = [first, last].map((time) => new Date(time).toISOString().slice(0, 19));
  throw new UsageError(`${file}: no stretch lies within the series, which go from ${begin}Z to ${end}Z.`);
}

interface Row {
  /** From 1, the head included. */
  readonly line: number;
  readonly cells: readonly string[];
}

function readTable(file: string, text: string): { readonly head: readonly string[]; readonly rows: readonly Row[] } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const head = cellsOf(lines[0] ?? '');
  if (head[0] === '') throw new UsageError(`${file}:1:1: the first line must name the columns.`);
  const rows = lines
    .map((line, i) => ({ line: i + 1, text: line }))
    .slice(1)
    .filter((row) => row.text.trim() !== '')
    .map((row) => ({ line: row.line, cells: cellsOf(row.text) }));
  const wrong = rows.find(({ cells }) => cells.length > head.length);
  if (wrong) {
    throw new UsageError(
      `${file}:${wrong.line}:${head.length + 1}: has ${wrong.cells.length} cells, and the head ${head.length}.`,
    );
  }
  return { head, rows };
}

/** Cells may be quoted, with commas and doubled quotes in them (RFC 4180); line breaks may not. */
function cellsOf(line: string): readonly string[] {
  const cells = line.match(/(?<=^|,)\s*("(?:[^"]|"")*"\s*(?=,|$)|[^,]*)/g) ?? [];
  return cells.map((cell) => {
    const quoted = /^"(.*)"$/.exec(cell.trim());
    return quoted ? quoted[1]!.replaceAll('""', '"').trim() : cell.trim();
  });
}

/** Seconds until the year 5138 are less than this, milliseconds since 1973 more. */
const SECONDS_BELOW = 1e11;

function readTime(file: string, line: number, column: number, text: string): number {
  const number = text === '' ? NaN : Number(text);
  if (Number.isFinite(number)) return number < SECONDS_BELOW ? number * 1000 : number;
  // Without a zone it is UTC, whatever the machine's is.
  const iso = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/.test(text)
    ? `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`
    : text;
  const time = Date.parse(iso);
  if (!Number.isNaN(time)) return time;
  throw new UsageError(
    `${file}:${line}:${column}: "${text}" is no time; write 2026-09-15T08:00:00Z or seconds since 1970.`,
  );
}

function readValue(file: string, line: number, column: number, text: string): number {
  if (text === '' || /^nan$/i.test(text)) return NaN;
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  throw new UsageError(`${file}:${line}:${column}: "${text}" is no number.`);
}

/** Usual milliseconds between two of ascending times. */
export function medianStep(times: readonly number[]): number {
  const steps = times.slice(1).map((time, i) => time - times[i]!);
  return steps.sort((a, b) => a - b)[steps.length >> 1]!;
}
