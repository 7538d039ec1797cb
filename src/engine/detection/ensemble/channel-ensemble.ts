import { CALM, trackPoint, type ScoredPoint, type TrackerEvent } from '../anomaly-tracker.js';
import { boundaryFor } from '../calibration/calibration.js';
import type {
  Detector,
  DetectorBatch,
  DetectorTransition,
  DetectorUpdate,
  GraphRunner,
  SeriesDescription,
} from '../detector.js';
import {
  addMemoryRow,
  addWindowRow,
  createWindowBatch,
  pushWindow,
  runWindowModel,
  setWindowContext,
  type WindowBatch,
  type WindowModelAnswer,
  type WindowModelInputs,
} from '../learned/window-model.js';
import { remember, REMEMBER_BELOW } from '../learned/window-memory.js';
import type { SurpriseSettings } from '../novelty/surprise.js';
import {
  CHANGE,
  CHANNEL_COUNT,
  ENSEMBLE_CHANNELS,
  FLATLINE,
  LEARNED,
  LEVEL,
  MISSING,
  RESIDUAL,
  VALUE,
  VARIABILITY,
} from './channels.js';
import { describeState } from './describe.js';
import { restoreEnsemble, serialiseEnsemble } from './ensemble-bytes.js';
import { DEFAULT_ENSEMBLE_SETTINGS, USUAL_SENSITIVITY, type EnsembleSettings } from './ensemble-settings.js';
import { createEnsembleState, ENSEMBLE_STATE_VERSION, type EnsembleState } from './ensemble-state.js';
import { adoptHeld, dropHeld, forgetHeld, holdValue, releaseHeld } from './held-back.js';
import { learnStatistics, learnValue } from './learn-point.js';
import { countMissing, createOutcome, restartSums, scorePoint, type PointOutcome } from './score-point.js';
import { createSeasonClock, setSeasonClock, type SeasonClock } from './season.js';
import { measureNovelty, learnNovelty, measureSurprise } from './novelty-channels.js';
import { BASE, POINTS } from './state-layout.js';

const DEFAULT_STEP_MS = 15_000;
/** Of numbers in a `PreparedBatch`: the channels, score, surprise, yhat and its bounds, season, least. */
const COLUMNS = CHANNEL_COUNT + 7;

/** What `prepare` found with the plain channels, and what `finish` needs. Valid until the next `prepare`. */
export interface PreparedBatch {
  readonly score: Float64Array;
  /** Null where the settings turn it off. */
  readonly surprise: Float64Array | null;
  readonly yhat: Float64Array;
  readonly yhatLower: Float64Array;
  readonly yhatUpper: Float64Array;
  /** In the order of `ENSEMBLE_CHANNELS`. */
  readonly contributions: readonly Float64Array[];
  readonly season: Float64Array;
  readonly least: Float64Array;
  readonly missingPoints: Uint32Array;
  /** The windows that learned models score: one row for each series that was scored, in the order of the batch. */
  readonly windows: WindowBatch | null;
  /** Index into the batch of each row of `windows`. */
  readonly windowRows: readonly number[];
  /** What came of every series, where no model is waited for; null: `finish` advances them. */
  readonly transitions: DetectorTransition[] | null;
}

/** The learned channel: which inputs the model takes besides the window. It runs through the `run` given to `update`. */
export type LearnedChannel = WindowModelInputs;

/**
 * The default detector: several ways of looking at a series, each measured against how extreme it usually gets in
 * that series, joined by the largest. Batches go through `update`, or, where several models look at the same windows
 * (shadow models), through `prepare` once, the models, and `finish` with the output of the active one.
 *
 * Deterministic: the same batches from the same states give the same outcome, so a state is caught up by running
 * `update` on stored samples again. All points of a state must have the same distance in time.
 */
export class ChannelEnsemble implements Detector<EnsembleState> {
  readonly id = 'channel-ensemble';
  /** That of its states: where they changed shape, snapshots of earlier releases are not opened, and history is learned anew. */
  readonly version = String(ENSEMBLE_STATE_VERSION);
  readonly channels = ENSEMBLE_CHANNELS;
  private readonly boundary: number;
  private readonly surprise: SurpriseSettings | null;
  private readonly clock: SeasonClock = createSeasonClock();
  private readonly outcome: PointOutcome = createOutcome();

  constructor(
    readonly settings: EnsembleSettings = DEFAULT_ENSEMBLE_SETTINGS,
    private readonly learned: LearnedChannel | null = null,
  ) {
    this.surprise = settings.surprise ?? null;
    this.boundary = settings.boundary ?? boundaryFor(settings.falseAlarmsPerWeek, settings.calibration);
  }

  createState(): EnsembleState {
    return createEnsembleState(this.learned?.memory ?? false, this.surprise !== null);
  }

  async update(batch: DetectorBatch<EnsembleState>, run: GraphRunner): Promise<DetectorUpdate> {
    if (!this.learned) return this.finish(batch, this.prepare(batch, null), null);
    const prepared = this.prepare(batch, this.learned);
    return this.finish(batch, prepared, await runWindowModel(prepared.windows!, this.learned, run));
  }

