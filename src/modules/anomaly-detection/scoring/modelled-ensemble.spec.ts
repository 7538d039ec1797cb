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

  describe('with models that remember', () => {
    /** Its embedding is the newest value, its score the farthest that it has ever remembered. */
    const remembering = (id: string): ChosenWindowModel => ({
      ...model(id, ({ window, memory }) => {
        const rows = window!.dims[0]!;
        const newest = Array.from({ length: rows }, (_, row) => window!.data[row * 64 + 63]!);
        const score = newest.map((_, row) => Math.min(0.6, memory!.data[row * 256]! / 100));
        const embedding = newest.flatMap((value) => new Array<number>(16).fill(1 + Math.abs(value)));
        return Promise.resolve({
          score: { data: Float32Array.from(score), dims: [rows, 1] },
          embedding: { data: Float32Array.from(embedding), dims: [rows, 16] },
        });
      }),
      inputs: { context: false, memory: true },
    });
    const run = async (detector: ModelledEnsemble, ticks: number, states = [detector.createState()], from = 0) => {
      for (let i = from; i < from + ticks; i += 1) {
        const batch = {
          time: i * STEP,
          stepMs: STEP,
          states,
          values: Float64Array.of(20 + wobble(i)),
          settings: [SETTINGS],
        };
        await detector.update(batch);
      }
      return states;
    };

    it('fills the memory of a shadow without an active model, and that of each model apart', async () => {
      const shadows = { windowModels: [remembering('a'), remembering('b')], calibrations: [] };
      const detector = new ModelledEnsemble(ensemble(), null, shadows);
      expect(detector.memoryModels).toEqual(['a', 'b']);
      detector.beganAt = (id) => (id === 'a' ? 0 : 60 * STEP);
      detector.onShadow = () => undefined;
      const [state] = await run(detector, 100);
      const [a, b] = [detector.memories.of('a', state!), detector.memories.of('b', state!)];
      expect([a.count > b.count, b.count]).toEqual([true, 9]);
      expect(state!.memory).toBeNull();
    });

    it('fills it alike where states are only brought forward, and asks for no scores then', async () => {
      const shadows = { windowModels: [remembering('a')], calibrations: [] };
      const scored = new ModelledEnsemble(ensemble(), null, shadows);
      scored.beganAt = () => 0;
      scored.onShadow = () => undefined;
      const [live] = await run(scored, 120);
      const replayed = new ModelledEnsemble(ensemble(), null, shadows);
      replayed.beganAt = () => 0;
      const [behind] = await run(replayed, 120);
      expect(replayed.memories.of('a', behind!)).toEqual(scored.memories.of('a', live!));
    });

    it('takes what a shadow remembers along when it becomes active', async () => {
      const before = new ModelledEnsemble(ensemble(), null, { windowModels: [remembering('a')], calibrations: [] });
      before.beganAt = () => 0;
      before.onShadow = () => undefined;
      const states = await run(before, 100);
      const known = [...before.memories.of('a', states[0]!).rows];
      expect(known.every((number) => number >= 1)).toBe(true);
      const after = new ModelledEnsemble(ensemble(true), remembering('a'), NO_SHADOWS);
      after.memories = before.memories;
      const seen: number[] = [];
      const batch = { time: 100 * STEP, stepMs: STEP, states, values: Float64Array.of(20), settings: [SETTINGS] };
      seen.push((await after.update(batch)).contributions['learned']![0]!);
      expect(seen[0]).toBeCloseTo(known[0]! / 100, 6);
    });
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
    detector.beganAt = () => -1;
    await scores(detector);
    expect(asked).toBe(0);
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
