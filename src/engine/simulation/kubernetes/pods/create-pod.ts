import { emit } from '../events.js';
import { nameSuffix, randomUid } from '../names.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { probePhase } from './readiness.js';
import { replicaSetName } from '../rollout/replica-set-name.js';

/** A pod as its replica set makes it: Pending, without a node. */
export function createPod(context: PlatformContext, deployment: number, version: number): Pod {
  const { control, fleet, platform, step } = context;
  const { cluster } = fleet.deployments[deployment]!;
  const slot = control.freePods.pop() ?? platform.pods.length;
  const replicaSet = replicaSetName(context, deployment, version);
  const pod: Pod = {
    slot,
    name: `${replicaSet}-${nameSuffix(control.names)}`,
    uid: randomUid(control.names),
    deployment,
    version,
    node: -1,
    phase: 'Pending',
    waiting: null,
    unschedulable: null,
    createdAt: step,
    scheduledAt: -1,
    startedAt: -1,
    ready: false,
    readySince: -1,
    deletedAt: -1,
    restarts: 0,
    lastTermination: null,
    dueAt: Infinity,
    leaked: 0,
    stressCpu: 0,
    cell: -1,
    lostAt: -1,
    instance: `10.${16 + cluster}.${(slot >> 8) & 255}.${slot & 255}:8080`,
  };
  platform.pods[slot] = pod;
  control.pods[slot] = {
    stage: 'pending',
    stageDueAt: Infinity,
    crashAt: Infinity,
    pulling: false,
    backOff: 0,
    backOffAt: step,
    hopeless: false,
    cores: Infinity,
    probePhase: probePhase(pod, fleet.deployments[deployment]!.spec.readiness?.period ?? 1),
    probesFailed: 0,
    probesPassed: 0,
    answersAt: -1,
    effects: { errorRatio: 0, stress: 0, stuck: false, leak: 0, crashAfter: Infinity, crashSince: 0 },
  };
  control.deployments[deployment]!.pods.push(slot);
  control.pending.push(slot);
  control.schedulable = true;
  platform.generation += 1;
  const object = { kind: 'ReplicaSet', name: replicaSet } as const;
  emit(context, 'Normal', 'SuccessfulCreate', object, cluster, `Created pod: ${pod.name}`);
  return pod;
}
