import type { EpochMs } from '../../../kernel/clock.js';
import { localTime } from '../../scaling/keda/cron/time-zone.js';

const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const MINUTES_PER_DAY = 1_440;
/** 1 January 1970 was a Thursday; days of the week count from Monday. */
const EPOCH_WEEKDAY = 3;

/**
 * Local time of one zone. Offsets change on quarter hours of UTC (IANA time zone database, all zones since 1972), so
 * one look at the calendar serves a quarter of an hour; event time mostly moves forward, so the last one is kept.
 */
export class WallClock {
  private quarter = NaN;
  private offsetMs = 0;

  constructor(readonly timeZone: string) {}

  /** Minutes since the epoch as the clock on the wall shows them. */
  minuteAt(time: EpochMs): number {
    const quarter = Math.floor(time / QUARTER_MS);
    if (quarter !== this.quarter) {
      this.quarter = quarter;
      this.offsetMs = localTime(this.timeZone, quarter * QUARTER_MS).getTime() - quarter * QUARTER_MS;
    }
    return Math.floor((time + this.offsetMs) / MINUTE_MS);
  }
}

export function minuteOfDay(localMinute: number): number {
  return localMinute - Math.floor(localMinute / MINUTES_PER_DAY) * MINUTES_PER_DAY;
}

/** 0 is Monday. */
export function weekdayOf(localMinute: number): number {
  const day = Math.floor(localMinute / MINUTES_PER_DAY) + EPOCH_WEEKDAY;
  return ((day % 7) + 7) % 7;
}

/** Minutes since midnight of `HH:MM`; NaN where it is none. `24:00` is the end of the day. */
export function minutesOf(text: string): number {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (!match) return NaN;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minutes <= MINUTES_PER_DAY ? minutes : NaN;
}
