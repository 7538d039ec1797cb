import type { PlatformContext } from '../platform-context.types.js';
import { boundsOf } from './bounds.js';
import { scaleReplicaSet, statusOf } from './replica-sets.js';

/**
 * One sync of a Deployment with strategy RollingUpdate: scales the new replica set up within the surge, else old ones
 * down within what must stay available. Whether anything changed.
 * Source: kubernetes pkg/controller/deployment/rolling.go.
 */
export function advanceRolling(context: PlatformContext, deployment: number): boolean {
  return scaleUpNew(context, deployment) || scaleDownOld(context, deployment);
}

function scaleUpNew(context: PlatformContext, deployment: number): boolean {
  const { control, fleet, platform } = context;
  const { replicas, updated } = platform.deployments[deployment]!;
  const { replicaSets } = control.deployments[deployment]!;
  const { maxSurge } = boundsOf(fleet.deployments[deployment]!.spec.rollout, replicas);
  const current = replicaSets[updated]!.replicas;
  if (current === replicas) return false;
  const limit = replicas + maxSurge;
  if (current > replicas) return scaleReplicaSet(context, deployment, updated, replicas, limit);
  const total = replicaSets.reduce((sum, each) => sum + each.replicas, 0);
  if (total >= limit) return false;
  const count = Math.min(limit - total, replicas - current);
  return scaleReplicaSet(context, deployment, updated, current + count, limit);
}

function scaleDownOld(context: PlatformContext, deployment: number): boolean {
  const { control, fleet, platform } = context;
  const { replicas, updated } = platform.deployments[deployment]!;
  const { replicaSets } = control.deployments[deployment]!;
  const total = replicaSets.reduce((sum, each) => sum + each.replicas, 0);
  const fresh = replicaSets[updated]!.replicas;
  if (total === fresh) return false;
  const { maxSurge, maxUnavailable } = boundsOf(fleet.deployments[deployment]!.spec.rollout, replicas);
  const limit = replicas + maxSurge;
  const statuses = statusOf(context, deployment);
  const minAvailable = replicas - maxUnavailable;
  const maxScaledDown = total - minAvailable - (fresh - statuses[updated]!.available);
  if (maxScaledDown <= 0) return false;

  let changed = false;
  const shrink = (version: number, count: number): void => {
    const { replicas: size } = replicaSets[version]!;
    if (scaleReplicaSet(context, deployment, version, size - count, limit)) changed = true;
  };
  // Unhealthy old pods first: they would block the rollout and are missed by nobody.
  let unhealthy = maxScaledDown;
  for (const [version, { replicas: size }] of replicaSets.entries()) {
    if (version === updated || size === 0 || unhealthy <= 0) continue;
    const count = Math.min(unhealthy, Math.max(0, size - statuses[version]!.available));
    shrink(version, count);
    unhealthy -= count;
  }
  let surplus = statuses.reduce((sum, { available }) => sum + available, 0) - minAvailable;
  for (const [version, { replicas: size }] of replicaSets.entries()) {
    if (version === updated || size === 0 || surplus <= 0) continue;
    const count = Math.min(size, surplus);
    shrink(version, count);
    surplus -= count;
  }
  return changed;
}
