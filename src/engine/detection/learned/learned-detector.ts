import type { Detector, DetectorBatch, DetectorUpdate, GraphRunner, SeriesDescription } from '../detector.js';
import { ChannelEnsemble, learnedScore } from '../ensemble/channel-ensemble.js';
import { LEARNED } from '../ensemble/channels.js';
import { DEFAULT_ENSEMBLE_SETTINGS, USUAL_SENSITIVITY, type EnsembleSettings } from '../ensemble/ensemble-settings.js';
import type { EnsembleState } from '../ensemble/ensemble-state.js';
import { remember, REMEMBER_BELOW } from './window-memory.js';
import { runWindowModel, type WindowModelInputs } from './window-model.js';

export interface LearnedModel extends WindowModelInputs {
  readonly id: string;
  readonly version: string;
}

const CHANNEL = 'learned';

/**
 * A learned window model alone: the series are standardised as in the ensemble, whose plain channels say nothing. For
 * models that did not make it into the ensemble, and to compare users' own models with ours. The model's boundary
 * holds at the usual sensitivity; another one moves it in proportion.
 */
export class LearnedDetector implements Detector<EnsembleState> {
  readonly id: string;
  readonly version: string;
  readonly channels = [CHANNEL];
  private readonly ensemble: ChannelEnsemble;

  constructor(
    readonly model: LearnedModel,
    readonly settings: EnsembleSettings = DEFAULT_ENSEMBLE_SETTINGS,
  ) {
    this.id = model.id;
    this.version = model.version;
    this.ensemble = new ChannelEnsemble(settings, model);
  }

  createState(): EnsembleState {
    return this.ensemble.createState();
  }

  async update(batch: DetectorBatch<EnsembleState>, run: GraphRunner): Promise<DetectorUpdate> {
    const prepared = this.ensemble.prepare(batch, this.model);
    const answer = await runWindowModel(prepared.windows!, this.model, run);
    const { contributions } = prepared;
    prepared.windowRows.forEach((index, row) => {
      const { sensitivity } = batch.settings[index]!;
      const score = learnedScore(batch, prepared, index, (answer.score[row]! * USUAL_SENSITIVITY) / sensitivity);
      prepared.score[index] = score;
      contributions[LEARNED]![index] = score;
      const { memory } = batch.states[index]!;
      if (memory && answer.embedding && score < REMEMBER_BELOW) remember(memory, answer.embedding, row);
    });
    const { transitions } = this.ensemble.finish(batch, prepared, null);
    // No `surprise`: that is the opinion of the plain channels.
    const { score, yhat, yhatLower, yhatUpper, missingPoints } = prepared;
    const said = { [CHANNEL]: contributions[LEARNED]! };
    return { score, yhat, yhatLower, yhatUpper, missingPoints, transitions, contributions: said };
  }

  describe(state: EnsembleState): SeriesDescription {
    const { points } = this.ensemble.describe(state);
    const missing = this.settings.minimumPoints - points;
    const reason = missing > 0 ? `needs ${missing} more values` : `asks the model ${this.id}@${this.version}`;
    return { channels: [{ name: CHANNEL, active: missing <= 0, reason }], points };
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
}
