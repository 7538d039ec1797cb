import { describe, expect, it } from 'vitest';
import { parseCron, type CronSchedule } from './cron-schedule.js';
import { cronWindow, isWithinWindow } from './cron-window.js';
import { nextCron } from './next-cron.js';
import { isTimeZone } from './time-zone.js';

function cron(text: string): CronSchedule {
  const schedule = parseCron(text);
  if ('error' in schedule) throw new Error(schedule.error);
  return schedule;
}
const at = (text: string): number => Date.parse(text);
const next = (text: string, zone: string, after: string): string | undefined => {
  const found = nextCron(cron(text), zone, at(after));
  return found === null ? undefined : new Date(found).toISOString();
};

describe('parseCron', () => {
  // Grammar of robfig/cron v3, doc.go and parser.go.
  it.each([
    ['* * * * *', 'minutes', Array.from({ length: 60 }, (_, index) => index)],
    ['*/15 * * * *', 'minutes', [0, 15, 30, 45]],
    ['5/20 * * * *', 'minutes', [5, 25, 45]],
    ['1,3-5,3 * * * *', 'minutes', [1, 3, 4, 5]],
    ['0 8-18/4 * * *', 'hours', [8, 12, 16]],
    ['0 0 1 jan,MAR *', 'months', [1, 3]],
    ['0 0 ? * mon-fri', 'daysOfWeek', [1, 2, 3, 4, 5]],
  ] as const)('%s', (text, field, values) => {
    expect(cron(text)[field]).toEqual(values);
  });

  it.each([
    ['', 'expected exactly 5 fields'],
    ['* * * *', 'found 4'],
    ['0 * * * * *', 'found 6'],
    ['@daily', 'found 1'],
    ['60 * * * *', 'minute "60": must lie between 0 and 59'],
    ['* * * * 7', 'day of week "7": must lie between 0 and 6'],
    ['* * 0 * *', 'day of month "0": must lie between 1 and 31'],
    ['*/0 * * * *', 'the step must not be 0'],
    ['5-1 * * * *', 'the range ends before it begins'],
    ['1-2-3 * * * *', 'too many hyphens'],
    ['1/2/3 * * * *', 'too many slashes'],
    ['* * * foo *', 'neither a number nor a known name'],
    ['-1 * * * *', 'neither a number'],
  ])('refuses %j', (text, error) => {
    expect(parseCron(text)).toMatchObject({ error: expect.stringContaining(error) as string });
  });
});

describe('nextCron', () => {
  it.each([
    ['30 10 * * *', 'UTC', '2026-01-01T10:29:59Z', '2026-01-01T10:30:00.000Z'],
    ['30 10 * * *', 'UTC', '2026-01-01T10:30:00Z', '2026-01-02T10:30:00.000Z'],
    ['* * * * *', 'UTC', '2026-01-01T10:30:00.500Z', '2026-01-01T10:31:00.000Z'],
    ['0 6 * * *', 'Asia/Kolkata', '2026-01-01T00:00:00Z', '2026-01-01T00:30:00.000Z'],
    ['0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 1 1 *', 'America/New_York', '2026-01-01T05:00:00Z', '2027-01-01T05:00:00.000Z'],
    // Either day field: the 13th, or a Friday.
    ['0 0 13 * 5', 'UTC', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00.000Z'],
    ['0 0 13 * 5', 'UTC', '2026-01-09T00:00:00Z', '2026-01-13T00:00:00.000Z'],
    // Both, when one is open.
    ['0 9 * * 1', 'Europe/Berlin', '2026-01-01T00:00:00Z', '2026-01-05T08:00:00.000Z'],
  ])('%s in %s after %s', (text, zone, after, expected) => {
    expect(next(text, zone, after)).toBe(expected);
  });

  it('gives up on a day that never comes', () => {
    expect(next('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z')).toBeUndefined();
  });

  it('skips a local time that is left out in spring', () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00.
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-30T00:30:00.000Z');
  });

  it('counts a local time twice that comes twice in autumn', () => {
    // Berlin, 25 October 2026: 03:00 becomes 02:00.
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-25T01:30:00.000Z');
  });

  it('finds the day where midnight is left out', () => {
    // Cairo, 24 April 2026: 00:00 becomes 01:00.
    expect(next('0 * 24 4 *', 'Africa/Cairo', '2026-04-23T12:00:00Z')).toBe('2026-04-23T22:00:00.000Z');
  });
});

describe('a day that is left out', () => {
  it('does not stop the search', () => {
    // Apia went from 29 to 31 December 2011.
    expect(next('0 0 31 12 *', 'Pacific/Apia', '2011-12-29T00:00:00Z')).toBe('2011-12-30T10:00:00.000Z');
  });
});

describe('the window', () => {
  // keda.sh cron scaler, its example: from 6 AM to 8 PM in Kolkata (UTC+5:30).
  const times = { timezone: 'Asia/Kolkata', start: cron('0 6 * * *'), end: cron('0 20 * * *') };
  it.each([
    ['2026-01-01T00:29:59Z', false],
    ['2026-01-01T00:30:00Z', true],
    ['2026-01-01T14:29:59Z', true],
    ['2026-01-01T14:30:00Z', false],
    ['2026-01-01T23:00:00Z', false],
  ])('%s is within it: %s', (time, within) => {
    expect(isWithinWindow(cronWindow(times, undefined, at(time)), at(time))).toBe(within);
  });

  it('spans midnight', () => {
    const night = { timezone: 'UTC', start: cron('0 22 * * *'), end: cron('0 6 * * *') };
    const within = (time: string) => isWithinWindow(cronWindow(night, undefined, at(time)), at(time));
    expect([within('2026-01-01T21:59:00Z'), within('2026-01-01T23:00:00Z'), within('2026-01-02T05:59:00Z')]).toEqual([
      false,
      true,
      true,
    ]);
    expect(within('2026-01-02T06:00:00Z')).toBe(false);
  });

  it('is the same whether remembered or computed anew', () => {
    let known;
    for (let now = at('2026-03-27T00:00:00Z'); now < at('2026-03-31T00:00:00Z'); now += 30_000) {
      known = cronWindow(times, known, now);
      if (now % 3_600_000 === 0) expect(known).toEqual(cronWindow(times, undefined, now));
    }
  });
});

describe('isTimeZone', () => {
  it('knows IANA zones', () => {
    expect(['UTC', 'Asia/Kolkata', 'Europe/Berlin'].every(isTimeZone)).toBe(true);
    expect(['', 'Mars/Olympus', 'Berlin'].some(isTimeZone)).toBe(false);
  });
});
