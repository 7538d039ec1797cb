import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Detector, GraphRunner, SeriesSettings } from '../../src/engine/detection/detector.js';
import { ChannelEnsemble } from '../../src/engine/detection/ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../../src/engine/detection/ensemble/ensemble-settings.js';
import { minimumDeviation } from '../../src/engine/detection/minimum-deviation.js';
import { NO_CARRY, resample } from '../../src/engine/detection/resample.js';
import { RobustWindowDetector } from '../../src/engine/detection/robust-window.js';
import { exclusionReason } from '../../src/engine/detection/series-selection.js';
import { scoredUnit } from '../../src/engine/detection/series-unit.js';
import { formatSeries, type Labels, type MetricType } from '../../src/kernel/time-series.js';

const SENSITIVITY = { minimumRelativeDeviation: 0.2, sensitivity: 6 };
const TICK_MS = 15_000;
const WEEK_MS = 7 * 86_400_000;

interface Opened {
  /** Index of the point at which the anomaly was known. */
  readonly index: number;
  readonly series: number;
}

/** Scores columns of values (NaN where missing) point by point, as live. */
async function detect(
  detector: Detector,
  { first, stepMs }: { readonly first: number; readonly stepMs: number },
  columns: readonly Float64Array[],
  settings: readonly SeriesSettings[],
  runner: GraphRunner,
) {
  const states = columns.map(() => detector.createState());
  const opened: Opened[] = [];
  let scored = 0;
  let above = 0;
  for (let i = 0; i < columns[0]!.length; i += 1) {
    const values = Float64Array.from(columns, (column) => column[i]!);
    const time = first + i * stepMs;
    const update = await detector.update({ time, stepMs, states, values, settings }, runner);
    for (const score of update.score) {
      if (!Number.isNaN(score)) scored += 1;
      if (score > 1) above += 1;
    }
    for (const { index, event } of update.transitions)
      if (event.kind === 'opened') opened.push({ index: i, series: index });
  }
  return { opened, scored, above };
}

/** The shipped detector by the rate of false alarms that is chosen, and the first one. */
const JUDGED: readonly (readonly [string, () => Detector])[] = [
  ...[1, 2, 3, 10].map((falseAlarmsPerWeek): readonly [string, () => Detector] => [
    `channel-ensemble, ${falseAlarmsPerWeek} a week chosen`,
    () => new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, falseAlarmsPerWeek }) as unknown as Detector,
  ]),
  ['robust-window', () => new RobustWindowDetector() as unknown as Detector],
];

/**
 * Chosen rate of false alarms against the measured one on the Numenta Anomaly Benchmark: labelled windows in which an
 * anomaly opened, and anomalies outside of windows, with the shipped settings. This is not NAB's score.
 */
export async function nabAlarms(folder: string, runner: GraphRunner): Promise<void> {
  const windows = JSON.parse(readFileSync(join(folder, 'windows.json'), 'utf8')) as Record<string, [string, string][]>;
  for (const [name, make] of JUDGED) {
    let [found, labelled, outside, weeks] = [0, 0, 0, 0];
    for (const [file, spans] of Object.entries(windows)) {
      const lines = readFileSync(join(folder, 'data', file), 'utf8')
        .trim()
        .split('\n')
        .slice(1);
      const rows = lines.map((line) => line.split(',') as [string, string]);
      const inside = (index: number) => spans.findIndex(([first, last]) => within(rows[index]![0], first, last));
      const values = Float64Array.from(rows, ([, value]) => Number(value));
      const times = rows.map(([time]) => Date.parse(`${time.replace(' ', 'T')}Z`));
      const steps = times.slice(1).map((time, i) => time - times[i]!);
      const grid = { first: times[0]!, stepMs: steps.sort((x, y) => x - y)[steps.length >> 1]! };
      const settings = [{ ...SENSITIVITY, minimumDeviation: 1e-6 }];
      const { opened } = await detect(make(), grid, [values], settings, runner);
      const probation = Math.min(Math.floor(rows.length * 0.15), 750);
      const hits = opened.filter(({ index }) => index >= probation).map(({ index }) => inside(index));
      labelled += spans.length;
      found += new Set(hits.filter((hit) => hit >= 0)).size;
      outside += hits.filter((hit) => hit < 0).length;
      const calm = rows.filter((_, index) => index >= probation && inside(index) < 0).length;
      weeks += (calm * grid.stepMs) / WEEK_MS;
    }
    const rate = Math.round((outside / weeks) * 1000).toLocaleString('en');
    console.log(
      `NAB (${Object.keys(windows).length} files), ${name}: ${found} of ${labelled} windows found, ${outside} anomalies ` +
        `outside of them in ${weeks.toFixed(0)} series weeks (${rate} per 1,000 series and week)`,
    );
  }
}

