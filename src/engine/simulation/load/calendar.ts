import { localTime } from '../../scaling/keda/cron/time-zone.js';
import type { Fleet } from '../model/fleet.types.js';

/** The scenario's wall clock. */
export interface Calendar {
  /** Hours since local midnight, with fraction. */
  readonly hour: number;
  /** 0 is Monday. */
  readonly day: number;
  /** Days since the start of the run, with fraction. */
  readonly elapsedDays: number;
}

interface Offset {
  /** Quarter of an hour since the epoch that the offset holds for: no zone changes its offset within one. */
  quarter: number;
  milliseconds: number;
}

const QUARTER = 900_000;
const DAY = 86_400_000;

/** Asking a formatter for the offset at every step would cost more than the step. */
const offsets = new WeakMap<Fleet, Offset>();

/** @param step seconds since the start of the run */
export function calendarAt(fleet: Fleet, step: number): Calendar {
  const at = fleet.scenario.start + step * 1000;
  const local = at + offsetAt(fleet, at);
  const days = Math.floor(local / DAY);
  // 1 January 1970 was a Thursday.
  return { hour: (local - days * DAY) / 3_600_000, day: (((days + 3) % 7) + 7) % 7, elapsedDays: step / 86_400 };
}

function offsetAt(fleet: Fleet, at: number): number {
  const quarter = Math.floor(at / QUARTER);
  let known = offsets.get(fleet);
  if (known?.quarter === quarter) return known.milliseconds;
  known ??= { quarter, milliseconds: 0 };
  known.quarter = quarter;
  known.milliseconds = localTime(fleet.scenario.timeZone, quarter * QUARTER).getTime() - quarter * QUARTER;
  offsets.set(fleet, known);
  return known.milliseconds;
}
