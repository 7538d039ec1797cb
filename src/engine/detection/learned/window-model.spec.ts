import { describe, expect, it } from 'vitest';
import type { GraphRunner } from '../detector.js';
import {
  addMemoryRow,
  addWindowRow,
  createWindowBatch,
  createWindowRing,
  pushWindow,
  runWindowModel,
  setWindowContext,
  WINDOW_CONTEXT,
  WINDOW_MODEL,
} from './window-model.js';

const answering =
  (...score: number[]): GraphRunner =>
  () =>
    Promise.resolve({ score: { data: Float32Array.from(score), dims: [score.length, 1] } });

describe('the contract of window models', () => {
  it('has a column of context for each name, and 64 points', () => {
    expect(WINDOW_MODEL.inputs.window).toEqual(['batch', WINDOW_MODEL.points]);
    expect(WINDOW_MODEL.inputs.context).toEqual(['batch', WINDOW_CONTEXT.length]);
  });

  it('lays out a row oldest first, newest last, with 0 before the first value and where one is missing', () => {
    const batch = createWindowBatch(2, { context: true });
    const ring = createWindowRing();
    for (const value of [1, 2, NaN, 3]) pushWindow(ring, value);
    expect(addWindowRow(batch, ring)).toBe(0);
    expect([...batch.window.subarray(59, 64)]).toEqual([0, 1, 2, 0, 3]);
    expect(batch.context[0]).toBeCloseTo(3 / 64, 6);
  });

  it('keeps the newest 64 values once the ring is full', () => {
    const batch = createWindowBatch(1, { context: false });
    const ring = createWindowRing();
    for (let i = 0; i < 100; i += 1) pushWindow(ring, i / 10);
    addWindowRow(batch, ring);
    expect(batch.window[0]).toBeCloseTo(3.6, 5);
    expect(batch.window[63]).toBeCloseTo(9.9, 5);
  });

  it('clips to 16 on both sides, infinities included', () => {
    const batch = createWindowBatch(1, { context: true });
    const ring = createWindowRing();
    for (const value of [-1e9, Infinity, 1e300]) pushWindow(ring, value);
    const row = addWindowRow(batch, ring);
    expect([...batch.window.subarray(61, 64)]).toEqual([-16, 16, 16]);
    setWindowContext(batch, row, 9_999, 2, -40, 0.5, NaN, 0, 99);
    expect([...batch.context.subarray(1)]).toEqual([1, 2, -16, 0.5, 0, 0, 16]);
  });

  it('gives a model what it takes, with the rows that were added', async () => {
    const batch = createWindowBatch(5, { context: true, memory: true });
    const memory = new Float32Array(256).fill(0.5);
    for (let i = 0; i < 3; i += 1) addMemoryRow(batch, addWindowRow(batch, createWindowRing()), memory);
    const dims: Record<string, readonly number[]> = {};
    const run: GraphRunner = (inputs) => {
      for (const [name, tensor] of Object.entries(inputs)) dims[name] = tensor.dims;
      return answering(0, 0, 0)(inputs);
    };
    await runWindowModel(batch, { context: false }, run);
    expect(dims).toEqual({ window: [3, 64] });
    await runWindowModel(batch, { context: true, memory: true }, run);
    expect(dims).toEqual({ window: [3, 64], context: [3, 8], memory: [3, 16, 16] });
  });

  it('counts scores that are no scores as 0, and names what is wrong with an output', async () => {
    const batch = createWindowBatch(3, { context: false });
    for (let i = 0; i < 3; i += 1) addWindowRow(batch, createWindowRing());
    const { score } = await runWindowModel(batch, { context: false }, answering(NaN, -1, Infinity));
    expect([...score]).toEqual([0, 0, 0]);
    await expect(runWindowModel(batch, { context: false }, answering(1))).rejects.toThrow(
      'the model must give an output "score" of shape [batch, 1]: 3 numbers for this batch, not 1',
    );
    await expect(runWindowModel(batch, { context: false }, () => Promise.resolve({}))).rejects.toThrow('it gave none');
  });

  it('does not run a model on nothing', async () => {
    const never: GraphRunner = () => Promise.reject(new Error('ran'));
    const { score } = await runWindowModel(createWindowBatch(0), { context: true }, never);
    expect(score).toHaveLength(0);
  });
});
