import type { EpochMs } from '../../../../kernel/clock.js';
import type { CronSchedule } from './cron-schedule.js';
import { nextCron } from './next-cron.js';

/** The next start and end of a cron trigger. They hold until the earlier one has passed. */
export interface CronWindow {
  readonly nextStart: EpochMs;
  readonly nextEnd: EpochMs;
}

export interface CronTimes {
  readonly timezone: string;
  readonly start: CronSchedule;
  readonly end: CronSchedule;
}

/** The window at `now`: the known one while it holds, which spares walking the calendar at every poll. */
export function cronWindow(times: CronTimes, known: CronWindow | undefined, now: EpochMs): CronWindow {
  if (known && now < known.nextStart && now < known.nextEnd) return known;
  // A schedule that never comes is, in KEDA, one of the year 1.
  return {
    nextStart: nextCron(times.start, times.timezone, now) ?? 0,
    nextEnd: nextCron(times.end, times.timezone, now) ?? 0,
  };
}

/**
 * Whether `now` lies between start and end: the end comes before the next start, or with it.
 * Source: kedacore/keda pkg/scalers/cron_scaler.go, GetMetricsAndActivity.
 */
export function isWithinWindow({ nextStart, nextEnd }: CronWindow, now: EpochMs): boolean {
  return nextStart < nextEnd ? now > nextStart && now < nextEnd : now > nextStart || now < nextEnd;
}
