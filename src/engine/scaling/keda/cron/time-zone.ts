import type { EpochMs } from '../../../../kernel/clock.js';

/** Formatters are costly to make and without state, so one is kept per zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether the runtime knows the IANA time zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatterOf(timeZone);
    return timeZone !== '';
  } catch {
    return false;
  }
}

/** Local wall-clock time as a Date whose UTC fields hold the local ones. */
export function localTime(timeZone: string, at: EpochMs): Date {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/**
 * The instant of a local wall-clock time, given as if it were UTC. In a gap or an overlap of daylight saving time it is
 * right for one of the two offsets. Source: Go time.Date, whose rule this is.
 */
export function instantOf(timeZone: string, local: EpochMs): EpochMs {
  const guess = local - offsetAt(timeZone, local);
  return local - offsetAt(timeZone, guess);
}

function offsetAt(timeZone: string, at: EpochMs): number {
  const seconds = Math.floor(at / 1000) * 1000;
  return localTime(timeZone, seconds).getTime() - seconds;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formatters.set(timeZone, made);
  return made;
}
