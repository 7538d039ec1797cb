import { z } from 'zod';
import { boundaryFor, fitCalibration } from '../../../../engine/detection/calibration/calibration.js';
import type { Excursion } from './opening-levels.js';

/** Rates that the table of a calibration names, per 1,000 series and week; between them it is interpolated. */
const RATES = [0.1, 0.3, 1, 3, 10, 30, 100, 300];
/** More than this share of the series at once (and at least so many) is one cause, and no false alarm of a series. */
const COMMON_SHARE = 0.02;
const COMMON_LEAST = 5;
/** What begins so soon after another excursion is the same page, as in the calibration that ships. */
const ONE_PAGE_MS = 600_000;

export const environmentCalibration = z.object({
  version: z.literal(1),
  /** Ascending by rate. Raw score at the boundary for each rate of false alarms per 1,000 series and week. */
  table: z.array(z.object({ perWeek: z.number().positive(), boundary: z.number().positive() })).min(1),
});

export type EnvironmentCalibration = z.output<typeof environmentCalibration>;

export interface FitInput {
  /** Levels in raw scores. */
  readonly excursions: readonly Excursion[];
  readonly series: number;
  /** Series times weeks in which they were scored; greater than 0. */
  readonly seriesWeeks: number;
  readonly tickMs: number;
}

export interface FittedCalibration {
  readonly calibration: EnvironmentCalibration;
  /** Pages above the threshold of the fit. */
  readonly peaks: number;
  /** Excursions left out because many series had one at once. */
  readonly common: number;
  /** Mean logarithm of a peak over the threshold: 0.1 is a light tail, 1 a heavy one. */
  readonly tail: number;
  /** Anomalies per 1,000 series and week at the threshold. */
  readonly alarmsAtThreshold: number;
}

/**
 * The engine's fit (`fitCalibration`), with the calibration that ships as what is believed before: a short history
 * moves it little, a long one decides.
 */
export function fitBoundary({ excursions, series, seriesWeeks, tickMs }: FitInput): FittedCalibration {
  const single = withoutCommonCauses(excursions, series);
  const fitted = fitCalibration(pagesOf(single, tickMs), seriesWeeks);
  const { peaks, tail, alarmsAtThreshold } = fitted;
  return {
    calibration: {
      version: 1,
      table: RATES.map((perWeek) => ({ perWeek, boundary: boundaryFor(perWeek, fitted) })),
    },
    peaks,
    common: excursions.length - single.length,
    tail,
    alarmsAtThreshold,
  };
}

/** Between the rates of the table as the fit's power law goes, constant beyond its ends. */
export function fittedBoundary({ table }: EnvironmentCalibration, perWeek: number): number {
  const next = table.findIndex((entry) => entry.perWeek >= perWeek);
  if (next === 0) return table[0]!.boundary;
  if (next < 0) return table.at(-1)!.boundary;
  const [a, b] = [table[next - 1]!, table[next]!];
  const share = Math.log(perWeek / a.perWeek) / Math.log(b.perWeek / a.perWeek);
  return Math.exp((1 - share) * Math.log(a.boundary) + share * Math.log(b.boundary));
}

/** Excursions without those of ticks at which many series had one. */
function withoutCommonCauses(excursions: readonly Excursion[], series: number): Excursion[] {
  const most = Math.max(COMMON_LEAST, series * COMMON_SHARE);
  const byTick = new Map<number, number>();
  for (const { tick } of excursions) byTick.set(tick, (byTick.get(tick) ?? 0) + 1);
  const around = (tick: number): number => {
    let count = 0;
    for (let near = tick - 2; near <= tick + 2; near += 1) count += byTick.get(near) ?? 0;
    return count;
  };
  return excursions.filter(({ tick }) => around(tick) <= most);
}

/** Levels, of excursions within ten minutes the highest. */
function pagesOf(excursions: readonly Excursion[], tickMs: number): number[] {
  const pages: number[] = [];
  let last = -Infinity;
  for (const { tick, level } of [...excursions].sort((a, b) => a.tick - b.tick)) {
    if ((tick - last) * tickMs < ONE_PAGE_MS) pages.push(Math.max(pages.pop()!, level));
    else pages.push(level);
    last = tick;
  }
  return pages;
}
