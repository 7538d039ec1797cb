import {
  CALM,
  DEFAULT_TRACKER_SETTINGS,
  trackPoint,
  type ScoredPoint,
  type TrackerEvent,
  type TrackerSettings,
  type TrackerState,
} from './anomaly-tracker.js';
import {
  accept,
  adoptHeld,
  clearBaseline,
  createBaseline,
  dropHeld,
  forEachAccepted,
  hold,
  releaseHeld,
  type BaselineWindow,
} from './baseline-window.js';
import {
  UnknownStateVersionError,
  type Detector,
  type DetectorBatch,
  type DetectorHistory,
  type DetectorTransition,
  type DetectorUpdate,
  type GraphRunner,
  type SeriesSettings,
} from './detector.js';
import { ROBUST_WINDOW } from './robust-window.graph.js';

const STATE_VERSION = 1;

export interface RobustWindowSettings {
  /** Values the baseline keeps: 20 to 2,000. */
  readonly windowPoints: number;
  /** Values before a series is scored: at least 5. */
  readonly minimumPoints: number;
  /** How far beyond the usual range a value must lie, as a multiple of the way to that range. */
  readonly noveltyMargin: number;
  readonly tracker: TrackerSettings;
}

export const DEFAULT_ROBUST_WINDOW_SETTINGS: RobustWindowSettings = {
  windowPoints: 120,
  minimumPoints: 12,
  noveltyMargin: 2,
  tracker: DEFAULT_TRACKER_SETTINGS,
};

export interface RobustWindowState {
  readonly version: number;
  tracker: TrackerState;
  readonly baseline: BaselineWindow;
}

/** First detector: a robust band around a short-term level, learned in minutes, without training. */
export class RobustWindowDetector implements Detector<RobustWindowState> {
  readonly id = ROBUST_WINDOW.id;
  readonly version = ROBUST_WINDOW.version;
  readonly channels = ROBUST_WINDOW.channels;

  constructor(readonly settings: RobustWindowSettings = DEFAULT_ROBUST_WINDOW_SETTINGS) {}

  createState(): RobustWindowState {
    return { version: STATE_VERSION, tracker: CALM, baseline: createBaseline(this.settings.windowPoints) };
  }

  async update(batch: DetectorBatch<RobustWindowState>, run: GraphRunner): Promise<DetectorUpdate> {
    const { states, values, settings } = batch;
    const result = emptyUpdate(states.length, this.channels);
    const rows: number[] = [];
    for (let i = 0; i < states.length; i += 1) {
      const { baseline, tracker } = states[i]!;
      const missing = Math.max(0, this.settings.minimumPoints - baseline.count);
      result.missingPoints[i] = missing;
      if (Number.isNaN(values[i]!)) continue;
      if (missing === 0) rows.push(i);
      else if (tracker.phase === 'calm') {
        accept(baseline, values[i]!);
        result.missingPoints[i] = missing - 1;
      }
    }
    if (rows.length === 0) return result;

    const prepared = this.prepare(rows, states, values, settings);
    const output = await run(prepared.inputs);
    const transitions: DetectorTransition[] = [];
    rows.forEach((index, row) => {
      const unit = prepared.units[row]!;
      const shift = prepared.shifts[row]!;
      const point: ScoredPoint = {
        at: batch.time,
        score: output.score!.data[row]!,
        value: values[index]!,
        yhat: output.yhat!.data[row]! * unit + shift,
        yhatLower: Math.max(output.yhat_lower!.data[row]! * unit + shift, settings[index]!.lowerBound ?? -Infinity),
        yhatUpper: output.yhat_upper!.data[row]! * unit + shift,
      };
      result.score[index] = point.score;
      result.yhat[index] = point.yhat;
      result.yhatLower[index] = point.yhatLower;
      result.yhatUpper[index] = point.yhatUpper;
      this.channels.forEach((channel, c) => {
        result.contributions[channel]![index] = output.contributions!.data[row * this.channels.length + c]!;
      });
      const event = this.advance(states[index]!, point);
      if (event.kind !== 'none') transitions.push({ index, event });
    });
    return { ...result, transitions };
  }

