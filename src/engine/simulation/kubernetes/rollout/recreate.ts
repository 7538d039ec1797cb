import type { PlatformContext } from '../platform-context.types.js';
import { scaleReplicaSet } from './replica-sets.js';

/** Strategy Recreate: all old pods go, and only when the last is gone do new ones start. Whether anything changed. */
export function advanceRecreate(context: PlatformContext, deployment: number): boolean {
  const { control, platform } = context;
  const { replicas, updated } = platform.deployments[deployment]!;
  const memory = control.deployments[deployment]!;
  let changed = false;
  for (let version = 0; version < memory.replicaSets.length; version++) {
    if (version !== updated && scaleReplicaSet(context, deployment, version, 0)) changed = true;
  }
  const old = memory.pods.some((slot) => {
    const { phase, version } = platform.pods[slot]!;
    return version !== updated && phase !== 'Failed';
  });
  if (old || changed) return changed;
  return scaleReplicaSet(context, deployment, updated, replicas);
}
