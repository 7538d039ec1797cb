import type { EpochMs } from '../../../kernel/clock.js';
import type { ScoredPoint } from '../anomaly-tracker.js';
import type { Detector, DetectorState, GraphRunner, SeriesSettings } from '../detector.js';
import type { TickGrid } from '../resample.js';
import { createRhythms, isStale, noteValue } from '../silence/row-rhythm.js';
import type { Suppression } from './detection-settings.types.js';

/** One series of stored history, on the grid. */
export interface HistorySeries {
  /** One per tick, in the unit that is scored; NaN where nothing was observed. */
  readonly values: Float64Array;
  readonly settings: SeriesSettings;
  readonly suppression: Suppression | null;
}

export interface FoundAnomaly {
  /** Index into the series given. */
  readonly index: number;
  readonly startedAt: EpochMs;
  /** When it was known: a point or more after it began. */
  readonly openedAt: EpochMs;
  /** Exclusive; null where it had not ended by the end of the grid. */
  readonly endedAt: EpochMs | null;
  readonly peak: ScoredPoint;
}

/** A stretch of one series whose channels are written down: what feedback is computed from. */
export interface ObservedStretch {
  readonly index: number;
  readonly from: EpochMs;
  /** Exclusive. */
  readonly to: EpochMs;
}

export interface HistoryFindings {
  /** By series, then by start. */
  readonly anomalies: readonly FoundAnomaly[];
  /** Score of each channel at each tick of the observed stretch. */
  readonly contributions: Readonly<Record<string, readonly number[]>>;
}

export interface HistoryRun<State extends DetectorState> {
  readonly detector: Detector<State>;
  readonly run: GraphRunner;
  readonly grid: TickGrid;
  readonly series: readonly HistorySeries[];
  readonly observe?: ObservedStretch;
  /** Called after every 256 ticks; false stops the run, which then answers what it has. */
  readonly onProgress?: (ticks: number) => Promise<boolean>;
}

const PROGRESS_TICKS = 256;

/** Runs a detector over history, tick by tick, as it would have run live. Causal and deterministic. */
export async function findAnomalies<State extends DetectorState>(input: HistoryRun<State>): Promise<HistoryFindings> {
  const { detector, grid, series, observe } = input;
  const states = series.map(() => detector.createState());
  const settings = series.map((one) => one.settings);
  const values = new Float64Array(series.length);
  const suppressed = new Uint8Array(series.length);
  const open: (FoundAnomaly | undefined)[] = series.map(() => undefined);
  const anomalies: FoundAnomaly[] = [];
  const rhythms = createRhythms(series.length);
  const contributions: Record<string, number[]> = Object.fromEntries(detector.channels.map((name) => [name, []]));
  for (let tick = 0; tick < grid.count; tick += 1) {
    const time = grid.first + tick * grid.stepMs;
    for (let i = 0; i < series.length; i += 1) {
      const one = series[i]!;
      values[i] = one.values[tick]!;
      suppressed[i] = one.suppression !== null && one.suppression.reasonAt(time) !== null ? 1 : 0;
    }
    const update = await detector.update(
      { time, stepMs: grid.stepMs, suppressed, states, values, settings },
      input.run,
    );
    for (const { index, event } of update.transitions) {
      if (event.kind !== 'opened' && event.kind !== 'peaked' && event.kind !== 'ended') continue;
      const { startedAt, peak } = event;
      const found = { index, startedAt, openedAt: open[index]?.openedAt ?? time, endedAt: null, peak };
      if (event.kind === 'ended') anomalies.push({ ...found, endedAt: event.endedAt });
      open[index] = event.kind === 'ended' ? undefined : found;
    }
    for (let i = 0; i < series.length; i += 1) {
      if (!Number.isNaN(values[i]!)) noteValue(rhythms, i, time, grid.stepMs);
      else if (states[i]!.tracker.phase !== 'calm' && isStale(rhythms, i, time, grid.stepMs)) {
        const silent = open[i];
        if (silent) anomalies.push({ ...silent, endedAt: time });
        open[i] = undefined;
        detector.interrupt(states[i]!);
      }
    }
    if (observe && time >= observe.from && time < observe.to) {
      for (const name of detector.channels)
        contributions[name]!.push(update.contributions[name]?.[observe.index] ?? NaN);
    }
    if (input.onProgress && (tick + 1) % PROGRESS_TICKS === 0 && !(await input.onProgress(tick + 1))) break;
  }
  for (const still of open) if (still) anomalies.push(still);
  anomalies.sort((a, b) => a.index - b.index || a.startedAt - b.startedAt);
  return { anomalies, contributions };
}
