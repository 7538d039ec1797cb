import type { PlatformContext } from '../platform-context.types.js';

/** `checkout-7d4b9c6f5`: deployment and pod template hash. */
export function replicaSetName({ fleet, platform }: PlatformContext, deployment: number, version: number): string {
  return `${fleet.deployments[deployment]!.name}-${platform.deployments[deployment]!.versions[version]!.hash}`;
}
