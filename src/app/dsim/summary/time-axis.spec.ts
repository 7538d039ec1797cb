import { expect, it } from 'vitest';
import { createRunClock } from '../terminal/local-time.js';
import { timeAxis } from './time-axis.js';

const HOUR = 3600;
const clock = createRunClock(Date.UTC(2026, 10, 26, 20, 30), 'Europe/Berlin');

it('stands at round hours, with the day at midnight', () => {
  // 21:30 to 01:30, four characters for each hour: every second hour has room.
  expect(timeAxis(4 * HOUR, 16, clock)).toBe('  ╵22:00  ╵Fri 27');
  // Ten characters for each half hour, the first at the very start.
  expect(timeAxis(2 * HOUR, 40, clock)).toBe('╵21:30    ╵22:00    ╵22:30    ╵23:00');
});

it('counts in days where a run is long', () => {
  expect(timeAxis(3 * 24 * HOUR, 30, clock)).toBe(' ╵Fri 27   ╵Sat 28   ╵Sun 29');
});

it('has nothing to say where no round time has room', () => {
  expect(timeAxis(HOUR, 4, createRunClock(Date.UTC(2026, 0, 1, 0, 31), 'UTC'))).toBe('');
});
