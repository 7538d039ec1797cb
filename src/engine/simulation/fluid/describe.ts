import { describeAnswers } from './answers.js';
import { DUE, edgeChance, edgeTime, measureDrift, NEGLIGIBLE_DRIFT, tellCallers } from './drift.js';
import type { FluidStep } from './routing.js';
import { describeUsers } from './users.js';

/**
 * Times and outcomes from the queues up to the users, for all that has drifted and all that depends on it. Callees
 * come first, so that a change arrives everywhere in one pass.
 */
export function describeChanges(step: FluidStep): void {
  const { network, plan, state } = step;
  const first = state.age[0]! < 0;
  state.age[0] = state.age[0]! + 1;
  const drift = measureDrift(step);
  if (!first && (!(drift * state.age[0] > DUE) || drift < NEGLIGIBLE_DRIFT)) return;
  if (first) {
    state.operationDrift.fill(1);
    state.edgeDrift.fill(1);
  }
  state.age[0] = 0;
  // What drifted far less than the rest waits for a later pass.
  const enough = Math.min(0.01, Math.max(NEGLIGIBLE_DRIFT, drift / 4));
  for (let i = 0; i < plan.operationOrder.length; i++) {
    const operation = plan.operationOrder[i]!;
    const changed = markOwner(step, operation, enough);
    if (!changed && !(state.operationDrift[operation]! > enough)) continue;
    describeAnswers(step, operation);
    // Callers, which come later, read this mark.
    state.operationDrift[operation] = tellCallers(step, operation) ? Infinity : 0;
  }
  for (let entry = 0; entry < network.entries.length; entry++) {
    const edge = network.entries[entry]!;
    if (!markEdge(step, edge, enough)) continue;
    describeUsers(step, entry);
  }
}

/** Whether any call in the stages of an owner (see `FluidPlan`) has changed; marks those. */
function markOwner(step: FluidStep, owner: number, enough: number): boolean {
  const { plan } = step;
  let changed = false;
  const end = plan.edgeStart[plan.stageStart[owner + 1]!]!;
  for (let i = plan.edgeStart[plan.stageStart[owner]!]!; i < end; i++) {
    if (markEdge(step, plan.stageEdge[i]!, enough)) changed = true;
  }
  return changed;
}

function markEdge(step: FluidStep, edge: number, enough: number): boolean {
  const { network, state } = step;
  const { offset, target } = network.routes;
  let changed = state.edgeDrift[edge]! > enough;
  for (let route = offset[edge]!; route < offset[edge + 1]!; route++) {
    if (state.operationDrift[target[route]!] === Infinity) changed = true;
  }
  if (markOwner(step, network.operations.length + edge, enough)) changed = true;
  state.edgeChanged[edge] = changed ? 1 : 0;
  if (changed) {
    state.edgeTime[edge] = edgeTime(step, edge);
    state.edgeChance[edge] = edgeChance(step, edge);
  }
  return changed;
}
