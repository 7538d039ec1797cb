import type { RecordedTime } from './recorded-time.js';
import type { RecordedRow, RecordedRows } from './recording.types.js';

const WANTED = 'must be the answer of Prometheus to a range query (/api/v1/query_range): data.result[0].values';
/** Series that a message names. */
const NAMED = 3;

/**
 * The answer of Prometheus to a range query of one series, its `data` alone, or a bare list of `[time, value]`. Values
 * are text there, and `NaN` and infinities are values.
 *
 * Source: prometheus.io/docs/prometheus/latest/querying/api, "Range queries" and "Range vectors".
 */
export function readPrometheusJson(text: string, timeOf: (text: string) => RecordedTime | undefined): RecordedRows {
  const parsed = parse(text);
  if (parsed === undefined) return { error: 'is no valid JSON' };
  if (field(parsed, 'status') === 'error')
    return {
      error: `is an error of Prometheus: ${String(field(parsed, 'errorType'))}: ${String(field(parsed, 'error'))}`,
    };
  const data = field(parsed, 'data') ?? parsed;
  const type = field(data, 'resultType');
  if (type !== undefined && type !== 'matrix')
    return { error: `is the answer to an instant query (${String(type)}); ask /api/v1/query_range` };
  const points = pointsOf(field(data, 'result') ?? data);
  return 'error' in points ? points : rowsOf(points.points, timeOf);
}

function pointsOf(result: unknown): { readonly points: readonly unknown[] } | { readonly error: string } {
  if (!Array.isArray(result)) return { error: WANTED };
  if (result.length === 0) return { error: 'has no series: the query found nothing in that time' };
  if (Array.isArray(result[0])) return { points: result };
  if (result.length > 1) {
    const names = result.slice(0, NAMED).map((series) => JSON.stringify(field(series, 'metric') ?? {}));
    const more = result.length > NAMED ? ', ...' : '';
    return {
      error: `has ${result.length} series (${names.join(', ').slice(0, 300)}${more}); make one of them, for example by sum()`,
    };
  }
  const values = field(result[0], 'values');
  if (Array.isArray(values)) return { points: values };
  if (field(result[0], 'histograms') !== undefined)
    return { error: 'has a native histogram; ask for its rate, for example by histogram_count(rate(...))' };
  return { error: WANTED };
}

function rowsOf(points: readonly unknown[], timeOf: (text: string) => RecordedTime | undefined): RecordedRows {
  const rows: RecordedRow[] = [];
  for (const [index, point] of points.entries()) {
    const where = `value ${index + 1}`;
    if (!Array.isArray(point) || point.length !== 2) return { error: `${where} must be [time, value]` };
    const time = timeOf(String(point[0]));
    if (!time) return { error: `${where} has no time` };
    const value = point[1] === null ? NaN : Number(point[1]);
    if (Number.isFinite(value)) rows.push({ time, value, where });
  }
  return rows;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
