import type { EpochMs } from '../../../../kernel/clock.js';
import type { CronSchedule } from './cron-schedule.js';
import { instantOf, localTime } from './time-zone.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEARS = 5;

/**
 * First time strictly after `after` that a schedule names, in its time zone; null when there is none within five years
 * (30 February). Where clocks change it does what KEDA does: a local time that is left out is skipped, one that comes
 * twice counts twice. Source: robfig/cron v3 spec.go, SpecSchedule.Next.
 */
export function nextCron(schedule: CronSchedule, timeZone: string, after: EpochMs): EpochMs | null {
  let at = Math.floor(after / 1000) * 1000 + 1000;
  const lastYear = localTime(timeZone, at).getUTCFullYear() + YEARS;
  let trimmed = false;
  for (;;) {
    const local = localTime(timeZone, at);
    if (local.getUTCFullYear() > lastYear) return null;
    if (!schedule.months.includes(local.getUTCMonth() + 1)) {
      at = later(at, instantOf(timeZone, Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1)));
      trimmed = true;
    } else if (!dayFits(schedule, local)) {
      at = later(at, nextMidnight(timeZone, local));
      trimmed = true;
    } else if (!schedule.hours.includes(local.getUTCHours())) {
      at = at - sinceHour(local) + HOUR;
      trimmed = true;
    } else if (!schedule.minutes.includes(local.getUTCMinutes())) {
      at = at - local.getUTCSeconds() * 1000 + MINUTE;
      trimmed = true;
    } else if (local.getUTCSeconds() !== 0 && !trimmed) {
      at = at - local.getUTCSeconds() * 1000 + MINUTE;
      trimmed = true;
    } else {
      return at;
    }
  }
}

/** Days fit by both fields when one of them is open, and by either when both are given. */
function dayFits(schedule: CronSchedule, local: Date): boolean {
  const ofMonth = schedule.daysOfMonth.includes(local.getUTCDate());
  const ofWeek = schedule.daysOfWeek.includes(local.getUTCDay());
  return schedule.anyDayOfMonth || schedule.anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek;
}

/** The start of the next local day; its first existing time where midnight itself is left out. */
function nextMidnight(timeZone: string, local: Date): EpochMs {
  const at = instantOf(timeZone, Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + 1));
  const hours = localTime(timeZone, at).getUTCHours();
  return hours > 12 ? at + (24 - hours) * HOUR : at;
}

/** Always moves on, also where a whole local day is left out (Samoa, 30 December 2011). */
function later(at: EpochMs, candidate: EpochMs): EpochMs {
  return candidate > at ? candidate : at + HOUR;
}

function sinceHour(local: Date): number {
  return local.getUTCMinutes() * MINUTE + local.getUTCSeconds() * 1000;
}
