import type { RunClock } from '../terminal/local-time.js';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Distances between ticks, seconds: what people count time in. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 4, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28, 56].map((days) => days * DAY),
];

/** Characters from one tick to the next at least: `╵22:00` and two spaces. */
const ROOM = 8;

/** Local times at round hours (and days, where midnight is one of them) under the characters at which they begin. */
export function timeAxis(seconds: number, width: number, clock: RunClock): string {
  const step = STEPS.find((candidate) => (candidate / seconds) * width >= ROOM) ?? STEPS.at(-1)!;
  const offset = clock.secondOfDay(0);
  const first = (Math.min(step, DAY) - (offset % Math.min(step, DAY))) % Math.min(step, DAY);
  let line = '';
  for (let at = first; at < seconds; at += step) {
    const column = Math.floor((at / seconds) * width);
    const label = step >= DAY || clock.secondOfDay(at) === 0 ? clock.day(at) : clock.hour(at);
    if (column < line.length || column + 1 + label.length > width + ROOM) continue;
    line = `${line.padEnd(column)}╵${label}`;
  }
  return line;
}
