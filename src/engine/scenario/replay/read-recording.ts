import { LIMITS } from '../limits.js';
import type { Recording } from './recording.types.js';

/** From here on a time is an epoch: in seconds this is 1973, in milliseconds also. */
const EPOCH_SECONDS = 1e8;
const EPOCH_MILLISECONDS = 1e11;

/**
 * Reads a recording: CSV of `time,value` lines, or the JSON that Prometheus answers to a range query. Times are seconds
 * from the start, or epochs (seconds or milliseconds) or ISO 8601, which are counted from the first. Values that are
 * missing or not finite are left out.
 */
export function readRecording(text: string): Recording {
  const rows = /^\s*[[{]/.test(text) ? rowsOfJson(text) : rowsOfCsv(text);
  return 'error' in rows ? rows : recordingOf(rows);
}

type Row = readonly [time: number, value: number];

function recordingOf(rows: readonly Row[]): Recording {
  if (rows.length === 0) return { error: 'has no values' };
  if (rows.length > LIMITS.replayPoints) return { error: `has more than ${LIMITS.replayPoints} values` };
  const first = rows[0]![0];
  const unit = first >= EPOCH_MILLISECONDS ? 1000 : 1;
  const start = first >= EPOCH_SECONDS ? first : 0;
  const times: number[] = [];
  const values: number[] = [];
  for (const [index, [time, value]] of rows.entries()) {
    const seconds = (time - start) / unit;
    if (!(seconds >= 0 && seconds > (times.at(-1) ?? -1)))
      return { error: `times must ascend; value ${index + 1} does not` };
    if (value < 0) return { error: `value ${index + 1} is negative: ${value}` };
    times.push(seconds);
    values.push(value);
  }
  return { times, values };
}

function rowsOfCsv(text: string): readonly Row[] | { readonly error: string } {
  const rows: Row[] = [];
  let line = 0;
  for (const raw of text.split('\n')) {
    line++;
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const [time = '', value = '', more] = content.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const at = timeOf(time);
    if (rows.length === 0 && Number.isNaN(at)) continue;
    if (Number.isNaN(at) || more !== undefined)
      return { error: `line ${line} must be time,value (seconds, an epoch or ISO 8601), not ${content.slice(0, 40)}` };
    const number = value === '' ? NaN : Number(value);
    if (Number.isNaN(number) && value !== '' && value.toLowerCase() !== 'nan')
      return { error: `line ${line} has no number: ${content.slice(0, 40)}` };
    if (Number.isFinite(number)) rows.push([at, number]);
  }
  return rows;
}

function rowsOfJson(text: string): readonly Row[] | { readonly error: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { error: 'is no valid JSON' };
  }
  const result = field(field(parsed, 'data') ?? parsed, 'result') ?? parsed;
  if (!Array.isArray(result))
    return { error: 'must be the answer to a range query of Prometheus: data.result[0].values' };
  const isMatrix = result.length > 0 && field(result[0], 'values') !== undefined;
  if (isMatrix && result.length > 1)
    return { error: `has ${result.length} series; aggregate them to one, for example with sum()` };
  const points = isMatrix ? field(result[0], 'values') : result;
  if (!Array.isArray(points))
    return { error: 'must be the answer to a range query of Prometheus: data.result[0].values' };
  const rows: Row[] = [];
  for (const [index, point] of points.entries()) {
    if (!Array.isArray(point) || point.length !== 2) return { error: `value ${index + 1} must be [time, value]` };
    const [time, value] = [timeOf(String(point[0])), Number(point[1])];
    if (Number.isNaN(time)) return { error: `value ${index + 1} has no time` };
    if (Number.isFinite(value)) rows.push([time, value]);
  }
  return rows;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function timeOf(text: string): number {
  if (text === '') return NaN;
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  return /^\d{4}-\d{2}-\d{2}/.test(text)
    ? Date.parse(/[zZ]|[+-]\d{2}:?\d{2}$/.test(text) ? text : `${text.replace(' ', 'T')}Z`)
    : NaN;
}
