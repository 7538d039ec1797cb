import { expect, it } from 'vitest';
import { createRunClock } from './local-time.js';

it('tells local and run time', () => {
  const clock = createRunClock(Date.UTC(2026, 10, 26, 21, 0), 'Europe/Berlin');
  expect([clock.local(0), clock.run(0)]).toEqual(['Thu 26 Nov 22:00', '+00:00:00']);
  expect([clock.local(7205), clock.run(7205)]).toEqual(['Fri 27 Nov 00:00:05', '+02:00:05']);
  expect(clock.run(90_061)).toBe('+1d 01:01:01');
  expect([clock.day(7205), clock.secondOfDay(0), clock.secondOfDay(7205)]).toEqual(['Fri 27', 79_200, 5]);
});

it('has months of three letters', () => {
  expect(createRunClock(Date.UTC(2026, 8, 16), 'UTC').local(0)).toBe('Wed 16 Sep 00:00');
});

it('follows the change of the clocks', () => {
  // On 25 October 2026 at 03:00 the clocks in Berlin go back to 02:00.
  const clock = createRunClock(Date.UTC(2026, 9, 25, 0, 0), 'Europe/Berlin');
  expect([0, 3600, 7200].map(clock.hour)).toEqual(['02:00', '02:00', '03:00']);
});
