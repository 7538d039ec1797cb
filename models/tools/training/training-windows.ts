import { mkdirSync } from 'node:fs';
import { FAULT_KINDS } from '../../../src/engine/scenario/fault.types.js';
import {
  createRobustScale,
  scaleOf,
  standardise,
  type RobustScale,
} from '../../../src/engine/detection/learned/robust-scale.js';
import { createWindowRing, pushWindow, type WindowRing } from '../../../src/engine/detection/learned/window-model.js';
import { uniform } from './random-faults.js';
import type { Column } from './record-columns.js';
import { simulateSeed, type Branch } from './simulate-faults.js';
import { createWindowWriter, type WindowWriter } from './window-writer.js';

const KINDS = Object.keys(FAULT_KINDS);
const MINIMUM_RELATIVE_DEVIATION = 0.2;
/** Windows are taken once a series has so many points. */
const LEAST_POINTS = 24;
/** Of a calm series: one window in so many, and of the moving ones at most so many more. */
const CALM_EVERY = 48;
const HARD_CALM = 6;
/** A newest value this many scales off is a window that a plain detector would look twice at. */
const HARD_SCALES = 4;
const LATER_TICKS = [5, 9, 16, 28];
const MOST_TOUCHED = 600;

/** A series as a detector would know it at some tick. */
interface Eye {
  readonly scale: RobustScale;
  readonly ring: WindowRing;
}

/**
 * Windows with labels for training: 0 of the calm run, 1 where a fault made the series another than in the same run
 * without it, by more than a deviation that matters and three scales.
 */
export function writeTrainingWindows(options: { folder: string; fleet: string; seeds: readonly number[] }): void {
  mkdirSync(options.folder, { recursive: true });
  const writer = createWindowWriter(options.folder);
  for (const seed of options.seeds) {
    const started = performance.now();
    const { calm, branches } = simulateSeed(options.fleet, seed);
    let series = 0;
    const touched = branches.map(() => 0);
    for (const [key, column] of calm) {
      if (isConstant(column, branches, key)) continue;
      series += 1;
      writeSeries(writer, seed, series, key, column, branches, touched);
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const faults = branches.map(({ kind }, b) => `${kind} ${touched[b]}`).join(', ');
    process.stdout.write(`seed ${seed}: ${series} moving series, ${writer.rows} windows, ${seconds} s; ${faults}\n`);
  }
  writer.close();
}

function writeSeries(
  writer: WindowWriter,
  seed: number,
  series: number,
  key: string,
  column: Column,
  branches: readonly Branch[],
  touched: number[],
): void {
  const eye: Eye = { scale: createRobustScale(), ring: createWindowRing() };
  let hard = 0;
  let branch = 0;
  column.values.forEach((value, tick) => {
    while (branches[branch]?.from === tick) {
      if (touched[branch]! < MOST_TOUCHED && writeBranch(writer, seed, series, key, column, branches[branch]!, eye))
        touched[branch]! += 1;
      branch += 1;
    }
    const least = leastDeviation(column, eye);
    const newest = see(eye, value, least);
    if (Number.isNaN(newest) || eye.scale.points < LEAST_POINTS) return;
    const due = uniform(seed * 65_537 + series, tick) < 1 / CALM_EVERY;
    const moving = Math.abs(newest) > HARD_SCALES && hard < HARD_CALM;
    if (moving) hard += 1;
    if (due || moving)
      writer.add(eye.ring, eye.scale.points, least / scaleOf(eye.scale, least), [0, due ? 0 : 1, seed, -1, -1, series]);
  });
}

/** Answers whether the fault touched the series. */
function writeBranch(
  writer: WindowWriter,
  seed: number,
  series: number,
  key: string,
  calm: Column,
  { kind, from, columns }: Branch,
  before: Eye,
): boolean {
  const column = columns.get(key);
  if (!column || before.scale.points < LEAST_POINTS) return false;
  const eye: Eye = { scale: { ...before.scale }, ring: { values: before.ring.values.slice(), next: before.ring.next } };
  const threshold = Math.max(leastDeviation(calm, before), 3 * scaleOf(before.scale, 0));
  let since = -1;
  column.values.forEach((value, tick) => {
    const off = Math.abs(value - calm.values[from + tick]!) > threshold;
    if (since >= 0) since += 1;
    else if (off) since = 0;
    const least = leastDeviation(column, eye);
    const newest = see(eye, value, least);
    if (!off || Number.isNaN(newest) || (since > 3 && !LATER_TICKS.includes(since))) return;
    const facts = [1, 2, seed, KINDS.indexOf(kind), since, series];
    writer.add(eye.ring, eye.scale.points, least / scaleOf(eye.scale, least), facts);
  });
  return since >= 0;
}

function see({ scale, ring }: Eye, value: number, least: number): number {
  const newest = standardise(scale, value, least);
  pushWindow(ring, newest);
  return newest;
}

function leastDeviation(column: Column, { scale }: Eye): number {
  return Math.max(column.minimumDeviation, MINIMUM_RELATIVE_DEVIATION * Math.abs(scale.level));
}

function isConstant(column: Column, branches: readonly Branch[], key: string): boolean {
  const steady = (values: Float64Array): boolean => {
    let first = NaN;
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      if (Number.isNaN(first)) first = value;
      else if (value !== first) return false;
    }
    return true;
  };
  return steady(column.values) && branches.every(({ columns }) => steady(columns.get(key)?.values ?? column.values));
}
