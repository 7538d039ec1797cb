import { z } from 'zod';
import type { Excursion } from './opening-levels.js';

/** Rates that the table of a calibration names, per 1,000 series and week; between them it is interpolated. */
const RATES = [0.1, 0.3, 1, 3, 10, 30, 100, 300];
/** Fewer excursions than this say nothing about the tail. */
const LEAST_EXCURSIONS = 30;
/** The tail is fitted to this share of the excursions, the highest ones, and to at least and at most so many. */
const TAIL_SHARE = 0.1;
const TAIL_LEAST = 20;
const TAIL_MOST = 2_000;
/** More than this share of the series at once (and at least so many) is one cause, and no false alarm of a series. */
const COMMON_SHARE = 0.02;
const COMMON_LEAST = 5;
/** A fit moves the boundary at most this far from the shipped one: beyond, something other than calibration is wrong. */
const FARTHEST = 4;

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
  /** Sum over series of the time in which they were scored, in thousands of series times weeks. */
  readonly exposure: number;
  /** Boundary that ships for a rate. */
  readonly shipped: (perWeek: number) => number;
}

export interface FittedCalibration {
  readonly calibration: EnvironmentCalibration;
  readonly excursions: number;
  /** Left out because many series had one at once. */
  readonly common: number;
  /** Exponent of the tail: the number of excursions above a level falls with its power. */
  readonly tailExponent: number;
  /** Whether a boundary was held back from moving too far. */
  readonly bounded: boolean;
}

/**
 * The boundary at which this history would have opened as many anomalies as are chosen. The number of excursions above
 * a level is counted where there are enough, and continued by a power law beyond, whose exponent is Hill's estimate
 * from the highest excursions (Hill 1975); scores are ratios to what is usual, whose tails are heavy. A string says
 * why nothing could be fitted.
 */
export function fitBoundary({ excursions, series, exposure, shipped }: FitInput): FittedCalibration | string {
  const single = withoutCommonCauses(excursions, series);
  const common = excursions.length - single.length;
  if (single.length < LEAST_EXCURSIONS) {
    return `the history has ${single.length} excursions of single series; ${LEAST_EXCURSIONS} are needed`;
  }
  const levels = single.map(({ level }) => level).sort((a, b) => b - a);
  const tail = Math.min(levels.length - 1, TAIL_MOST, Math.max(TAIL_LEAST, Math.round(levels.length * TAIL_SHARE)));
  const start = levels[tail]!;
  const meanLog = levels.slice(0, tail).reduce((sum, level) => sum + Math.log(level / start), 0) / tail;
  if (!(meanLog > 0)) return 'all excursions of the history are equally high';
  const tailExponent = 1 / meanLog;
  let bounded = false;
  const table = RATES.map((perWeek) => {
    const wanted = perWeek * exposure;
    const level =
      wanted < tail
        ? start * (tail / wanted) ** (1 / tailExponent)
        : levels[Math.min(levels.length, Math.ceil(wanted)) - 1]!;
    const [least, most] = [shipped(perWeek) / FARTHEST, shipped(perWeek) * FARTHEST];
    if (level < least || level > most) bounded = true;
    return { perWeek, boundary: Math.max(least, Math.min(most, level)) };
  });
  // More alarms never need a higher boundary.
  for (let i = table.length - 2; i >= 0; i -= 1)
    table[i]!.boundary = Math.max(table[i]!.boundary, table[i + 1]!.boundary);
  return { calibration: { version: 1, table }, excursions: single.length, common, tailExponent, bounded };
}

/** Log-linear between the rates of the table, constant beyond its ends. */
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
