import type { Change } from '../../../scenario/scenario.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import { abortRollout, deployVersion, restartDeployment, rollBack } from './versions.js';

/** What people and pipelines can ask of a Deployment. */
export function applyToDeployment(
  context: PlatformContext,
  deployment: number,
  change: Extract<Change, { service: string }>,
): void {
  switch (change.kind) {
    case 'deploy':
      deployVersion(context, deployment, change.version, change.effects);
      return;
    case 'rollback':
      rollBack(context, deployment, change.from);
      return;
    case 'restart':
      restartDeployment(context, deployment);
      return;
    case 'scale':
      setReplicas(context, deployment, change.replicas);
      return;
    case 'promote':
      promoteRollout(context, deployment);
      return;
    case 'abort':
      abortRollout(context, deployment);
      return;
  }
}

/** Writes the scale subresource. */
export function setReplicas({ control, platform }: PlatformContext, deployment: number, replicas: number): void {
  const state = platform.deployments[deployment]!;
  if (state.replicas === replicas) return;
  state.replicas = replicas;
  state.observedGeneration += 1;
  control.deployments[deployment]!.needsSync = true;
  platform.generation += 1;
}

/** Ends the pause of a canary's step, or switches blue-green as soon as the new version is ready. */
function promoteRollout({ control, platform, plan }: PlatformContext, deployment: number): void {
  const { stable, updated } = platform.deployments[deployment]!;
  if (stable === updated || !plan.deployments[deployment]!.progressive) return;
  control.deployments[deployment]!.rollout.promoted = true;
  control.deployments[deployment]!.needsSync = true;
}
