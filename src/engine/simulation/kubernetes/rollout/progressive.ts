import type { PlatformContext } from '../platform-context.types.js';
import { scaleReplicaSet, statusOf } from './replica-sets.js';

/**
 * Seconds that the old version is kept after all traffic left it, so that routes can follow.
 * Source: Argo Rollouts specification, `scaleDownDelaySeconds`.
 */
const SCALE_DOWN_DELAY = 30;

/**
 * Canary and blue-green as Argo Rollouts does them with traffic routing: the stable version keeps all its replicas; the
 * canary has as many as its weight asks for, and gets its traffic when they are available. Whether anything changed.
 */
export function advanceProgressive(context: PlatformContext, deployment: number): boolean {
  const { replicas, stable, updated } = context.platform.deployments[deployment]!;
  const { replicaSets } = context.control.deployments[deployment]!;
  if (stable === updated) return settleStable(context, deployment);
  let changed = scaleReplicaSet(context, deployment, stable, replicas);
  for (let version = 0; version < replicaSets.length; version++) {
    if (version === stable || version === updated) continue;
    if (scaleReplicaSet(context, deployment, version, 0)) changed = true;
  }
  return advanceNew(context, deployment) || changed;
}

function settleStable(context: PlatformContext, deployment: number): boolean {
  const { control, platform, step } = context;
  const { replicas, stable } = platform.deployments[deployment]!;
  const memory = control.deployments[deployment]!;
  const { fast, switchedAt } = memory.rollout;
  let changed = scaleReplicaSet(context, deployment, stable, replicas);
  const leaveAt = fast || switchedAt < 0 ? step : switchedAt + SCALE_DOWN_DELAY;
  for (const [version, each] of memory.replicaSets.entries()) {
    if (version === stable || each.replicas === 0) continue;
    if (step < leaveAt) memory.syncAt = Math.min(memory.syncAt, leaveAt);
    else if (scaleReplicaSet(context, deployment, version, 0)) changed = true;
  }
  return changed;
}

function advanceNew(context: PlatformContext, deployment: number): boolean {
  const { control, fleet, platform, step } = context;
  const state = platform.deployments[deployment]!;
  const memory = control.deployments[deployment]!;
  const { rollout } = memory;
  const { weight, pause } = goalOf(fleet.deployments[deployment]!.spec.rollout, rollout.fast ? Infinity : rollout.step);
  const wanted = weight > 0 ? Math.max(Math.min(1, state.replicas), Math.ceil(state.replicas * weight - 1e-9)) : 0;
  if (scaleReplicaSet(context, deployment, state.updated, wanted)) return true;
  if (rollout.pausedSince < 0) {
    if (statusOf(context, deployment)[state.updated]!.available < wanted) return false;
    rollout.pausedSince = step;
    if (fleet.deployments[deployment]!.spec.rollout.strategy === 'canary') setWeight(context, deployment, weight);
  }
  const goesOnAt = rollout.promoted || rollout.fast ? step : rollout.pausedSince + pause;
  if (step < goesOnAt) {
    memory.syncAt = Math.min(memory.syncAt, goesOnAt);
    return false;
  }
  rollout.promoted = false;
  rollout.pausedSince = -1;
  if (isStep(context, deployment) && !rollout.fast) rollout.step += 1;
  else promote(context, deployment);
  return true;
}

/** Whether the canary is at one of its steps, and not yet at the full promotion after the last. */
function isStep({ control, fleet }: PlatformContext, deployment: number): boolean {
  const { rollout } = fleet.deployments[deployment]!.spec;
  return rollout.strategy === 'canary' && control.deployments[deployment]!.rollout.step < rollout.steps.length;
}

function goalOf(
  rollout: PlatformContext['fleet']['deployments'][number]['spec']['rollout'],
  step: number,
): { readonly weight: number; readonly pause: number } {
  if (rollout.strategy === 'canary') return rollout.steps[step] ?? { weight: 1, pause: 0 };
  return { weight: 1, pause: rollout.strategy === 'blue-green' ? rollout.promoteAfter : 0 };
}

function setWeight({ control, platform }: PlatformContext, deployment: number, weight: number): void {
  platform.deployments[deployment]!.canaryWeight = weight;
  platform.generation += 1;
  control.deployments[deployment]!.needsCells = true;
}

/** All traffic goes to the new version, which is the stable one from now on. */
function promote(context: PlatformContext, deployment: number): void {
  const state = context.platform.deployments[deployment]!;
  state.stable = state.updated;
  context.control.deployments[deployment]!.rollout.switchedAt = context.step;
  setWeight(context, deployment, 0);
}
