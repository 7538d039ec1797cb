import { applyLoadChange, createLoad, stepLoad } from '../../../engine/simulation/load/load.js';
import type { Fleet } from '../../../engine/simulation/model/fleet.types.js';
import type { SimulationState } from '../../../engine/simulation/simulation.types.js';
import { advanceTimeline, createTimeline } from '../../../engine/simulation/timeline/timeline.js';
import type { RunClock } from '../terminal/local-time.js';
import { resample, sparkline } from '../terminal/sparkline.js';
import type { Terminal } from '../terminal/terminal.js';
import { short, wrap } from '../terminal/words.js';

const HOUR = 3600;
/** Characters of a line at most, and at least where the numbers stand beside it. */
const PIECES = 48;
const NARROWEST = 16;

interface EntryLoad {
  readonly name: string;
  /** Most users per second in each hour of the run, and in each of the pieces that its line shows. */
  readonly hourly: number[];
  readonly line: number[];
  peak: number;
  peakAt: number;
  sum: number;
}

/** The arrivals as the run will have them: the same parts, changes, surges and random numbers. */
export function explainLoad(fleet: Fleet, seed: number, clock: RunClock, { style, columns }: Terminal): string {
  const { duration } = fleet.scenario;
  const all = hourlyLoad(fleet, seed);
  const longest = Math.max(0, ...all.map(({ name }) => name.length));
  const facts = all.map(
    ({ peak, peakAt, sum }) => `mean ${short(sum / duration)}/s, peak ${short(peak)}/s at ${clock.local(peakAt)}`,
  );
  const beside = Math.min(PIECES, columns - 2 - longest - 2 - 2 - Math.max(0, ...facts.map(({ length }) => length)));
  const rows = all.map(({ name, line }, i) =>
    beside < NARROWEST
      ? `  ${name}\n${wrap(facts[i]!, columns, '    ')}    ${style.cyan(sparkline(resample(line, columns - 4, 'max'), 0))}\n`
      : `  ${name.padEnd(longest)}  ${style.cyan(sparkline(resample(line, beside, 'max'), 0))}  ${facts[i]}\n`,
  );
  return `${rows.join('')}${hourTable(all, clock, columns)}`;
}

/** Every hour of a day or less; of longer runs the lines above must do. */
function hourTable(all: readonly EntryLoad[], clock: RunClock, columns: number): string {
  const hours = all[0]?.hourly.length ?? 0;
  if (hours < 2 || hours > 24) return '';
  const total = Array.from({ length: hours }, (_, hour) => all.reduce((sum, { hourly }) => sum + hourly[hour]!, 0));
  const cells = total.map((rate, hour) => `${clock.hour(hour * HOUR)} ${short(rate)}`);
  const width = Math.max(...cells.map(({ length }) => length)) + 3;
  const perLine = Math.max(1, Math.min(6, Math.floor((columns - 2) / width)));
  const lines = Array.from({ length: Math.ceil(hours / perLine) }, (_, row) => {
    const some = cells.slice(row * perLine, (row + 1) * perLine).map((cell) => cell.padEnd(width));
    return `  ${some.join('').trimEnd()}\n`;
  });
  return `  peak by hour, all entry points, users/s:\n${lines.join('')}`;
}

export function hourlyLoad(fleet: Fleet, seed: number): readonly EntryLoad[] {
  const { duration, load } = fleet.scenario;
  const arrivals = new Float64Array(load.length);
  // The part of a run's state that the load reads.
  const state = { step: 0, timeline: createTimeline(fleet), load: createLoad(fleet, seed) } as SimulationState;
  const all: EntryLoad[] = load.map(({ name }) => ({ name, hourly: [], line: [], peak: 0, peakAt: 0, sum: 0 }));
  for (; state.step < duration; state.step++) {
    for (const change of advanceTimeline(fleet, state.timeline, state.step)) applyLoadChange(fleet, state, change);
    stepLoad(fleet, state, arrivals);
    all.forEach((entry, i) => note(entry, state.step, arrivals[i]!, duration));
  }
  return all;
}

function note(entry: EntryLoad, step: number, rate: number, duration: number): void {
  const hour = Math.floor(step / HOUR);
  const piece = Math.floor((step / duration) * Math.min(PIECES, duration));
  entry.line[piece] = Math.max(entry.line[piece] ?? 0, rate);
  entry.hourly[hour] = Math.max(entry.hourly[hour] ?? 0, rate);
  entry.sum += rate;
  if (rate <= entry.peak) return;
  entry.peak = rate;
  entry.peakAt = step;
}
