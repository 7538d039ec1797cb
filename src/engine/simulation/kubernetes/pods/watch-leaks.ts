import type { PlatformContext } from '../platform-context.types.js';

/** Notes whether any pod of a deployment leaks, so that the others cost nothing. */
export function watchLeaks({ control, platform }: PlatformContext, deployment: number): void {
  const { versions } = platform.deployments[deployment]!;
  const memory = control.deployments[deployment]!;
  memory.leaking = memory.pods.some(
    (slot) =>
      control.pods[slot]!.effects.leak > 0 || versions[platform.pods[slot]!.version]!.effects.leakPerRequest > 0,
  );
}
