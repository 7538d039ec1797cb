import { CALM, DEFAULT_TRACKER_SETTINGS, trackPoint, type TrackerSettings } from '../anomaly-tracker.js';
import type {
  Detector,
  DetectorBatch,
  DetectorTransition,
  DetectorUpdate,
  GraphRunner,
  SeriesDescription,
  SeriesSettings,
} from '../detector.js';
import { scaleOf, standardise } from './robust-scale.js';
import { createLearnedState, restoreLearnedState, serialiseLearnedState, type LearnedState } from './learned-state.js';
import { remember } from './window-memory.js';
import {
  addMemoryRow,
  addWindowRow,
  createWindowBatch,
  pushWindow,
  runMemoryModel,
  setWindowContext,
  type WindowBatch,
  type WindowModelInputs,
} from './window-model.js';

export interface LearnedModel extends WindowModelInputs {
  readonly id: string;
  readonly version: string;
  /** Whether the model answers the embedding of the window, for the memory. */
  readonly embedding: boolean;
}

export interface LearnedSettings {
  /** Values before a series is scored. */
  readonly minimumPoints: number;
  /** The sensitivity at which the model's own boundary holds; another one moves the boundary in proportion. */
  readonly ownSensitivity: number;
  /** Windows that score below this are kept in the memory as normal. */
  readonly rememberBelow: number;
  readonly tracker: TrackerSettings;
}

export const DEFAULT_LEARNED_SETTINGS: LearnedSettings = {
  minimumPoints: 24,
  ownSensitivity: 6,
  rememberBelow: 0.7,
  tracker: DEFAULT_TRACKER_SETTINGS,
};

/** Half-width of the band that is drawn, in scales; a learned model has none of its own. */
const BAND_SCALES = 3;
const CHANNEL = 'learned';

/**
 * A learned window model on its own: standardises each series by its own robust level and scale, and asks the model.
 * The models that did not make it into the ensemble can be chosen this way, and users' own can be compared with ours.
 */
export class LearnedDetector implements Detector<LearnedState> {
  readonly id: string;
  readonly version: string;
  readonly channels = [CHANNEL];
  private batch: WindowBatch;

  constructor(
    readonly model: LearnedModel,
    readonly settings: LearnedSettings = DEFAULT_LEARNED_SETTINGS,
  ) {
    this.id = model.id;
    this.version = model.version;
    this.batch = createWindowBatch(0, model);
  }

  createState(): LearnedState {
    return createLearnedState(this.model.memory === true);
  }

  async update(given: DetectorBatch<LearnedState>, run: GraphRunner): Promise<DetectorUpdate> {
    const { states, values, settings, suppressed } = given;
    const n = states.length;
    const column = () => new Float64Array(n).fill(NaN);
    const [score, yhat, yhatLower, yhatUpper] = [column(), column(), column(), column()];
    const missingPoints = new Uint32Array(n);
    if (this.batch.capacity < n) this.batch = createWindowBatch(n, this.model);
    const { batch } = this;
    batch.rows = 0;
    const rowOf = new Int32Array(n).fill(-1);
    const least = new Float64Array(n);

    for (let i = 0; i < n; i += 1) {
      const { scale, ring, memory } = states[i]!;
      const missing = Math.max(0, this.settings.minimumPoints - scale.points);
      missingPoints[i] = missing;
      const value = values[i]!;
      const idle = suppressed?.[i] === 1;
      const level = scale.points > 0 ? scale.level : value;
      least[i] = leastDeviation(settings[i]!, level);
      const unit = scaleOf(scale, least[i]!);
      const points = scale.points;
      const newest = idle ? (value - level) / unit : standardise(scale, value, least[i]!);
      pushWindow(ring, idle ? NaN : newest);
      if (Number.isNaN(value) || missing > 0) continue;
      const row = addWindowRow(batch, ring);
      rowOf[i] = row;
      setWindowContext(batch, row, points, least[i]! / unit, newest, 0, 0, 0, 0);
      if (memory) addMemoryRow(batch, row, memory.rows);
      yhat[i] = level;
      const half = Math.max(least[i]!, BAND_SCALES * unit);
      yhatLower[i] = Math.max(level - half, settings[i]!.lowerBound ?? -Infinity);
      yhatUpper[i] = level + half;
    }

    const answer = await runMemoryModel(batch, this.model, run);
    const transitions: DetectorTransition[] = [];
    for (let i = 0; i < n; i += 1) {
      const row = rowOf[i]!;
      if (row < 0) continue;
      const state = states[i]!;
      const own = settings[i]!;
      const raw = (answer.score[row]! * this.settings.ownSensitivity) / own.sensitivity;
      score[i] = ruled(raw / (own.channelFactors?.[CHANNEL] ?? 1), values[i]! - yhat[i]!, values[i]!, least[i]!, own);
      if (suppressed?.[i] === 1) continue;
      if (state.memory && answer.embedding && score[i]! < this.settings.rememberBelow)
        remember(state.memory, answer.embedding, row);
      const point = {
        at: given.time,
        score: score[i]!,
        value: values[i]!,
        yhat: yhat[i]!,
        yhatLower: yhatLower[i]!,
        yhatUpper: yhatUpper[i]!,
      };
      const tracked = trackPoint(state.tracker, point, this.settings.tracker);
      state.tracker = tracked.state;
      if (tracked.event.kind !== 'none') transitions.push({ index: i, event: tracked.event });
    }
    return {
      score,
      yhat,
      yhatLower,
      yhatUpper,
      contributions: { [CHANNEL]: score.slice() },
      missingPoints,
      transitions,
    };
  }

  describe({ scale }: LearnedState): SeriesDescription {
    const missing = this.settings.minimumPoints - scale.points;
    const reason = missing > 0 ? `needs ${missing} more values` : `asks the model ${this.id}@${this.version}`;
    return { channels: [{ name: CHANNEL, active: missing <= 0, reason }], points: scale.points };
  }

  interrupt(state: LearnedState): void {
    state.tracker = CALM;
  }

  serialise(state: LearnedState): Uint8Array {
    return serialiseLearnedState(state);
  }

  restore(bytes: Uint8Array): LearnedState {
    return restoreLearnedState(bytes, this.id, this.model.memory === true);
  }
}

function leastDeviation({ minimumDeviation, minimumRelativeDeviation }: SeriesSettings, level: number): number {
  return Math.max(minimumDeviation, minimumRelativeDeviation * Math.abs(level));
}

/** What operators say comes before what a model says: too small, the wrong side, outside of the data range. */
function ruled(score: number, deviation: number, value: number, least: number, settings: SeriesSettings): number {
  const { direction = 'both', dataRange } = settings;
  if (dataRange && (value < dataRange.lower || value > dataRange.upper)) return Math.max(score, 2);
  const wrongSide = (direction === 'above' && deviation < 0) || (direction === 'below' && deviation > 0);
  return wrongSide || Math.abs(deviation) < least ? Math.min(score, 1) : score;
}
