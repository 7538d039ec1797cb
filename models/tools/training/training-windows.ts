import { mkdirSync } from 'node:fs';
import { ChannelEnsemble } from '../../../src/engine/detection/ensemble/channel-ensemble.js';
import type { EnsembleState } from '../../../src/engine/detection/ensemble/ensemble-state.js';
import { WINDOW_MODEL, type WindowBatch } from '../../../src/engine/detection/learned/window-model.js';
import { FAULT_KINDS } from '../../../src/engine/scenario/fault.types.js';
import { movingSeries, touchedSeries, type MovingSeries } from './moving-series.js';
import { uniform } from './random-faults.js';
import { simulateSeed, TICK_SECONDS, type Branch, type SimulatedSeed } from './simulate-faults.js';
import { createWindowWriter, type WindowWriter } from './window-writer.js';

const KINDS = Object.keys(FAULT_KINDS);
const START = Date.UTC(2026, 8, 14);
/** Windows are taken from this tick on: before, there is little in them. */
const FIRST_TICK = 64;
/** Of a calm series: one window in so many, and of the moving ones at most so many more. */
const CALM_EVERY = 48;
const HARD_CALM = 6;
/** A newest value this many scales off, or a plain score above this, is a window that a detector looks twice at. */
const HARD_SCALES = 4;
/** Ticks after the first difference at which windows are taken, beside the first four. */
const LATER_TICKS = [5, 9, 16, 28];
const MOST_TOUCHED = 600;

/**
 * Windows with labels for training, as the ensemble hands them to a model: 0 of the calm run, 1 where a fault made
 * the series another than in the same run without it, by more than a deviation that matters and three scales.
 */
export async function writeTrainingWindows(options: {
  folder: string;
  fleet: string;
  seeds: readonly number[];
  every: number;
}): Promise<void> {
  mkdirSync(options.folder, { recursive: true });
  const writer = createWindowWriter(options.folder);
  for (const seed of options.seeds) {
    const started = performance.now();
    const run = simulateSeed(options.fleet, seed);
    const moving = movingSeries(run, options.every);
    writeSeed(writer, run, moving);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`seed ${seed}: ${moving.length} moving series, ${writer.rows} windows, ${seconds} s\n`);
  }
  writer.close();
}

function writeSeed(
  writer: WindowWriter,
  { seed, ticks, branches }: SimulatedSeed,
  moving: readonly MovingSeries[],
): void {
  const ensemble = new ChannelEnsemble();
  const states = moving.map(() => ensemble.createState());
  const settings = moving.map((series) => series.settings);
  const hard = new Uint8Array(moving.length);
  const values = new Float64Array(moving.length);
  for (let tick = 0; tick < ticks; tick += 1) {
    for (const branch of branches)
      if (branch.from === tick) writeBranch(writer, seed, moving, branch, ensemble, states);
    moving.forEach(({ calm }, i) => (values[i] = calm.values[tick]!));
    const batch = { time: START + tick * TICK_SECONDS * 1000, states, values, settings };
    const prepared = ensemble.prepare(batch, { context: true });
    prepared.windowRows.forEach((index, row) => {
      if (tick < FIRST_TICK) return;
      const due = uniform(seed * 65_537 + index, tick) < 1 / CALM_EVERY;
      const moves = hard[index]! < HARD_CALM && looksTwice(prepared.windows!, row, prepared.score[index]!);
      if (moves) hard[index]! += 1;
      if (due || moves) writer.add(prepared.windows!, row, [0, due ? 0 : 1, seed, -1, -1, index]);
    });
    ensemble.finish(batch, prepared, null);
  }
}

function writeBranch(
  writer: WindowWriter,
  seed: number,
  moving: readonly MovingSeries[],
  branch: Branch,
  ensemble: ChannelEnsemble,
  before: readonly EnsembleState[],
): void {
  const touched = touchedSeries(moving, branch).slice(0, MOST_TOUCHED);
  const states = touched.map(({ index }) => ensemble.restore(ensemble.serialise(before[index]!)));
  const settings = touched.map(({ index }) => moving[index]!.settings);
  for (let tick = 0; tick < branch.ticks; tick += 1) {
    const values = Float64Array.from(touched, ({ column }) => column.values[tick]!);
    const batch = { time: START + (branch.from + tick) * TICK_SECONDS * 1000, states, values, settings };
    const prepared = ensemble.prepare(batch, { context: true });
    prepared.windowRows.forEach((i, row) => {
      const { since, index, touched: off } = touched[i]!;
      const after = tick - since;
      if (off[tick] === 0 || (after > 3 && !LATER_TICKS.includes(after))) return;
      writer.add(prepared.windows!, row, [1, 2, seed, KINDS.indexOf(branch.kind), after, index]);
    });
    ensemble.finish(batch, prepared, null);
  }
}

function looksTwice({ window }: WindowBatch, row: number, score: number): boolean {
  return score > 0.7 || Math.abs(window[(row + 1) * WINDOW_MODEL.points - 1]!) > HARD_SCALES;
}
