import type { Recording } from '../../../engine/scorecard/score-recording.js';
import { formatSeries, type Labels } from '../../../kernel/time-series.js';
import { UsageError } from '../usage-error.js';
import { medianStep } from './read-csv.js';

/**
 * Series as VictoriaMetrics exports them and `dsim run --format jsonl` writes them: lines of `metric`, `values` and
 * `timestamps` (milliseconds since 1970). A series may come in several lines.
 *
 * @throws UsageError with file and line
 */
export function readJsonLines(file: string, text: string): Recording {
  const bySeries = new Map<string, { readonly labels: Labels; readonly points: [time: number, value: number][] }>();
  let start = 0;
  for (let line = 1; start < text.length; line += 1) {
    const end = text.indexOf('\n', start);
    const part = text.slice(start, end < 0 ? undefined : end);
    start = end < 0 ? text.length : end + 1;
    if (part.trim() === '') continue;
    const { metric, values, timestamps } = readLine(file, line, part);
    const key = formatSeries(metric);
    const series = bySeries.get(key) ?? { labels: metric, points: [] };
    bySeries.set(key, series);
    timestamps.forEach((time, i) => series.points.push([time, numberOf(values[i])]));
  }
  const all = new Set<number>();
  for (const { points } of bySeries.values()) for (const [time] of points) all.add(time);
  const times = Float64Array.from(all).sort();
  if (times.length < 3) throw new UsageError(`${file}: has ${times.length} times; three are the least.`);
  const rowOf = new Map([...times].map((time, row) => [time, row]));
  return {
    times,
    stepMs: medianStep([...times]),
    series: [...bySeries.values()].map(({ labels, points }) => {
      const values = new Float64Array(times.length).fill(NaN);
      for (const [time, value] of points) values[rowOf.get(time)!] = value;
      return { series: { labels, metricType: 'unknown' as const }, values };
    }),
  };
}

interface JsonSeries {
  readonly metric: Labels;
  readonly values: readonly unknown[];
  readonly timestamps: readonly number[];
}

function readLine(file: string, line: number, text: string): JsonSeries {
  let read: Partial<JsonSeries> | null;
  try {
    read = JSON.parse(text) as Partial<JsonSeries> | null;
  } catch (error) {
    throw new UsageError(`${file}:${line}: is no JSON: ${(error as Error).message}.`);
  }
  const { metric, values, timestamps } = read ?? {};
  const fits =
    typeof metric === 'object' &&
    Object.values(metric).every((value) => typeof value === 'string') &&
    Array.isArray(values) &&
    Array.isArray(timestamps) &&
    values.length === timestamps.length &&
    timestamps.every((time) => Number.isFinite(time));
  if (fits) return { metric, values, timestamps };
  throw new UsageError(
    `${file}:${line}: needs metric, values and timestamps, as \`dsim run --format jsonl\` and VictoriaMetrics write them.`,
  );
}

/** JSON has no infinity: VictoriaMetrics writes it as text; null is no sample. */
function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : value === 'Infinity' ? Infinity : value === '-Infinity' ? -Infinity : NaN;
}
