import type { Detector, DetectorState, GraphRunner, SeriesSettings } from '../detection/detector.js';
import type { NabFile, NabWindow } from './nab-score.js';

/** One file of the benchmark. */
export interface NabSeries {
  readonly name: string;
  /** Epoch milliseconds; the files know no time zone, and UTC is taken. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly windows: readonly NabWindow[];
}

/** What a detector said, row by row. */
export interface NabRun {
  /** How notable each row is: the detector's surprise if it tells one, else its score. This is what NAB judges. */
  readonly ranked: NabFile;
  readonly hasSurprise: boolean;
  /** The score, with 1.0 the boundary. */
  readonly scored: NabFile;
  readonly contributions: Readonly<Record<string, NabFile>>;
}

/** No knob of an operator is in play: everything is found out from the series. */
const SETTINGS: SeriesSettings = { minimumDeviation: 1e-9, minimumRelativeDeviation: 0, sensitivity: 6 };

/**
 * Reads `timestamp,value` rows and windows of inclusive timestamps.
 *
 * @throws Error naming file, line and what is wrong with it
 */
export function readNabSeries(name: string, csv: string, windows: readonly (readonly [string, string])[]): NabSeries {
  const lines = csv.trimEnd().split(/\r?\n/).slice(1);
  const times = new Float64Array(lines.length);
  const values = new Float64Array(lines.length);
  lines.forEach((line, i) => {
    const comma = line.indexOf(',');
    times[i] = readTime(line.slice(0, comma));
    values[i] = comma < 0 || line.slice(comma + 1).trim() === '' ? NaN : Number(line.slice(comma + 1));
    if (Number.isNaN(times[i]) || Number.isNaN(values[i]))
      throw new Error(`${name}, line ${i + 2}: expected "timestamp,value", found "${line.slice(0, 60)}"`);
  });
  return { name, times, values, windows: windows.map((window) => rowsOf(name, times, window)) };
}

function rowsOf(name: string, times: Float64Array, [from, to]: readonly [string, string]): NabWindow {
  const start = readTime(from);
  const end = readTime(to);
  const first = times.findIndex((time) => time >= start);
  const last = times.findLastIndex((time) => time <= end);
  if (first < 0 || last < first) throw new Error(`${name}: no row lies in the window from ${from} to ${to}`);
  return { first, last };
}

function readTime(text: string): number {
  const match = /^\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)/.exec(text);
  return match ? Date.parse(`${match[1]}T${match[2]}Z`) : NaN;
}

/** Runs a detector over one file as live: row after row, in event time, without a look ahead. */
export async function runNabSeries<State extends DetectorState>(
  detector: Detector<State>,
  series: NabSeries,
  run: GraphRunner,
): Promise<NabRun> {
  const { name, times, values, windows } = series;
  const state = detector.createState();
  const stepMs = medianStep(times);
  const column = () => new Float64Array(values.length).fill(NaN);
  const [ranked, scored] = [column(), column()];
  let hasSurprise = false;
  const channels = detector.channels.map((channel) => [channel, column()] as const);
  for (let i = 0; i < values.length; i += 1) {
    const batch = { time: times[i]!, stepMs, states: [state], values: values.subarray(i, i + 1), settings: [SETTINGS] };
    const update = await detector.update(batch, run);
    scored[i] = update.score[0]!;
    hasSurprise = update.surprise !== undefined;
    ranked[i] = (update.surprise ?? update.score)[0]!;
    for (const [channel, scores] of channels) scores[i] = update.contributions[channel]?.[0] ?? NaN;
  }
  const file = (scores: Float64Array): NabFile => ({ name, scores, windows });
  return {
    ranked: file(ranked),
    hasSurprise,
    scored: file(scored),
    contributions: Object.fromEntries(channels.map(([channel, scores]) => [channel, file(scores)])),
  };
}

function medianStep(times: Float64Array): number {
  const steps = times.subarray(1).map((time, i) => time - times[i]!);
  return steps.sort()[steps.length >> 1] ?? 0;
}
