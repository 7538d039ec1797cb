import type { Detector, DetectorBatch, DetectorUpdate, SeriesDescription } from '../../../engine/detection/detector.js';
import {
  learnedScore,
  type ChannelEnsemble,
  type PreparedBatch,
} from '../../../engine/detection/ensemble/channel-ensemble.js';
import type { EnsembleState } from '../../../engine/detection/ensemble/ensemble-state.js';
import {
  runWindowModel,
  type WindowModelAnswer,
  type WindowModelInputs,
} from '../../../engine/detection/learned/window-model.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { ChosenWindowModel } from '../models/model-choice.js';

export interface ShadowScores {
  readonly shadowId: string;
  /** By index into the batch; NaN where a series was not scored. */
  readonly scores: Float64Array;
}

/** Shadows on the points that an ensemble scores: none is asked while nobody looks. */
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
  /** Set while scores are wanted; states that are only brought forward need no shadows. */
  onShadow: ((shadow: ShadowScores, at: EpochMs, activeScores: Float64Array) => void) | null = null;
  private readonly inputs: WindowModelInputs | null;
  private readonly hasShadows: boolean;

  constructor(
    private readonly ensemble: ChannelEnsemble,
    private readonly model: ChosenWindowModel | null,
    private readonly shadows: Shadows,
  ) {
    this.id = ensemble.id;
    this.version = ensemble.version;
    this.channels = ensemble.channels;
    this.hasShadows = shadows.windowModels.length + shadows.calibrations.length > 0;
    this.inputs = model || shadows.windowModels.length > 0 ? { context: true, memory: keepsMemory(model) } : null;
  }

  async update(batch: DetectorBatch<EnsembleState>): Promise<DetectorUpdate> {
    const { ensemble, model } = this;
    const onShadow = this.hasShadows ? this.onShadow : null;
    const prepared = ensemble.prepare(batch, model || onShadow ? this.inputs : null);
    const answer = model && prepared.windows ? await answerOf(model, prepared) : null;
    const windowShadows = onShadow ? await this.askShadows(batch, prepared) : [];
    const update = ensemble.finish(batch, prepared, answer);
    if (onShadow) {
      for (const shadow of windowShadows) onShadow(shadow, batch.time, update.score);
      for (const { id, factor } of this.shadows.calibrations) {
        onShadow({ shadowId: id, scores: update.score.map((score) => score * factor) }, batch.time, update.score);
      }
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

  private async askShadows(batch: DetectorBatch<EnsembleState>, prepared: PreparedBatch): Promise<ShadowScores[]> {
    const found: ShadowScores[] = [];
    for (const shadow of this.shadows.windowModels) {
      // States have a memory of embeddings only where the active model fills it.
      if (shadow.inputs.memory && !keepsMemory(this.model)) continue;
      const answer = await answerOf(shadow, prepared);
      if (answer === null) continue;
      const scores = Float64Array.from(prepared.score);
      prepared.windowRows.forEach((index, row) => {
        const learned = learnedScore(batch, prepared, index, answer.score[row]!);
        if (learned > scores[index]!) scores[index] = learned;
      });
      found.push({ shadowId: shadow.id, scores });
    }
    return found;
  }
}

/** Null where it failed; whoever runs it counts that, and suspends a model that keeps failing. */
async function answerOf(model: ChosenWindowModel, { windows }: PreparedBatch): Promise<WindowModelAnswer | null> {
  try {
    return await runWindowModel(windows!, model.inputs, model.run);
  } catch {
    return null;
  }
}

function keepsMemory(model: ChosenWindowModel | null): boolean {
  return model?.inputs.memory ?? false;
}
