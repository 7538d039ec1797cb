import type { EpochMs } from '../../../kernel/clock.js';
import { WEEKDAYS, type Weekday, type WeeklyHours } from './detection-settings.types.js';
import { minuteOfDay, minutesOf, WallClock, weekdayOf } from './wall-clock.js';

const DAY_NAMES: Readonly<Record<Weekday, string>> = {
  ...{ mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday' },
  ...{ fri: 'Friday', sat: 'Saturday', sun: 'Sunday' },
};

/**
 * Whether a time lies in the hours, by the clock on the wall: an hour that a spring change skips never comes, one that
 * an autumn change repeats counts twice. Hours that cross midnight belong to the day they begin on.
 */
export function weeklyHours(hours: WeeklyHours): (time: EpochMs) => boolean {
  const clock = new WallClock(hours.timeZone);
  const from = minutesOf(hours.from);
  const to = minutesOf(hours.to);
  const days = new Set(hours.weekdays.map((day) => WEEKDAYS.indexOf(day)));
  let minute = NaN;
  let within = false;
  return (time) => {
    const local = clock.minuteAt(time);
    if (local === minute) return within;
    minute = local;
    const today = weekdayOf(local);
    const now = minuteOfDay(local);
    if (from < to) within = days.has(today) && now >= from && now < to;
    else within = (days.has(today) && now >= from) || (days.has((today + 6) % 7) && now < to);
    return within;
  };
}

/** `Monday to Friday 08:00 to 18:00 (Europe/Berlin)`. */
export function describeHours({ weekdays, from, to, timeZone }: WeeklyHours): string {
  return `${describeDays(weekdays)} ${from} to ${to} (${timeZone})`;
}

function describeDays(weekdays: readonly Weekday[]): string {
  const sorted = WEEKDAYS.filter((day) => weekdays.includes(day));
  if (sorted.length === 7) return 'every day';
  const first = WEEKDAYS.indexOf(sorted[0]!);
  const run = sorted.every((day, i) => WEEKDAYS.indexOf(day) === first + i);
  if (run && sorted.length > 2) return `${DAY_NAMES[sorted[0]!]} to ${DAY_NAMES[sorted.at(-1)!]}`;
  return sorted.map((day) => DAY_NAMES[day]).join(', ');
}
