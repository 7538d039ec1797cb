import type { ResourcesSpec } from '../../../scenario/component.types.js';
import { AUTOSCALERS, DEPLOYMENTS, PODS, REPLICA_SETS } from '../families/kube-state.js';
import type { FamilyDescriptor } from '../telemetry.types.js';
import { buildBlock, type BlockBuilder, type BlockTemplate } from './block-template.js';

const TARGET = 'kube-state-metrics';

export const POD_PHASES = ['Pending', 'Succeeded', 'Failed', 'Unknown', 'Running'] as const;
export const CONDITION_STATES = ['true', 'false', 'unknown'] as const;
export const WAITING_REASONS = ['ContainerCreating', 'ErrImagePull', 'ImagePullBackOff', 'CrashLoopBackOff'] as const;
export const TERMINATION_REASONS = ['OOMKilled', 'Error', 'Completed'] as const;
export const DEPLOYMENT_CONDITIONS = ['Available', 'Progressing'] as const;
export const HPA_CONDITIONS = ['AbleToScale', 'ScalingActive', 'ScalingLimited'] as const;

export interface PodStateOffsets {
  readonly owner: number;
  readonly labels: number;
  readonly created: number;
  readonly startTime: number;
  readonly phase: number;
  readonly ready: number;
  readonly scheduled: number;
  readonly unschedulable: number;
  readonly containerReady: number;
  readonly running: number;
  readonly restarts: number;
  readonly waiting: number;
  readonly lastTerminated: number;
}

/** What is known of a pod from its creation on, wherever it runs. */
export function podStateBlock(container: string): { readonly block: BlockTemplate; readonly offsets: PodStateOffsets } {
  const { series, add } = buildBlock();
  const each = (family: (typeof PODS)[keyof typeof PODS], label: string, values: readonly string[], more = {}) =>
    values.map((value) => add(TARGET, family, { ...more, [label]: value }))[0]!;
  const offsets: PodStateOffsets = {
    owner: add('kube-owner', PODS.owner),
    labels: add('kube-labels', PODS.labels),
    created: add(TARGET, PODS.created),
    startTime: add(TARGET, PODS.startTime),
    phase: each(PODS.phase, 'phase', POD_PHASES),
    ready: each(PODS.ready, 'condition', CONDITION_STATES),
    scheduled: each(PODS.scheduled, 'condition', CONDITION_STATES),
    unschedulable: add(TARGET, PODS.unschedulable),
    containerReady: add(TARGET, PODS.containerReady, { container }),
    running: add(TARGET, PODS.running, { container }),
    restarts: add(TARGET, PODS.restarts, { container }),
    waiting: each(PODS.waiting, 'reason', WAITING_REASONS, { container }),
    lastTerminated: each(PODS.lastTerminated, 'reason', TERMINATION_REASONS, { container }),
  };
  return { block: series, offsets };
}

/** What carries the label `node`: known only when the pod is scheduled. Offset of the first; all but limits are there. */
export function addPlacement(block: BlockBuilder, container: string, resources: ResourcesSpec): number {
  const first = block.add('kube-info', PODS.info);
  const add = (family: typeof PODS.requests, resource: string, unit: string) =>
    block.add(TARGET, family, { container, resource, unit });
  add(PODS.requests, 'cpu', 'core');
  add(PODS.requests, 'memory', 'byte');
  if (Number.isFinite(resources.cpuLimit)) add(PODS.limits, 'cpu', 'core');
  if (Number.isFinite(resources.memoryLimit)) add(PODS.limits, 'memory', 'byte');
  return first;
}

/** Replicas, generations and creation, then 2 x 3 conditions. */
export const DEPLOYMENT_BLOCK: BlockTemplate = [
  ...templateOf(Object.values(DEPLOYMENTS).filter((family) => family !== DEPLOYMENTS.condition)),
  ...conditionsOf(DEPLOYMENTS.condition, DEPLOYMENT_CONDITIONS),
];
export const REPLICA_SET_BLOCK: BlockTemplate = [
  ...templateOf([REPLICA_SETS.replicas, REPLICA_SETS.statusReplicas, REPLICA_SETS.ready]),
  { family: REPLICA_SETS.owner, suffix: '', target: 'kube-owner', labels: {} },
];

function templateOf(families: readonly (typeof DEPLOYMENTS)['replicas'][]): BlockTemplate {
  return families.map((family) => ({ family, suffix: '', target: TARGET, labels: {} }));
}

/** Information, bounds, replicas, then 3 x 3 conditions. */
export const HPA_BLOCK: BlockTemplate = [
  { family: AUTOSCALERS.info, suffix: '', target: 'kube-info', labels: {} },
  ...templateOf([AUTOSCALERS.min, AUTOSCALERS.max, AUTOSCALERS.current, AUTOSCALERS.desired]),
  ...conditionsOf(AUTOSCALERS.condition, HPA_CONDITIONS),
];

/** By condition, then state. */
function conditionsOf(family: FamilyDescriptor, conditions: readonly string[]): BlockTemplate {
  return conditions.flatMap((condition) =>
    CONDITION_STATES.map((status) => ({ family, suffix: '', target: TARGET, labels: { condition, status } }) as const),
  );
}

/** Target and value of each metric of an autoscaler. */
export function hpaMetricsBlock(metrics: readonly { readonly name: string; readonly unit: string }[]): BlockTemplate {
  const { series, add } = buildBlock();
  for (const { name, unit } of metrics)
    for (const family of [AUTOSCALERS.target, AUTOSCALERS.value])
      add(TARGET, family, { metric_name: name, metric_target_type: unit });
  return series;
}