function within(time: string, first: string, last: string): boolean {
  const at = Date.parse(`${time.replace(' ', 'T')}Z`);
  const of = (text: string) => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
  return at >= of(first) && at <= of(last);
}

interface Recorded {
  readonly labels: Labels;
  readonly type: MetricType;
  readonly times: number[];
  readonly values: number[];
}

/** Anomalies on scrapes of a machine that was recorded: false alarms, as far as the machine was calm. */
export async function recordingAlarms(file: string, runner: GraphRunner): Promise<void> {
  const series = await readRecording(file);
  const scored = [...series.values()].filter(
    ({ labels, type }) => exclusionReason({ labels, metricType: type, derivedFrom: null }) === null,
  );
  const starts = scored.map(({ times }) => times[0]!);
  const first = Math.ceil(Math.min(...starts) / TICK_MS) * TICK_MS + TICK_MS;
  const last = Math.max(...scored.map(({ times }) => times.at(-1)!));
  const grid = { first, stepMs: TICK_MS, count: Math.floor((last - first) / TICK_MS) + 1 };
  const columns = scored.map(({ labels, type, times, values }) => {
    const window = { times: Float64Array.from(times), values: Float64Array.from(values) };
    return resample(window, grid, scoredUnit(labels, type), NO_CARRY).values;
  });
  const settings = scored.map(({ labels, type }) => ({
    ...SENSITIVITY,
    minimumDeviation: minimumDeviation(labels, scoredUnit(labels, type)),
  }));
  const { opened, scored: points, above } = await detect(JUDGED[0]![1](), grid, columns, settings, runner);
  const weeks = (points * TICK_MS) / WEEK_MS;
  console.log(
    `recording: ${scored.length} of ${series.size} series scored on ${grid.count} ticks, ${above} of ${points} points above 1, ` +
      `${opened.length} anomalies (${Math.round((opened.length / weeks) * 1000).toLocaleString('en')} per 1,000 series and week)`,
  );
  for (const { index, series: row } of opened) {
    console.log(`  ${new Date(first + index * TICK_MS).toISOString()} ${formatSeries(scored[row]!.labels)}`);
  }
}

async function readRecording(file: string): Promise<Map<string, Recorded>> {
  const series = new Map<string, Recorded>();
  const types = new Map<string, MetricType>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [time, text] = JSON.parse(line) as [number, string];
    for (const row of text.split('\n')) {
      const declared = /^# TYPE (\S+) (\S+)/.exec(row);
      if (declared) types.set(declared[1]!, declared[2] === 'untyped' ? 'unknown' : (declared[2] as MetricType));
      const sample = /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)/.exec(row);
      if (!sample) continue;
      const [, name, labelText = '', value] = sample;
      const key = name! + labelText;
      let known = series.get(key);
      if (!known) {
        const labels = Object.fromEntries([...labelText.matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]) => [k!, v!]));
        known = { labels: { ...labels, __name__: name! }, type: types.get(name!) ?? 'unknown', times: [], values: [] };
        series.set(key, known);
      }
      known.times.push(time);
      known.values.push(Number(value));
    }
  }
  return series;
}
