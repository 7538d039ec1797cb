import { LIMITS } from '../limits.js';
import { readCsv } from './read-csv.js';
import { readPrometheusJson } from './read-prometheus-json.js';
import type { RecordedRow, Recording } from './recording.types.js';
import { recordedTimes } from './recorded-time.js';

/**
 * Reads a recording: CSV of `time,value` lines, or the JSON that Prometheus answers to a range query. Times count from
 * the first one; values that are missing or not finite are left out, and the line goes straight over the gap.
 *
 * @param timeZone of dates without offset; IANA name
 */
export function readRecording(text: string, timeZone: string): Recording {
  const content = text.replace(/^\uFEFF/, '');
  const timeOf = recordedTimes(timeZone);
  const rows = /^\s*[[{]/.test(content) ? readPrometheusJson(content, timeOf) : readCsv(content, timeOf);
  return 'error' in rows ? rows : recordingOf(rows);
}

function recordingOf(rows: readonly RecordedRow[]): Recording {
  if (rows.length === 0) return { error: 'has no values' };
  if (rows.length > LIMITS.replayPoints) return { error: `has more than ${LIMITS.replayPoints} values` };
  const [first] = rows;
  const start = first!.time.absolute ? first!.time.seconds : 0;
  const times: number[] = [];
  const values: number[] = [];
  for (const { time, value, where } of rows) {
    // Doubles keep microseconds of an epoch.
    const seconds = Number((time.seconds - start).toFixed(6));
    if (time.absolute !== first!.time.absolute) return { error: `${where} is a time of another kind than the first` };
    if (!(seconds >= 0 && seconds > (times.at(-1) ?? -1)))
      return {
        error: `${where} is not after the one before it; sort by time, and write dates with an offset where clocks went back`,
      };
    if (value < 0) return { error: `${where} is negative: ${value}; arrivals per second are 0 or more` };
    times.push(seconds);
    values.push(value);
  }
  return { times, values };
}
