import type { PlatformContext } from '../platform-context.types.js';
import { watchLeaks } from '../pods/watch-leaks.js';
import { advanceProgressive } from './progressive.js';
import { scaleProportionally } from './proportional.js';
import { advanceRecreate } from './recreate.js';
import { statusOf, syncReplicaSets } from './replica-sets.js';
import { advanceRolling } from './rolling.js';

/** `progressDeadlineSeconds` of a Deployment. */
const PROGRESS_DEADLINE = 600;
/** A sync converges in a few rounds; the bound is only against a mistake. */
const MAX_ROUNDS = 32;

/** Syncs the deployments that something happened to, or whose time has come. */
export function reconcileDeployments(context: PlatformContext): void {
  const { control, step } = context;
  const due = control.nextSync <= step;
  let next = Infinity;
  for (let deployment = 0; deployment < control.deployments.length; deployment++) {
    const memory = control.deployments[deployment]!;
    if (memory.needsSync || (due && memory.syncAt <= step)) reconcile(context, deployment);
    if (memory.syncAt < next) next = memory.syncAt;
  }
  control.nextSync = next;
}

function reconcile(context: PlatformContext, deployment: number): void {
  const { control, fleet, platform } = context;
  const memory = control.deployments[deployment]!;
  const { replicas } = platform.deployments[deployment]!;
  const { strategy } = fleet.deployments[deployment]!.spec.rollout;
  memory.syncAt = Infinity;
  if (strategy === 'rolling' && memory.rollout.replicas !== replicas) scaleProportionally(context, deployment);
  memory.rollout.replicas = replicas;
  syncReplicaSets(context, deployment);
  for (let round = 0; round < MAX_ROUNDS && advance(context, deployment, strategy); round++) {
    syncReplicaSets(context, deployment);
  }
  watchProgress(context, deployment);
  watchLeaks(context, deployment);
  memory.needsSync = false;
}

function advance(context: PlatformContext, deployment: number, strategy: string): boolean {
  if (strategy === 'rolling') return advanceRolling(context, deployment);
  return strategy === 'recreate' ? advanceRecreate(context, deployment) : advanceProgressive(context, deployment);
}

/**
 * Ends a rollout whose new pods are all there and available and whose old ones are gone, and notices one that stands
 * still. Source: kubernetes pkg/controller/deployment/progress.go; util, DeploymentComplete.
 */
function watchProgress(context: PlatformContext, deployment: number): void {
  const { control, plan, platform, step } = context;
  const state = platform.deployments[deployment]!;
  const memory = control.deployments[deployment]!;
  const { rollout } = memory;
  if (state.stable === state.updated) {
    state.progressDeadlineExceeded = false;
    return;
  }
  const statuses = statusOf(context, deployment);
  const fresh = statuses[state.updated]!;
  const old = statuses.reduce((sum, { active }) => sum + active, 0) - fresh.active;
  if (!plan.deployments[deployment]!.progressive && old === 0 && fresh.available >= state.replicas) {
    state.stable = state.updated;
    state.progressDeadlineExceeded = false;
    platform.generation += 1;
    return;
  }
  const progress = fresh.available - old;
  if (progress !== rollout.progress || rollout.pausedSince >= 0) rollout.progressAt = step;
  rollout.progress = progress;
  const late = step - rollout.progressAt >= PROGRESS_DEADLINE;
  if (late !== (state.progressDeadlineExceeded ?? false)) platform.generation += 1;
  state.progressDeadlineExceeded = late;
  if (!late) memory.syncAt = Math.min(memory.syncAt, rollout.progressAt + PROGRESS_DEADLINE);
}
