import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.js';
import { parseRate, parseRatio, quantityValue } from './quantity.js';
import { parseStart } from './start-time.js';

describe('parseDuration', () => {
  it.each([
    ['500us', 0.0005],
    ['250ms', 0.25],
    ['1.5s', 1.5],
    ['90s', 90],
    ['10m', 600],
    ['1h30m', 5400],
    ['2d', 172_800],
    ['1w', 604_800],
    ['-90s', -90],
    ['0s', 0],
  ])('reads %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '-', '10', 's', '5 s', '5sec', '1h 30m', '1e3s', '--5s', '5s!', '.5s', '1..5s', '10M'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it.each([
    [Infinity, 'none'],
    [0, '0s'],
    [0.0005, '500us'],
    [0.25, '250ms'],
    [90, '90s'],
    [600, '10m'],
    [5400, '90m'],
    [86_400, '1d'],
    [-90, '-90s'],
  ])('writes %d as %s, which reads the same', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
    if (text !== 'none') expect(parseDuration(text)).toBe(seconds);
  });
});

describe('shares, rates and quantities', () => {
  it.each([
    ['5%', 0.05],
    ['99.9%', 0.999],
    ['-1%', -0.01],
    [0.3, 0.3],
  ])('reads the share %s', (text, value) => {
    expect(parseRatio(text)).toBe(value);
  });

  it.each([
    [120, 120],
    ['120/s', 120],
    ['6000/m', 100],
    ['7200/h', 2],
    ['86.4k/d', 1],
    ['1M/d', 11.574074074074074],
  ])('reads the rate %s', (text, value) => {
    expect(parseRate(text)).toBeCloseTo(value, 12);
  });

  it.each([
    ['500m', 0.5],
    ['2Gi', 2_147_483_648],
    ['200k', 200_000],
    [1.5, 1.5],
  ])('reads the quantity %s', (text, value) => {
    expect(quantityValue(text)).toBe(value);
  });

  it('refuses what is none', () => {
    expect([parseRatio('5'), parseRatio('a%'), parseRate('5/y'), parseRate('5'), quantityValue('many')]).toEqual(
      Array(5).fill(undefined),
    );
    expect(quantityValue(NaN)).toBeUndefined();
  });
});

describe('parseStart', () => {
  it.each([
    ['2026-01-05', 'UTC', Date.UTC(2026, 0, 5)],
    ['2026-01-05T08:00', 'UTC', Date.UTC(2026, 0, 5, 8)],
    ['2026-01-05 08:00:30', 'UTC', Date.UTC(2026, 0, 5, 8, 0, 30)],
    // Berlin is an hour ahead in winter, two in summer; India five and a half.
    ['2026-01-05T08:00', 'Europe/Berlin', Date.UTC(2026, 0, 5, 7)],
    ['2026-07-05T08:00', 'Europe/Berlin', Date.UTC(2026, 6, 5, 6)],
    ['2026-01-05T08:00', 'Asia/Kolkata', Date.UTC(2026, 0, 5, 2, 30)],
    ['2026-01-05T08:00Z', 'Europe/Berlin', Date.UTC(2026, 0, 5, 8)],
    ['2026-01-05T08:00-05:00', 'UTC', Date.UTC(2026, 0, 5, 13)],
  ])('reads %s in %s', (text, zone, instant) => {
    expect(parseStart(text, zone)).toBe(instant);
  });

  it.each(['2026-02-30', '2026-13-01', '2026-01-05T24:00', '2026-01-05T08', 'tomorrow', '05.01.2026'])(
    'refuses %s',
    (text) => {
      expect(parseStart(text, 'UTC')).toBeUndefined();
    },
  );
});