  /** Brings a state forward over points that were scored elsewhere, from the anomalies that came of them. */
  replay(state: RobustWindowState, history: DetectorHistory): void {
    const { baseline } = state;
    const { grid, values, stretches, tracker } = history;
    settleHeld(state, history);
    let passed = 0;
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i]!;
      const time = grid.first + i * grid.stepMs;
      while (passed < stretches.length && stretches[passed]!.endedAt <= time) {
        const stretch = stretches[passed]!;
        if (!stretch.adopted && stretch.endedAt >= grid.first) accept(baseline, stretch.peakValue);
        passed += 1;
      }
      if (Number.isNaN(value)) continue;
      const stretch = stretches[passed];
      const inside = stretch !== undefined && stretch.startedAt <= time;
      if (inside && stretch.adopted && stretch.startedAt === time) clearBaseline(baseline);
      if (tracker.startedAt !== null && time >= tracker.startedAt) hold(baseline, value);
      else if (!inside || stretch.adopted) accept(baseline, value);
    }
    state.tracker = tracker;
  }

  interrupt(state: RobustWindowState): void {
    const { phase, peak } = state.tracker;
    state.tracker = CALM;
    if (phase === 'candidate') releaseHeld(state.baseline);
    if (phase === 'open') dropHeld(state.baseline, peak!.value, 0);
  }

  serialise(state: RobustWindowState): Uint8Array {
    const values: number[] = [];
    forEachAccepted(state.baseline, (value) => values.push(value));
    const stored = { version: STATE_VERSION, tracker: state.tracker, values, held: state.baseline.held };
    return new TextEncoder().encode(JSON.stringify(stored));
  }

  restore(bytes: Uint8Array): RobustWindowState {
    const stored = JSON.parse(new TextDecoder().decode(bytes)) as {
      version: number;
      tracker: TrackerState;
      values: number[];
      held: number[];
    };
    if (stored.version !== STATE_VERSION) throw new UnknownStateVersionError(this.id, stored.version);
    const state = this.createState();
    for (const value of stored.values) accept(state.baseline, value);
    state.baseline.held = stored.held;
    state.tracker = stored.tracker;
    return state;
  }

  /**
   * Fills the graph's inputs. Each row is shifted by its newest value and divided by its spread, because float32
   * cannot tell 16 GiB from 16 GiB plus a page; `offset` tells the graph what zero is.
   */
  private prepare(
    rows: readonly number[],
    states: readonly RobustWindowState[],
    values: Float64Array,
    settings: readonly SeriesSettings[],
  ) {
    const width = this.settings.windowPoints;
    const baseline = new Float32Array(rows.length * width).fill(NaN);
    const column = () => new Float32Array(rows.length);
    const [value, offset, minimum, relative, sensitivity] = [column(), column(), column(), column(), column()];
    const units = new Float64Array(rows.length);
    const shifts = new Float64Array(rows.length);
    rows.forEach((index, row) => {
      const { ring, count, next } = states[index]!.baseline;
      const own = settings[index]!;
      const shift = ring[(next - 1 + ring.length) % ring.length]!;
      let spread = Math.max(own.minimumDeviation, Math.abs(shift) * 1e-6, Math.abs(values[index]! - shift) * 1e-6);
      for (let i = 0; i < count; i += 1) spread = Math.max(spread, Math.abs(ring[i]! - shift));
      const start = (next - count + ring.length) % ring.length;
      for (let i = 0; i < count; i += 1) {
        baseline[(row + 1) * width - count + i] = (ring[(start + i) % ring.length]! - shift) / spread;
      }
      value[row] = (values[index]! - shift) / spread;
      offset[row] = shift / spread;
      minimum[row] = own.minimumDeviation / spread;
      relative[row] = own.minimumRelativeDeviation;
      sensitivity[row] = own.sensitivity;
      units[row] = spread;
      shifts[row] = shift;
    });
    const dims = [rows.length, 1];
    const inputs = {
      baseline: { data: baseline, dims: [rows.length, width] },
      value: { data: value, dims },
      offset: { data: offset, dims },
      minimum_deviation: { data: minimum, dims },
      minimum_relative_deviation: { data: relative, dims },
      sensitivity: { data: sensitivity, dims },
      novelty_margin: { data: Float32Array.of(this.settings.noveltyMargin), dims: [1] },
    };
    return { inputs, units, shifts };
  }

  /** Tracks the point, and decides what the baseline learns from it. */
  private advance(state: RobustWindowState, point: ScoredPoint): TrackerEvent {
    const { baseline } = state;
    const before = state.tracker;
    const { state: after, event } = trackPoint(before, point, this.settings.tracker);
    state.tracker = after;
    if (before.phase === 'calm' && after.phase === 'calm') {
      accept(baseline, point.value);
      return event;
    }
    hold(baseline, point.value);
    if (event.kind === 'dismissed') releaseHeld(baseline);
    else if (event.kind === 'ended' && event.adopted) adoptHeld(baseline);
    else if (event.kind === 'ended') dropHeld(baseline, event.peak.value, this.settings.tracker.closeAfter);
    return event;
  }
}

/** What became of the values that were held when this state was last used. */
function settleHeld(state: RobustWindowState, history: DetectorHistory): void {
  const { startedAt } = state.tracker;
  if (startedAt === null || startedAt === history.tracker.startedAt) return;
  const stretch = history.stretches.find((past) => past.startedAt === startedAt);
  if (!stretch) releaseHeld(state.baseline);
  else if (stretch.adopted) adoptHeld(state.baseline);
  else state.baseline.held = [];
}

function emptyUpdate(length: number, channels: readonly string[]) {
  const column = () => new Float64Array(length).fill(NaN);
  return {
    score: column(),
    yhat: column(),
    yhatLower: column(),
    yhatUpper: column(),
    contributions: Object.fromEntries(channels.map((channel) => [channel, column()])) as Record<string, Float64Array>,
    missingPoints: new Uint32Array(length),
    transitions: [] as readonly DetectorTransition[],
  };
}
