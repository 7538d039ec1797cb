import type { Detector, DetectorBatch, DetectorUpdate, SeriesDescription } from '../../../engine/detection/detector.js';
import {
  learnedScore,
  type ChannelEnsemble,
  type PreparedBatch,
} from '../../../engine/detection/ensemble/channel-ensemble.js';
import type { EnsembleState } from '../../../engine/detection/ensemble/ensemble-state.js';
import { remember, REMEMBER_BELOW } from '../../../engine/detection/learned/window-memory.js';
import {
  addMemoryRow,
  runWindowModel,
  type WindowModelAnswer,
  type WindowModelInputs,
} from '../../../engine/detection/learned/window-model.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { ModelMemories } from '../models/memory/model-memories.js';
import type { ChosenWindowModel } from '../models/model-choice.js';

export interface ShadowScores {
  readonly shadowId: string;
  /** By index into the batch; NaN where a series was not scored. */
  readonly scores: Float64Array;
}

/** Shadows on the points that an ensemble scores. */
export interface Shadows {
  readonly windowModels: readonly ChosenWindowModel[];
  /** Their scores are the active ones times this. */
  readonly calibrations: readonly { readonly id: string; readonly factor: number }[];
}

/**
 * The ensemble with the models that were chosen for an environment. A model that fails costs its channel for the tick
 * and nothing else.
 */
export class ModelledEnsemble implements Detector<EnsembleState> {
  readonly id: string;
  readonly version: string;
  readonly channels: readonly string[];
  /** Models in use that remember windows of a series. */
  readonly memoryModels: readonly string[];
  readonly shadowIds: readonly string[];
  /** Set while scores are wanted. States that are only brought forward ask the shadows that remember, and no others. */
  onShadow: ((shadow: ShadowScores, at: EpochMs, activeScores: Float64Array) => void) | null = null;
  /** Event time up to which a shadow was none; what it remembers is of later points. Null: shadows are not asked at all. */
  beganAt: ((shadowId: string) => EpochMs) | null = null;
  memories = new ModelMemories();
  private readonly inputs: WindowModelInputs;

  constructor(
    private readonly ensemble: ChannelEnsemble,
    private readonly model: ChosenWindowModel | null,
    private readonly shadows: Shadows,
  ) {
    this.id = ensemble.id;
    this.version = ensemble.version;
    this.channels = ensemble.channels;
    const models = [...(model ? [model] : []), ...shadows.windowModels];
    this.memoryModels = models.filter(({ inputs }) => inputs.memory).map(({ id }) => id);
    this.shadowIds = [...shadows.windowModels, ...shadows.calibrations].map(({ id }) => id);
    this.inputs = { context: true, memory: this.memoryModels.length > 0 };
  }

  async update(batch: DetectorBatch<EnsembleState>): Promise<DetectorUpdate> {
    const { ensemble, model, onShadow, beganAt } = this;
    const asked = beganAt
      ? this.shadows.windowModels.filter(
          ({ id, inputs }) => (onShadow !== null || inputs.memory) && batch.time > beganAt(id),
        )
      : NOBODY;
    const prepared = ensemble.prepare(batch, model || asked.length > 0 ? this.inputs : null);
    const answer = model && (await this.answerOf(model, batch, prepared));
    const said: ShadowScores[] = [];
    for (const shadow of asked) {
      const scores = await this.askShadow(shadow, batch, prepared);
      if (scores) said.push({ shadowId: shadow.id, scores });
    }
    const update = ensemble.finish(batch, prepared, answer);
    if (model && answer) this.remember(model, batch, prepared, answer, update.score);
    if (!onShadow) return update;
    for (const shadow of said) onShadow(shadow, batch.time, update.score);
    for (const { id, factor } of this.shadows.calibrations) {
      onShadow({ shadowId: id, scores: update.score.map((score) => score * factor) }, batch.time, update.score);
    }
    return update;
  }

  createState(): EnsembleState {
    return this.ensemble.createState();
  }

  describe(state: EnsembleState): SeriesDescription {
    return this.ensemble.describe(state);
  }

  interrupt(state: EnsembleState): void {
    this.ensemble.interrupt(state);
  }

  serialise(state: EnsembleState): Uint8Array {
    return this.ensemble.serialise(state);
  }

  restore(bytes: Uint8Array): EnsembleState {
    return this.ensemble.restore(bytes);
  }

  /** Null where it failed. */
  private async askShadow(
    shadow: ChosenWindowModel,
    batch: DetectorBatch<EnsembleState>,
    prepared: PreparedBatch,
  ): Promise<Float64Array | null> {
    const answer = await this.answerOf(shadow, batch, prepared);
    if (answer === null) return null;
    const scores = Float64Array.from(prepared.score);
    prepared.windowRows.forEach((index, row) => {
      const learned = learnedScore(batch, prepared, index, answer.score[row]!);
      if (learned > scores[index]!) scores[index] = learned;
    });
    this.remember(shadow, batch, prepared, answer, scores);
    return scores;
  }

  /** Null where it failed; whoever runs it counts that, and suspends a model that keeps failing. */
  private async answerOf(
    model: ChosenWindowModel,
    { states }: DetectorBatch<EnsembleState>,
    { windows, windowRows }: PreparedBatch,
  ): Promise<WindowModelAnswer | null> {
    if (model.inputs.memory) {
      windowRows.forEach((index, row) => addMemoryRow(windows!, row, this.memories.of(model.id, states[index]!).rows));
    }
    try {
      return await runWindowModel(windows!, model.inputs, model.run);
    } catch {
      return null;
    }
  }

  /** Of windows that are normal by the scores that this model would give, were it alone. */
  private remember(
    { id, inputs }: ChosenWindowModel,
    { states }: DetectorBatch<EnsembleState>,
    { windowRows }: PreparedBatch,
    { embedding }: WindowModelAnswer,
    scores: Float64Array,
  ): void {
    if (!inputs.memory || !embedding) return;
    windowRows.forEach((index, row) => {
      if (scores[index]! < REMEMBER_BELOW) remember(this.memories.of(id, states[index]!), embedding, row);
    });
  }
}

const NOBODY: readonly ChosenWindowModel[] = [];
