import { describe, expect, it } from 'vitest';
import type { GraphRunner, SeriesSettings } from '../detector.js';
import { LearnedDetector } from './learned-detector.js';

const SETTINGS: SeriesSettings = { minimumDeviation: 0.5, minimumRelativeDeviation: 0, sensitivity: 6 };
const STEP = 15_000;

/** Scores the newest value of the window: 2 where it is more than 8 scales off, else 0.1. */
const model: GraphRunner = ({ window }) => {
  const [rows] = window!.dims;
  const data = Float32Array.from({ length: rows! }, (_, row) => (Math.abs(window!.data[row * 64 + 63]!) > 8 ? 2 : 0.1));
  return Promise.resolve({ score: { data, dims: [rows!, 1] } });
};

/** Runs one series through the detector and answers the scores and what the tracker made of them. */
async function score(values: readonly number[], settings: SeriesSettings = SETTINGS, run = model) {
  const detector = new LearnedDetector({ id: 'mine', version: '1', context: true });
  const states = [detector.createState()];
  const scores: number[] = [];
  const events: string[] = [];
  for (const [i, value] of values.entries()) {
    const batch = { time: i * STEP, states, values: Float64Array.of(value), settings: [settings] };
    const update = await detector.update(batch, run);
    scores.push(update.score[0]!);
    events.push(...update.transitions.map(({ event }) => event.kind));
  }
  return { detector, states, scores, events };
}

const calm = Array.from({ length: 100 }, (_, i) => 50 + Math.sin(i) / 10);

describe('LearnedDetector', () => {
  it('says nothing while it learns, then what the model says', async () => {
    const { scores } = await score(calm);
    expect(scores[0]).toBeNaN();
    expect(scores.at(-1)).toBeCloseTo(0.1, 6);
  });

  it('opens an anomaly by the model alone, whatever the plain channels say', async () => {
    const { events } = await score([...calm, 60, 60, 60]);
    expect(events).toContain('opened');
    const quiet: GraphRunner = ({ window }) =>
      Promise.resolve({ score: { data: new Float32Array(window!.dims[0]!), dims: [window!.dims[0]!, 1] } });
    expect((await score([...calm, 1e6, 1e6, 1e6], SETTINGS, quiet)).events).toEqual([]);
  });

  it('follows the knobs: sensitivity, least deviation, direction', async () => {
    const last = async (settings: Partial<SeriesSettings>) =>
      (await score([...calm, 60], { ...SETTINGS, ...settings })).scores.at(-1)!;
    expect(await last({})).toBeCloseTo(2, 6);
    expect(await last({ sensitivity: 12 })).toBeCloseTo(1, 6);
    expect(await last({ minimumDeviation: 20 })).toBeLessThanOrEqual(1);
    expect(await last({ direction: 'below' })).toBeLessThanOrEqual(1);
    expect(await last({ direction: 'above' })).toBeCloseTo(2, 6);
  });

  it('goes on from a snapshot as if nothing had happened', async () => {
    const { detector, states } = await score(calm);
    const restored = [detector.restore(detector.serialise(states[0]!))];
    for (const value of [50, 60, 61]) {
      const batch = { time: 100 * STEP, values: Float64Array.of(value), settings: [SETTINGS] };
      const before = await detector.update({ ...batch, states }, model);
      const after = await detector.update({ ...batch, states: restored }, model);
      expect(after.score).toEqual(before.score);
    }
  });

  it('hands a model its memory of normal windows', async () => {
    const detector = new LearnedDetector({ id: 'mine', version: '1', context: false, memory: true });
    const states = [detector.createState()];
    let filled = 0;
    const comparing: GraphRunner = ({ memory }) => {
      filled = memory!.data.filter((x) => x === 0.25).length / 16;
      return Promise.resolve({
        score: { data: new Float32Array(1), dims: [1, 1] },
        embedding: { data: new Float32Array(16).fill(0.25), dims: [1, 16] },
      });
    };
    for (const [i, value] of calm.entries()) {
      const batch = { time: i * STEP, states, values: Float64Array.of(value), settings: [SETTINGS] };
      await detector.update(batch, comparing);
    }
    expect(filled).toBe(16);
  });

  it('says for whom it speaks', async () => {
    const { detector, states } = await score(calm);
    expect(detector.describe(states[0]!).channels).toEqual([
      { name: 'learned', active: true, reason: 'asks the model mine@1' },
    ]);
  });
});
