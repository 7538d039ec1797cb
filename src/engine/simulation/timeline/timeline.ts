import type { FaultSpec } from '../../scenario/fault.types.js';
import type { Change } from '../../scenario/scenario.types.js';
import type { Fleet } from '../model/fleet.types.js';
import { STEP_SECONDS } from '../model/solver.types.js';
import type { TimelineState } from '../simulation.types.js';
import type { ActiveFault } from './active-fault.types.js';
import { badDeploy, rollback } from './bad-deploy.js';
import { scaleSettings } from './scale-settings.js';

const NOTHING: readonly Change[] = [];

/** The scenario's faults and changes, none of them begun. Later ones may be put in between by their time. */
export function createTimeline({ scenario }: Fleet): TimelineState {
  return { faults: [...scenario.faults].sort(byTime), changes: [...scenario.changes].sort(byTime), active: [] };
}

/**
 * Moves on to a step: faults begin, grow and end, and the changes that are due are handed out, each once. A fault is in
 * force from `at` for its duration, at least for one step. A bad deploy shows itself as the changes that make it: the
 * deploy at its start and the rollback at its end (or when it is taken off the list).
 *
 * `timeline.active` stays the same array as long as nothing about it changes, so that readers can skip their work.
 */
export function advanceTimeline(fleet: Fleet, timeline: TimelineState, step: number): readonly Change[] {
  const changes = takeDueChanges(timeline, step);
  if (timeline.active.length === 0 && !(timeline.faults.length > 0 && timeline.faults[0]!.at <= step)) return changes;
  const before = timeline.active;
  const active = activeFaults(timeline, step);
  dropEndedFaults(timeline.faults, step);
  if (same(before, active)) return changes;
  timeline.active = active;
  return [...changes, ...rollbacks(fleet, before, active), ...deploys(fleet, before, active)];
}

function byTime(a: { readonly at: number }, b: { readonly at: number }): number {
  return a.at - b.at;
}

function takeDueChanges(timeline: TimelineState, step: number): readonly Change[] {
  let due = 0;
  while (due < timeline.changes.length && timeline.changes[due]!.at <= step) due++;
  return due === 0 ? NOTHING : timeline.changes.splice(0, due);
}

function activeFaults({ faults, active }: TimelineState, step: number): ActiveFault[] {
  const now: ActiveFault[] = [];
  for (const spec of faults) {
    if (spec.at > step) break;
    if (step >= endOf(spec)) continue;
    const known = active.find((fault) => fault.spec.name === spec.name);
    const level = levelAt(spec, step);
    now.push(known?.level === level ? known : activate(spec, level, known?.since ?? step));
  }
  return now;
}

function activate(spec: FaultSpec, level: number, since: number): ActiveFault {
  const settings = scaleSettings(spec.kind, spec.settings, level);
  return { spec, kind: spec.kind, target: spec.target, since, level, settings };
}

/** Rises linearly over the ramp. */
function levelAt(spec: FaultSpec, step: number): number {
  return spec.ramp > 0 ? spec.intensity * Math.min(1, (step - spec.at) / spec.ramp) : spec.intensity;
}

function endOf(spec: FaultSpec): number {
  return spec.at + Math.max(spec.duration, STEP_SECONDS);
}

function dropEndedFaults(faults: FaultSpec[], step: number): void {
  for (let i = faults.length - 1; i >= 0; i--) if (step >= endOf(faults[i]!)) faults.splice(i, 1);
}

function same(before: readonly ActiveFault[], now: readonly ActiveFault[]): boolean {
  return before.length === now.length && now.every((fault, i) => fault === before[i]);
}

function rollbacks(fleet: Fleet, before: readonly ActiveFault[], now: readonly ActiveFault[]): Change[] {
  return before
    .filter((fault) => fault.kind === 'bad-deploy' && !includes(now, fault))
    .flatMap((fault) => rollback(fleet, fault));
}

function deploys(fleet: Fleet, before: readonly ActiveFault[], now: readonly ActiveFault[]): Change[] {
  return now
    .filter((fault) => fault.kind === 'bad-deploy' && !includes(before, fault))
    .flatMap((fault) => badDeploy(fleet, fault));
}

function includes(faults: readonly ActiveFault[], { spec }: ActiveFault): boolean {
  return faults.some((fault) => fault.spec.name === spec.name);
}