  /**
   * The plain channels, and with `inputs` the input tensors of learned models that take them; null: none, and each
   * series is finished while its state is at hand. Advances the states: every `prepare` must be followed by `finish` on
   * the same batch.
   */
  prepare(batch: DetectorBatch<EnsembleState>, inputs: WindowModelInputs | null): PreparedBatch {
    const { values, states } = batch;
    const prepared = emptyBatch(values.length, inputs, this.surprise !== null);
    setSeasonClock(this.clock, batch.time, batch.stepMs ?? DEFAULT_STEP_MS);
    for (let i = 0; i < states.length; i += 1) {
      const state = states[i]!;
      const value = values[i]!;
      const suppressed = batch.suppressed?.[i] === 1;
      const missing = this.settings.minimumPoints - state.numbers[POINTS]!;
      if (missing > 0) prepared.missingPoints[i] = value - value === 0 ? missing - 1 : missing;
      if (!(value - value === 0)) {
        countMissing(state.numbers, suppressed);
        if (!suppressed) pushWindow(state.ring, NaN);
        continue;
      }
      this.look(batch, prepared, i, state, suppressed);
      if (missing <= 0) {
        this.note(batch, prepared, i);
        if (inputs) this.addWindow(prepared, state, i);
      }
      if (prepared.transitions) this.finishOne(batch, prepared, i, value, prepared.transitions);
    }
    return prepared;
  }

  /** @param model what it answered to `prepared.windows`; a score of 1.0 is its boundary. Null: no learned channel. */
  finish(
    batch: DetectorBatch<EnsembleState>,
    prepared: PreparedBatch,
    model: WindowModelAnswer | null,
  ): DetectorUpdate {
    const { score, contributions } = prepared;
    if (model) {
      prepared.windowRows.forEach((index, row) => {
        const learned = learnedScore(batch, prepared, index, model.score[row]!);
        contributions[LEARNED]![index] = learned;
        if (learned > score[index]!) score[index] = learned;
        const { memory } = batch.states[index]!;
        if (memory && model.embedding && score[index]! < REMEMBER_BELOW) remember(memory, model.embedding, row);
      });
    }
    const transitions = prepared.transitions ?? [];
    for (let i = 0; i < batch.states.length && !prepared.transitions; i += 1) {
      const value = batch.values[i]!;
      if (value - value === 0) this.finishOne(batch, prepared, i, value, transitions);
    }
    const { surprise, yhat, yhatLower, yhatUpper, missingPoints } = prepared;
    const named = Object.fromEntries(ENSEMBLE_CHANNELS.map((name, channel) => [name, contributions[channel]!]));
    const update = { score, yhat, yhatLower, yhatUpper, missingPoints, transitions, contributions: named };
    return surprise ? { ...update, surprise } : update;
  }

  interrupt(state: EnsembleState): void {
    state.tracker = CALM;
    forgetHeld(state.numbers);
  }

  describe(state: EnsembleState): SeriesDescription {
    return describeState(state, this.settings.minimumPoints, this.learned !== null);
  }

  serialise(state: EnsembleState): Uint8Array {
    return serialiseEnsemble(state);
  }

  restore(bytes: Uint8Array): EnsembleState {
    return restoreEnsemble(this.id, bytes, this.learned?.memory ?? false, this.surprise !== null);
  }

  /** Measures the value by all plain channels, and its surprise; leaves what came of it in `outcome` and `batch`. */
  private look(
    batch: DetectorBatch<EnsembleState>,
    prepared: PreparedBatch,
    i: number,
    state: EnsembleState,
    suppressed: boolean,
  ): void {
    const { numbers, floats } = state;
    const { outcome } = this;
    const value = batch.values[i]!;
    const own = batch.settings[i]!;
    if (numbers[POINTS] === 0) numbers[BASE] = value;
    measureNovelty(numbers, floats, value, suppressed);
    const boundary = (this.boundary * own.sensitivity) / USUAL_SENSITIVITY;
    scorePoint(numbers, floats, value, own, this.clock, boundary, outcome);
    prepared.season[i] = outcome.season;
    prepared.least[i] = outcome.least;
    if (suppressed) restartSums(numbers);
    else if (numbers[POINTS]! > 0) pushWindow(state.ring, outcome.standardised);
    if (!this.surprise || suppressed) return;
    const surprise = measureSurprise(numbers, floats, state.surprise!, value, this.clock, this.surprise);
    if (numbers[POINTS]! >= this.settings.minimumPoints) prepared.surprise![i] = surprise;
  }

