import { Injectable } from '@nestjs/common';
import type { Tensor } from '../../../../engine/detection/detector.js';
import { WINDOW_MODEL } from '../../../../engine/detection/learned/window-model.js';
import { DomainError } from '../../../../kernel/errors.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { ModelTrials, type TrialModel } from '../../../../platform/inference/model-trials.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import type { ModelTensors } from '../data/model.rows.js';
import { ModelTrialBusyError, ModelUploadRefusedError } from '../models.errors.js';
import { firstRow, LARGE, trialBatches, type TrialBatch } from './trial-windows.js';
import { contractIssues } from './window-contract.js';

export interface TrialReport {
  readonly tensors: ModelTensors;
  /** Milliseconds of one run on this machine, by number of windows: the median and the longest of a few. */
  readonly latencyMs: Readonly<Record<'batch1' | 'batch256', { readonly median: number; readonly longest: number }>>;
  readonly batches: number;
}

/** Rows of one batch must not look at each other; float32 in another order of summation differs by less. */
const ROW_TOLERANCE = 1e-3;
const TIMED_RUNS = 5;

/** Opens an uploaded file for real and runs it, in a process that ends with the trial. */
@Injectable()
export class ModelTrial {
  private running = false;

  constructor(
    private readonly trials: ModelTrials,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  /** Throws `anomaly_detection.model_refused` with what is wrong. One at a time: a trial may cost a core for seconds. */
  async of(bytes: Uint8Array): Promise<TrialReport> {
    if (this.running) throw new ModelTrialBusyError();
    this.running = true;
    const { trialSeconds } = this.config.models;
    try {
      return await this.trials.withModel('the upload', bytes, trialSeconds * 1_000, (model) => this.tryOut(model));
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof ModelUploadRefusedError) throw error;
      if (error.code === 'inference.model_process_ended') {
        throw refused('it crashed the runtime that opened it', error);
      }
      throw refused(error.message, error);
    } finally {
      this.running = false;
    }
  }

  private async tryOut(model: TrialModel): Promise<TrialReport> {
    const issues = contractIssues(model.shape);
    if (issues.length > 0) {
      throw new ModelUploadRefusedError(
        'The file is no window model: its inputs and outputs differ from the contract (docs/models.md).',
        issues,
      );
    }
    const names = model.shape.inputs.map(({ name }) => name);
    const batches = trialBatches(names);
    const limitMs = this.config.models.trialRunMs;
    // The first run of a graph allocates; it is no figure.
    const patienceMs = Math.max(5_000, limitMs * 10);
    for (const batch of batches) {
      const { outputs } = await model.run(batch.inputs, patienceMs);
      checkOutputs(batch, outputs);
    }
    const large = batches.find(({ rows }) => rows === LARGE)!;
    const alone = await model.run(firstRow(large), patienceMs);
    const together = await model.run(large.inputs, patienceMs);
    checkRowsApart(alone.outputs['score']!, together.outputs['score']!);
    const small = batches.find(({ rows }) => rows === 1)!;
    const latencyMs = { batch1: await time(model, small, patienceMs), batch256: await time(model, large, patienceMs) };
    if (latencyMs.batch256.median > limitMs) {
      throw refused(
        `it takes ${latencyMs.batch256.median.toFixed(0)} ms for ${LARGE} windows, more than the ${limitMs} ms of ` +
          'anomalyDetection.models.trialRunMs; make it smaller, or raise the limit',
      );
    }
    return { tensors: tensorsOf(model), latencyMs, batches: batches.length };
  }
}

async function time(model: TrialModel, batch: TrialBatch, patienceMs: number) {
  const taken: number[] = [];
  for (let i = 0; i < TIMED_RUNS; i += 1) taken.push((await model.run(batch.inputs, patienceMs)).ms);
  taken.sort((a, b) => a - b);
  const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000;
  return { median: rounded(taken[taken.length >> 1]!), longest: rounded(taken.at(-1)!) };
}

function checkOutputs({ what, rows }: TrialBatch, outputs: Readonly<Record<string, Tensor>>): void {
  for (const [name, shape] of Object.entries(WINDOW_MODEL.outputs)) {
    const output = outputs[name];
    if (!output) continue;
    const wanted = shape.map((size) => (size === 'batch' ? rows : size));
    if (wanted.length !== output.dims.length || wanted.some((size, axis) => size !== output.dims[axis])) {
      throw refused(
        `on ${what} its output "${name}" has the shape [${output.dims.join(', ')}], not [${wanted.join(', ')}]`,
      );
    }
    const bad = output.data.find((value) => !Number.isFinite(value) || (name === 'score' && value < 0));
    if (bad !== undefined) {
      const must = name === 'score' ? 'finite and not negative' : 'finite';
      throw refused(`on ${what} its output "${name}" holds ${bad}; it must be ${must}`);
    }
  }
}

function checkRowsApart(alone: Tensor, together: Tensor): void {
  const [a, b] = [alone.data[0]!, together.data[0]!];
  if (Math.abs(a - b) <= ROW_TOLERANCE * Math.max(1, Math.abs(a))) return;
  throw refused(`the score of a window depends on the others in its batch (${a} alone, ${b} among ${LARGE})`);
}

function tensorsOf({ shape }: TrialModel): ModelTensors {
  const plain = (tensors: TrialModel['shape']['inputs']) =>
    tensors.map(({ name, type, shape: size }) => ({ name, type, shape: size ?? [] }));
  return { inputs: plain(shape.inputs), outputs: plain(shape.outputs) };
}

function refused(problem: string, cause?: unknown): ModelUploadRefusedError {
  return new ModelUploadRefusedError(
    `The model cannot be used: ${problem}.`.replace('..', '.'),
    [{ path: 'body', message: problem }],
    cause,
  );
}
