import type { EntryPointSpec } from '../../scenario/load.types.js';
import type { Change } from '../../scenario/scenario.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';
import { calendarAt } from './calendar.js';
import type { EntryLoadState, LoadState } from './load-state.types.js';
import { createPart, partFactor, replayRate } from './parts.js';

/**
 * The load before the first step.
 *
 * @param seed whole, 0 to 2^32 - 1
 */
export function createLoad(fleet: Fleet, seed: number): object {
  const state: LoadState = {
    entries: fleet.scenario.load.map(({ name, parts }) => {
      return { factor: 1, parts: parts.map((part, i) => createPart(part, seed, `load/${name}/${i}`)) };
    }),
  };
  return state;
}

/** Writes the arrivals per second of each entry for the step that `state.step` names; constant over the step. */
export function stepLoad(fleet: Fleet, state: SimulationState, arrivals: Float64Array): void {
  const load = state.load as LoadState;
  for (let i = 0; i < fleet.scenario.load.length; i++) {
    const spec = fleet.scenario.load[i]!;
    arrivals[i] = rateOf(fleet, spec, load.entries[i]!, state.step) * surgeFactor(state.timeline.active, spec);
  }
}

/** Applies a change of kind `load` from this step on; ignores others. */
export function applyLoadChange(fleet: Fleet, state: SimulationState, change: Change): void {
  if (change.kind !== 'load') return;
  const load = state.load as LoadState;
  fleet.scenario.load.forEach(({ name }, i) => {
    if (change.entryPoint === null || change.entryPoint === name) load.entries[i]!.factor *= change.factor;
  });
}

function rateOf(fleet: Fleet, { rate, parts }: EntryPointSpec, entry: EntryLoadState, step: number): number {
  const calendar = calendarAt(fleet, step);
  let base = rate;
  let factor = entry.factor;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (part.kind === 'replay') base = replayRate(part, step);
    else factor *= partFactor(part, entry.parts[i]!, step, calendar);
  }
  return Math.max(0, base * factor);
}

/** Surges multiply. A surge names the entry point or its service; one that names neither meets all. */
function surgeFactor(active: readonly ActiveFault[], entry: EntryPointSpec): number {
  let factor = 1;
  for (const { kind, target, settings } of active) {
    if (kind !== 'traffic-surge') continue;
    if (target.entryPoint !== undefined && target.entryPoint !== entry.name) continue;
    if (target.service !== undefined && target.service !== entry.service) continue;
    factor *= settings['factor'] ?? 1;
  }
  return factor;
}
