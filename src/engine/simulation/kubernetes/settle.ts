import { createAutoscaler } from './autoscaling/create-autoscaler.js';
import { addNode, poolSize } from './nodes/add-node.js';
import { templateHash } from './names.js';
import type { PlatformContext } from './platform-context.types.js';
import type { Pod } from './platform-state.types.js';
import { imageOf } from './pods/start-pod.js';
import { setReady, setStage } from './pods/stage.js';
import { scaleReplicaSet, syncReplicaSets } from './rollout/replica-sets.js';
import { schedulePending } from './scheduler/schedule.js';

const NO_EFFECTS = {
  errorRatio: 0,
  latencyFactor: 1,
  cpuFactor: 1,
  leakPerRequest: 0,
  crashAfter: 0,
  neverReady: false,
};

/**
 * The fleet as it stands at the start: nodes Ready, every initial replica Running and Ready. Replicas that do not fit
 * get nodes at once where there is a cluster autoscaler (it would have made them long ago); else they are Pending.
 */
export function settle(context: PlatformContext): void {
  const { control, fleet, plan, platform } = context;
  for (const { index, pools } of fleet.clusters) {
    for (const [pool, { nodes }] of pools.entries()) {
      for (let i = 0; i < nodes; i++) addNode(context, index, pool, 0);
    }
  }
  for (const { index, name, spec } of fleet.deployments) {
    const hash = templateHash(`${control.seed}/${name}/${spec.version}/0`);
    platform.deployments.push({
      replicas: spec.replicas,
      observedGeneration: 1,
      versions: [{ name: spec.version, hash, effects: NO_EFFECTS }],
      stable: 0,
      updated: 0,
      canaryWeight: 0,
      progressDeadlineExceeded: false,
      autoscalers: plan.deployments[index]!.autoscalers.map((each) => createAutoscaler(fleet, each, spec.replicas)),
    });
    const memory = control.deployments[index]!;
    memory.replicaSets.push({ replicas: 0, maxReplicas: 0 });
    memory.rollout.replicas = spec.replicas;
    scaleReplicaSet(context, index, 0, spec.replicas);
    syncReplicaSets(context, index);
    placeAll(context, index);
  }
  for (const pod of platform.pods) if (pod && pod.node >= 0) makeReady(context, pod);
  control.nextDue = Infinity;
  platform.events.length = 0;
  platform.generation = 1;
}

function placeAll(context: PlatformContext, deployment: number): void {
  const { control, fleet } = context;
  const { cluster, spec } = fleet.deployments[deployment]!;
  const { pools, spec: clusterSpec } = fleet.clusters[cluster]!;
  schedulePending(context);
  if (!clusterSpec.autoscaler) return;
  for (const [pool, { cpu, max, memory }] of pools.entries()) {
    if (cpu < spec.resources.cpuRequest || memory < spec.resources.memoryRequest) continue;
    while (control.pending.length > 0 && poolSize(context, cluster, pool) < max) {
      addNode(context, cluster, pool, 0);
      control.schedulable = true;
      schedulePending(context);
    }
  }
}

function makeReady(context: PlatformContext, pod: Pod): void {
  context.control.nodes[pod.node]!.images[imageOf(context, pod)] = 0;
  pod.phase = 'Running';
  pod.waiting = null;
  pod.startedAt = 0;
  setStage(context, pod, 'running', Infinity);
  setReady(context, pod, true);
}
