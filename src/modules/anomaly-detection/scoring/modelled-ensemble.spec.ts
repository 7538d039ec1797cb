import { describe, expect, it } from 'vitest';
import { ChannelEnsemble } from '../../../engine/detection/ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../../../engine/detection/ensemble/ensemble-settings.js';
import type { GraphRunner } from '../../../engine/detection/detector.js';
import type { ChosenWindowModel } from '../models/model-choice.js';
import { ModelledEnsemble, type Shadows } from './modelled-ensemble.js';

const NO_SHADOWS: Shadows = { windowModels: [], calibrations: [] };
/** Any deviation counts, so that nothing is held against what models say. */
const SETTINGS = { minimumDeviation: 1e-9, minimumRelativeDeviation: 0, sensitivity: 6 };
const STEP = 15_000;
const wobble = (i: number): number => Math.sin(i * 12.9898) * Math.cos(i * 4.1414);

function model(id: string, run: GraphRunner): ChosenWindowModel {
  return { kind: 'window-model', id, name: id, version: '1', inputs: { context: false }, run };
}

/** Answers the same score for every window. */
function always(score: number): GraphRunner {
  return (inputs) => {
    const rows = inputs['window']!.dims[0]!;
    return Promise.resolve({ score: { data: new Float32Array(rows).fill(score), dims: [rows, 1] } });
  };
}

async function scores(detector: ModelledEnsemble | ChannelEnsemble, ticks = 60): Promise<number[]> {
  const states = [detector.createState(), detector.createState()];
  const found: number[] = [];
  for (let i = 0; i < ticks; i += 1) {
    const values = Float64Array.of(20 + wobble(i), i % 7 === 0 ? NaN : 5 + wobble(i + 3));
    const batch = { time: i * STEP, stepMs: STEP, states, values, settings: [SETTINGS, SETTINGS] };
    found.push(...(await detector.update(batch, always(0))).score);
  }
  return found;
}

function ensemble(learned = false): ChannelEnsemble {
  return new ChannelEnsemble(DEFAULT_ENSEMBLE_SETTINGS, learned ? { context: false } : null);
}

describe('ModelledEnsemble', () => {
  it('scores as the ensemble alone where no model is chosen', async () => {
    expect(await scores(new ModelledEnsemble(ensemble(), null, NO_SHADOWS))).toEqual(await scores(ensemble()));
  });

  it('lets a model that fails cost no more than its channel', async () => {
    const broken = model('broken', () => Promise.reject(new Error('out of memory')));
    expect(await scores(new ModelledEnsemble(ensemble(true), broken, NO_SHADOWS))).toEqual(await scores(ensemble()));
  });

  it('asks shadows only while somebody looks, and never lets them change a score', async () => {
    let asked = 0;
    const counting: GraphRunner = (inputs) => {
      asked += 1;
      return always(3)(inputs);
    };
    const shadows: Shadows = {
      windowModels: [model('loud', counting), model('broken', () => Promise.reject(new Error('no')))],
      calibrations: [{ id: 'calmer', factor: 0.5 }],
    };
    const detector = new ModelledEnsemble(ensemble(), null, shadows);
    await scores(detector);
    expect(asked).toBe(0);

    const seen = new Map<string, number[]>();
    detector.onShadow = ({ shadowId, scores: own }) => {
      seen.set(shadowId, [...(seen.get(shadowId) ?? []), ...own]);
    };
    const active = await scores(detector);
    expect(active).toEqual(await scores(ensemble()));
    expect(seen.get('broken')!.every(Number.isNaN)).toBe(true);
    expect(seen.get('calmer')).toEqual(active.map((score) => score * 0.5));
    expect(seen.get('loud')).toEqual(active.map((score) => (Number.isNaN(score) ? NaN : Math.max(score, 3))));
  });
});