  /** Notes what `outcome` says of a series that is known well enough to be scored. */
  private note(batch: DetectorBatch<EnsembleState>, prepared: PreparedBatch, i: number): void {
    const { outcome } = this;
    const { contributions } = prepared;
    let score = 0;
    for (let channel = 0; channel < CHANNEL_COUNT; channel += 1) {
      const one = outcome.scores[channel]!;
      contributions[channel]![i] = one;
      if (one > score) score = one;
    }
    const { dataRange, lowerBound = -Infinity } = batch.settings[i]!;
    const { lower = -Infinity, upper = Infinity } = dataRange ?? {};
    prepared.missingPoints[i] = 0;
    prepared.score[i] = score;
    prepared.yhat[i] = outcome.yhat;
    prepared.yhatLower[i] = Math.max(outcome.yhat - outcome.reach, lowerBound, lower);
    prepared.yhatUpper[i] = Math.min(outcome.yhat + outcome.reach, upper);
  }

  private finishOne(
    batch: DetectorBatch<EnsembleState>,
    prepared: PreparedBatch,
    i: number,
    value: number,
    transitions: DetectorTransition[],
  ): void {
    const event = this.advance(batch, prepared, i, value);
    if (event !== null && event.kind !== 'none') transitions.push({ index: i, event });
  }

  /** Tracks the point, and decides what is learned from it. */
  private advance(
    batch: DetectorBatch<EnsembleState>,
    prepared: PreparedBatch,
    i: number,
    value: number,
  ): TrackerEvent | null {
    const state = batch.states[i]!;
    const { numbers, floats } = state;
    const score = prepared.score[i]!;
    const [season, least] = [prepared.season[i]!, prepared.least[i]!];
    if (batch.suppressed?.[i]) return null;
    if (state.tracker === CALM && !(score > 1)) {
      learnValue(numbers, floats, this.clock, value, season, least);
      learnNovelty(numbers, floats, value);
      if (score === score) learnStatistics(numbers);
      return null;
    }
    // Rolling values and sums remember an anomaly that is over: whoever is back at the level is calm, whatever they say.
    const { closeBelow } = this.settings.tracker;
    const back = score <= 1 && Math.abs(value - prepared.yhat[i]!) <= closeBelow * least;
    const point: ScoredPoint = {
      at: batch.time,
      score: back ? Math.min(score, closeBelow) : score,
      value,
      yhat: prepared.yhat[i]!,
      yhatLower: prepared.yhatLower[i]!,
      yhatUpper: prepared.yhatUpper[i]!,
    };
    const { state: after, event } = trackPoint(state.tracker, point, this.settings.tracker);
    state.tracker = after;
    holdValue(numbers, value);
    if (event.kind === 'dismissed') releaseHeld(state, this.clock, season, least);
    else if (event.kind === 'ended' && event.adopted) adoptHeld(state, season);
    else if (event.kind === 'ended') dropHeld(state, this.clock, this.settings.tracker.closeAfter, season, least);
    return event;
  }

  private addWindow(prepared: PreparedBatch, state: EnsembleState, i: number): void {
    const { contributions } = prepared;
    const row = addWindowRow(prepared.windows!, state.ring);
    (prepared.windowRows as number[]).push(i);
    if (state.memory) addMemoryRow(prepared.windows!, row, state.memory.rows);
    const scale = prepared.least[i]! / Math.max(this.outcome.scale, Number.MIN_VALUE);
    const novelty = Math.max(contributions[VALUE]![i]!, contributions[LEVEL]![i]!, contributions[VARIABILITY]![i]!);
    setWindowContext(
      prepared.windows!,
      row,
      state.numbers[POINTS]!,
      scale,
      this.outcome.standardised,
      contributions[RESIDUAL]![i]!,
      novelty,
      contributions[CHANGE]![i]!,
      Math.max(contributions[FLATLINE]![i]!, contributions[MISSING]![i]!),
    );
  }
}

/**
 * A model's score as it counts for a series: feedback, direction and least deviation hold for models as for the plain
 * channels.
 */
export function learnedScore(
  batch: DetectorBatch<unknown>,
  prepared: PreparedBatch,
  index: number,
  said: number,
): number {
  const { direction = 'both', channelFactors } = batch.settings[index]!;
  const score = said / (channelFactors?.learned ?? 1);
  if (!(score > 1)) return score;
  const deviation = batch.values[index]! - prepared.yhat[index]!;
  const wrongSide = (direction === 'above' && deviation < 0) || (direction === 'below' && deviation > 0);
  return wrongSide ? 1 : Math.min(score, Math.abs(deviation) / prepared.least[index]!);
}

function emptyBatch(length: number, inputs: WindowModelInputs | null, withSurprise: boolean): PreparedBatch {
  // One allocation for all columns: each would cost the garbage collector as much as a thousand of them together.
  const all = new Float64Array(length * COLUMNS).fill(NaN);
  let columns = 0;
  const column = () => all.subarray(columns * length, (columns += 1) * length);
  return {
    score: column(),
    surprise: withSurprise ? column() : null,
    yhat: column(),
    yhatLower: column(),
    yhatUpper: column(),
    contributions: ENSEMBLE_CHANNELS.map(column),
    season: column(),
    least: column(),
    missingPoints: new Uint32Array(length),
    windows: inputs ? createWindowBatch(length, inputs) : null,
    windowRows: [],
    transitions: inputs ? null : [],
  };
}
