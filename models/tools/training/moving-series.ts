import type { SeriesSettings } from '../../../src/engine/detection/detector.js';
import type { Column } from './record-columns.js';
import type { Branch, SimulatedSeed } from './simulate-faults.js';

/** A series that moves at least once, in the calm run or in one with a fault. */
export interface MovingSeries {
  readonly key: string;
  readonly calm: Column;
  readonly settings: SeriesSettings;
}

/** As the service is shipped. */
const SHIPPED = { minimumRelativeDeviation: 0.2, sensitivity: 6 };

/** @param every take one series in so many, always the same ones, where time is short */
export function movingSeries({ calm, branches }: SimulatedSeed, every = 1): MovingSeries[] {
  const moving: MovingSeries[] = [];
  for (const [key, column] of calm) {
    if (hashOf(key) % every !== 0) continue;
    const still = isStill(column.values) && branches.every(({ columns }) => isStill(columns.get(key)?.values));
    if (still) continue;
    moving.push({ key, calm: column, settings: { ...SHIPPED, minimumDeviation: column.minimumDeviation } });
  }
  return moving;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function isStill(values: Float64Array | undefined): boolean {
  let first = NaN;
  for (const value of values ?? []) {
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(first)) first = value;
    else if (value !== first) return false;
  }
  return true;
}

/** A series that a fault made another than it was in the same run without the fault. */
export interface TouchedSeries {
  /** Index into the moving series. */
  readonly index: number;
  readonly column: Column;
  /** By tick of the branch: 1 where it differs from the calm run. */
  readonly touched: Uint8Array;
  /** First tick at which it differs. */
  readonly since: number;
}

/** Robust deviations of the calm run that a difference must exceed, beside the deviation that matters. */
const SCALES = 3;
const SCALE_TICKS = 120;

export function touchedSeries(moving: readonly MovingSeries[], { from, columns }: Branch): TouchedSeries[] {
  const found: TouchedSeries[] = [];
  moving.forEach(({ key, calm, settings }, index) => {
    const column = columns.get(key);
    if (!column) return;
    const { level, scale } = typical(calm.values.subarray(Math.max(0, from - SCALE_TICKS), from));
    const least = Math.max(
      settings.minimumDeviation,
      settings.minimumRelativeDeviation * Math.abs(level),
      SCALES * scale,
    );
    const touched = Uint8Array.from(column.values, (value, tick) =>
      Math.abs(value - calm.values[from + tick]!) > least ? 1 : 0,
    );
    const since = touched.indexOf(1);
    if (since >= 0) found.push({ index, column, touched, since });
  });
  return found;
}

/** Median, and median absolute deviation scaled for the normal distribution. */
function typical(values: Float64Array): { level: number; scale: number } {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const level = known[known.length >> 1] ?? 0;
  const deviations = known.map((value) => Math.abs(value - level)).sort();
  return { level, scale: 1.4826 * (deviations[deviations.length >> 1] ?? 0) };
}
