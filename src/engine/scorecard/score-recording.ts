import type { EpochMs } from '../../kernel/clock.js';
import type { WatchableSeries } from '../watch/watch.types.js';
import { calmTime } from './match-detections.js';
import { type LabelledStretch, type ScoredRun, type ScoreRules } from './score-card.types.js';
import { AbortedError, type WorkHooks } from './watch-simulation.js';
import type { Watcher } from './watcher.js';

/** Series that were recorded: all at the same times. */
export interface Recording {
  /** Epoch milliseconds, ascending. */
  readonly times: Float64Array;
  /** Usual distance between two times. */
  readonly stepMs: number;
  /** Values by time; NaN: none. */
  readonly series: readonly { readonly series: WatchableSeries; readonly values: Float64Array }[];
}

export interface ScoreRecordingOptions extends WorkHooks {
  /** Event time before which nothing counts; default: the first 15 % of the recording. */
  readonly countFrom?: EpochMs;
  /** Labels of people are as wide as they meant them: the default grace is none. */
  readonly rules?: ScoreRules;
}

const LEARNING_SHARE = 0.15;
/** Of recordings: people labelled as widely as they meant. */
export const NO_GRACE: ScoreRules = { graceMs: 0, inTimeScrapes: 3 };

/** What is counted of a recording, and how many milliseconds of it are calm. */
export function recordingRange(
  { times, stepMs }: Pick<Recording, 'times' | 'stepMs'>,
  stretches: readonly LabelledStretch[],
  { countFrom, rules = NO_GRACE }: Pick<ScoreRecordingOptions, 'countFrom' | 'rules'> = {},
): { readonly from: EpochMs; readonly to: EpochMs; readonly calmMs: number } {
  const from = countFrom ?? times[Math.floor(times.length * LEARNING_SHARE)]!;
  const to = times.at(-1)! + stepMs;
  return { from, to, calmMs: calmTime(from, to, stretches, rules) };
}

/** Recorded series under the eyes of all watchers, against stretches that people labelled: past incidents, public sets. */
export async function scoreRecording(
  name: string,
  { times, stepMs, series }: Recording,
  stretches: readonly LabelledStretch[],
  watchers: readonly Watcher[],
  options: ScoreRecordingOptions = {},
): Promise<readonly ScoredRun[]> {
  const { from, to, calmMs } = recordingRange({ times, stepMs }, stretches, options);
  const descriptors = series.map((each) => each.series);
  const values = new Float64Array(series.length);
  const seriesMs = watchers.map(() => 0);
  for (let i = 0; i < times.length; i += 1) {
    for (let s = 0; s < series.length; s += 1) values[s] = series[s]!.values[i]!;
    const frame = { time: times[i]!, series: descriptors, started: [], ended: [], values };
    for (const [w, watcher] of watchers.entries()) {
      await watcher.scrape(frame);
      if (times[i]! >= from) seriesMs[w]! += watcher.series * stepMs;
    }
    if (options.signal?.aborted === true) throw new AbortedError();
    if (i % BREATH !== 0) continue;
    options.progress?.(i, times.length);
    await options.breathe?.();
  }
  return watchers.map((watcher, w) => ({
    detector: watcher.name,
    run: name,
    from,
    to,
    intervalMs: stepMs,
    calmMs,
    calmSeriesMs: to > from ? (seriesMs[w]! * calmMs) / (to - from) : 0,
    stretches,
    anomalies: watcher.anomalies(null),
    pages: watcher.pages(null),
    nearMisses: {},
  }));
}

const BREATH = 200;
