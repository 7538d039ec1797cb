import { applyLoadChange, createLoad, stepLoad } from '../../../engine/simulation/load/load.js';
import type { Fleet } from '../../../engine/simulation/model/fleet.types.js';
import type { SimulationState } from '../../../engine/simulation/simulation.types.js';
import { advanceTimeline, createTimeline } from '../../../engine/simulation/timeline/timeline.js';
import type { RunClock } from '../terminal/local-time.js';
import { resample, sparkline } from '../terminal/sparkline.js';
import type { Terminal } from '../terminal/terminal.js';
import { short } from '../terminal/words.js';

const HOUR = 3600;

interface EntryLoad {
  readonly name: string;
  /** Most users per second in each hour of the run. */
  readonly hourly: number[];
  peak: number;
  peakAt: number;
  sum: number;
}

/** The arrivals as the run will have them: the same parts, changes, surges and random numbers. */
export function explainLoad(fleet: Fleet, seed: number, clock: RunClock, { style }: Terminal): string {
  const { duration } = fleet.scenario;
  const all = hourlyLoad(fleet, seed);
  const width = Math.max(0, ...all.map(({ name }) => name.length));
  const rows = all.map(({ name, hourly, peak, peakAt, sum }) => {
    const line = style.cyan(sparkline(resample(hourly, 72, 'max'), 0));
    return `  ${name.padEnd(width)}  ${line}  mean ${short(sum / duration)}/s, peak ${short(peak)}/s at ${clock.local(peakAt)}\n`;
  });
  return `${rows.join('')}${hourTable(all, clock)}`;
}

/** Every hour of a day or less; of longer runs the lines above must do. */
function hourTable(all: readonly EntryLoad[], clock: RunClock): string {
  const hours = all[0]?.hourly.length ?? 0;
  if (hours === 0 || hours > 24) return '';
  const total = Array.from({ length: hours }, (_, hour) => all.reduce((sum, { hourly }) => sum + hourly[hour]!, 0));
  const cells = total.map((rate, hour) => `${clock.hour(hour * HOUR)} ${short(rate)}`.padEnd(14));
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += 6)
    lines.push(
      `  ${cells
        .slice(i, i + 6)
        .join('')
        .trimEnd()}\n`,
    );
  return `  peak by hour, all entry points, users/s:\n${lines.join('')}`;
}

export function hourlyLoad(fleet: Fleet, seed: number): readonly EntryLoad[] {
  const { duration, load } = fleet.scenario;
  const arrivals = new Float64Array(load.length);
  // The part of a run's state that the load reads.
  const state = { step: 0, timeline: createTimeline(fleet), load: createLoad(fleet, seed) } as SimulationState;
  const all: EntryLoad[] = load.map(({ name }) => ({ name, hourly: [], peak: 0, peakAt: 0, sum: 0 }));
  for (; state.step < duration; state.step++) {
    for (const change of advanceTimeline(fleet, state.timeline, state.step)) applyLoadChange(fleet, state, change);
    stepLoad(fleet, state, arrivals);
    all.forEach((entry, i) => note(entry, state.step, arrivals[i]!));
  }
  return all;
}

function note(entry: EntryLoad, step: number, rate: number): void {
  const hour = Math.floor(step / HOUR);
  entry.hourly[hour] = Math.max(entry.hourly[hour] ?? 0, rate);
  entry.sum += rate;
  if (rate <= entry.peak) return;
  entry.peak = rate;
  entry.peakAt = step;
}
