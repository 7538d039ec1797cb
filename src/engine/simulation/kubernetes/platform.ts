import type { Change } from '../../scenario/scenario.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { NetworkParameters } from '../model/parameters.types.js';
import type { SimulationState } from '../simulation.types.js';
import { runAutoscalers } from './autoscaling/run-autoscalers.js';
import { watchMix } from './cells/operation-mix.js';
import { runClusterAutoscalers } from './autoscaling/cluster-autoscaler.js';
import { applyFaults, applyToNewPods } from './faults/apply-faults.js';
import { advanceNodes } from './nodes/advance-nodes.js';
import { drainNodes } from './nodes/drain.js';
import { shareCpu } from './nodes/share-cpu.js';
import { writeCells } from './cells/write-cells.js';
import type { ControlState } from './control-state.types.js';
import { createControl } from './create-control.js';
import type { PlatformContext } from './platform-context.types.js';
import { platformPlan } from './platform-plan.js';
import type { PlatformState } from './platform-state.types.js';
import { advancePods } from './pods/due-pods.js';
import { watchMemory } from './pods/memory.js';
import { probeReadiness } from './pods/readiness.js';
import { applyToDeployment } from './rollout/apply-change.js';
import { reconcileDeployments } from './rollout/reconcile.js';
import { schedulePending } from './scheduler/schedule.js';
import { settle } from './settle.js';

/**
 * The settled platform of a fleet at step 0, and the memory of its control plane; cells of service stations are
 * written. Plain data.
 *
 * @param seed whole, 0 to 2^32 - 1
 */
export function createPlatform(
  fleet: Fleet,
  parameters: NetworkParameters,
  seed: number,
): { platform: PlatformState; control: object } {
  const platform: PlatformState = { pods: [], nodes: [], deployments: [], events: [], generation: 0 };
  const control = createControl(fleet, seed);
  const plan = platformPlan(fleet);
  const context: PlatformContext = {
    ...{ fleet, plan, platform, control, parameters },
    ...{ flows: null, stores: null, active: [], step: 0 },
  };
  settle(context);
  for (const { index } of fleet.deployments) writeCells(context, index);
  return { platform, control };
}

/** Everything that Kubernetes and its faults do in one second; reads the flows of the second before. */
export function stepPlatform(fleet: Fleet, state: SimulationState): void {
  const context = contextOf(fleet, state);
  const { control } = context;
  for (const cell of control.killedCells) context.parameters.cells.killed[cell] = 0;
  control.killedCells.length = 0;
  advanceNodes(context);
  applyFaults(context);
  advancePods(context);
  watchMemory(context);
  probeReadiness(context);
  shareCpu(context);
  watchMix(context);
  runAutoscalers(context);
  drainNodes(context);
  reconcileDeployments(context);
  schedulePending(context);
  runClusterAutoscalers(context);
  applyToNewPods(context);
  for (let index = 0; index < control.deployments.length; index++) {
    if (control.deployments[index]!.needsCells) writeCells(context, index);
  }
}

/** Takes a change of a deployment: deploy, rollback, restart, scale, promote, abort. Others are not its business. */
export function applyPlatformChange(fleet: Fleet, state: SimulationState, change: Change): void {
  const context = contextOf(fleet, state);
  if (!('service' in change)) return;
  for (const deployment of context.plan.byService.get(change.service) ?? []) {
    applyToDeployment(context, deployment, change);
  }
}

function contextOf(fleet: Fleet, state: SimulationState): PlatformContext {
  const { flows, parameters, platform, step, stores, timeline } = state;
  const control = state.control as ControlState;
  const plan = platformPlan(fleet);
  return { fleet, plan, platform, control, parameters, flows, stores, active: timeline.active, step };
}
