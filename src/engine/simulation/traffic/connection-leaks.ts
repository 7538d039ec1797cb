import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import { trafficPlanOf } from './traffic-plan.js';
import type { ConnectionLeak, TrafficState } from './traffic-state.types.js';

/**
 * Finds which pods leak: each has lost connections since the fault began or since it started, whichever is later, so
 * that a restart cures it for a while. When the fault ends all connections come back at once.
 */
export function findLeaks(fleet: Fleet, state: SimulationState, leaks: ConnectionLeak[]): void {
  leaks.length = 0;
  for (const { kind, target, spec, since } of state.timeline.active) {
    if (kind !== 'connection-leak') continue;
    for (const { index, name, cluster } of fleet.deployments) {
      if (name !== target.service) continue;
      if (target.cluster !== undefined && target.cluster !== fleet.clusters[cluster]!.spec.name) continue;
      const strength = { rate: spec.settings['rate']! * spec.intensity, since, ramp: spec.ramp };
      leaks.push({
        deployment: index,
        ...strength,
        ...countPods(state, index, target.version, strength, target.share),
      });
    }
  }
}

function countPods(
  { platform }: SimulationState,
  deployment: number,
  version: string | undefined,
  { since, ramp }: Pick<ConnectionLeak, 'since' | 'ramp'>,
  share = 1,
): Pick<ConnectionLeak, 'share' | 'missed'> {
  let pods = 0;
  let leaking = 0;
  let missed = 0;
  for (const pod of platform.pods) {
    if (pod === null || !pod.ready || pod.deployment !== deployment) continue;
    pods++;
    if (version !== undefined && platform.deployments[deployment]!.versions[pod.version]?.name !== version) continue;
    leaking++;
    missed += fullSeconds(pod.startedAt - since, ramp);
  }
  if (pods === 0) return { share: 0, missed: 0 };
  return { share: (share * leaking) / pods, missed: (share * missed) / pods };
}

/** Seconds at full strength that make up this many seconds of a fault that rises linearly over its ramp. */
function fullSeconds(elapsed: number, ramp: number): number {
  if (elapsed <= 0) return 0;
  return elapsed < ramp ? elapsed ** 2 / (2 * ramp) : elapsed - ramp / 2;
}

/** Writes what the leaks leave of the pools. */
export function stepLeaks(fleet: Fleet, state: SimulationState, traffic: TrafficState): void {
  const { leaks, leakedPerPod } = traffic;
  if (leaks.length === 0) return;
  leakedPerPod.fill(0);
  for (const { deployment, rate, since, ramp, share, missed } of leaks) {
    leakedPerPod[deployment]! += rate * (share * fullSeconds(state.step - since, ramp) - missed);
  }
  writePools(fleet, state, leakedPerPod);
}

/** Pools without what was lost of them; other parts of the pool go on. */
export function writePools(fleet: Fleet, { parameters }: SimulationState, leakedPerPod: Float64Array): void {
  trafficPlanOf(fleet).pools.forEach((pools, deployment) => {
    for (const { edge, size } of pools) parameters.edgePool[edge] = Math.max(0, size - leakedPerPod[deployment]!);
  });
}
