import type { SimulationState } from '../simulation.types.js';
import type { AccountState, FaultRecord } from './account.types.js';
import { HARM_GAP } from './account-slo.js';
import { describeTarget } from './describe-target.js';

/** Harm that begins later than this many seconds after the end of a fault is not its own any more. */
export const AFTERMATH = 600;

/** So many faults are kept: the latest. */
const MAX_FAULTS = 1000;

/**
 * Records when each fault began and ended, when users were first harmed while it was in force (or within ten minutes
 * after it), and since when nobody was any more. Says what happened when, not what caused what.
 */
export function accountFaults({ account, timeline, step }: SimulationState): void {
  const { faults, memory } = account;
  for (const { spec, since } of timeline.active) {
    if (faults.some(({ name, from }) => name === spec.name && from === since)) continue;
    if (faults.length === MAX_FAULTS) faults.shift();
    const where = describeTarget(spec.kind, spec.target);
    faults.push({ name: spec.name, kind: spec.kind, from: since, to: -1, where, harmedAt: -1, recoveredAt: -1 });
  }
  for (const fault of faults) {
    if (fault.recoveredAt >= 0 && step - fault.to > AFTERMATH) continue;
    if (fault.to < 0 && !isActive(timeline.active, fault)) fault.to = step;
    noteHarm(fault, memory, step);
  }
}

function isActive(active: SimulationState['timeline']['active'], { name, from }: FaultRecord): boolean {
  return active.some(({ spec, since }) => spec.name === name && since === from);
}

function noteHarm(fault: FaultRecord, { lastHarmAt }: AccountState['memory'], step: number): void {
  const over = fault.to >= 0;
  if (lastHarmAt === step && fault.harmedAt < 0 && (!over || step - fault.to <= AFTERMATH)) {
    fault.harmedAt = step;
    fault.recoveredAt = -1;
  }
  if (!over || fault.recoveredAt >= 0) return;
  const calmSince = Math.max(fault.to, lastHarmAt + 1);
  if (step - calmSince >= HARM_GAP - 1) fault.recoveredAt = calmSince;
}
