import type { PlatformContext } from '../platform-context.types.js';
import { boundsOf } from './bounds.js';
import { scaleReplicaSet } from './replica-sets.js';

/**
 * Scaling in the middle of a rolling update: every replica set gets its share of the difference, by size; the largest
 * gets what rounding leaves. A deployment with one active replica set scales that one.
 * Source: kubernetes pkg/controller/deployment/sync.go, scale; util, GetReplicaSetProportion.
 */
export function scaleProportionally(context: PlatformContext, deployment: number): void {
  const { control, fleet, platform } = context;
  const { replicas, updated } = platform.deployments[deployment]!;
  const { replicaSets } = control.deployments[deployment]!;
  const { maxSurge } = boundsOf(fleet.deployments[deployment]!.spec.rollout, replicas);
  const limit = replicas > 0 ? replicas + maxSurge : 0;
  const active = replicaSets.flatMap((each, version) => (each.replicas > 0 ? [{ ...each, version }] : []));
  if (active.length < 2) {
    scaleReplicaSet(context, deployment, active[0]?.version ?? updated, replicas, replicas + maxSurge);
    return;
  }
  const total = active.reduce((sum, each) => sum + each.replicas, 0);
  const toAdd = limit - total;
  const newerFirst = toAdd > 0 ? 1 : -1;
  active.sort((a, b) => b.replicas - a.replicas || newerFirst * (b.version - a.version));
  let added = 0;
  const sizes = active.map(({ maxReplicas, replicas: size }) => {
    if (toAdd === added) return size;
    const fraction = replicas === 0 ? -size : Math.round((size * limit) / Math.max(1, maxReplicas)) - size;
    const share = toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
    added += share;
    return size + share;
  });
  sizes[0] = Math.max(0, sizes[0]! + toAdd - added);
  for (const [i, { version }] of active.entries()) scaleReplicaSet(context, deployment, version, sizes[i]!, limit);
}
