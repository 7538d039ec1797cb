import type { ObservedPod, ObservedScale, PodResourceMetrics } from '../../../scaling/hpa/hpa-observation.types.js';
import { toMilliValue } from '../../../scaling/quantity/quantity.js';
import { podCpu, podMemory } from '../nodes/usage.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { isActive } from '../rollout/replica-sets.js';

/** Seconds between two scrapes of metrics-server (`--metric-resolution`), and the window of what it serves. */
export const METRIC_RESOLUTION = 15;

export interface ObservedWorkload {
  readonly scale: ObservedScale;
  readonly pods: readonly ObservedPod[];
  readonly resourceMetrics: readonly PodResourceMetrics[];
}

/** What the autoscaling controller sees of a Deployment: its scale, its pods and what metrics-server measured of them. */
export function observeWorkload(context: PlatformContext, deployment: number): ObservedWorkload {
  const { control, fleet, platform } = context;
  const { name, spec } = fleet.deployments[deployment]!;
  const { cpuRequest, memoryRequest } = spec.resources;
  const requests = { cpu: toMilliValue(cpuRequest), memory: toMilliValue(memoryRequest) };
  const containers = [{ name, requests }];
  const pods: ObservedPod[] = [];
  const resourceMetrics: PodResourceMetrics[] = [];
  let active = 0;
  for (const slot of control.deployments[deployment]!.pods) {
    const pod = platform.pods[slot]!;
    if (isActive(pod)) active += 1;
    pods.push(observePod(context, pod, containers));
    if (isMeasured(context, pod)) resourceMetrics.push(measure(context, pod, name));
  }
  const scale = { specReplicas: platform.deployments[deployment]!.replicas, statusReplicas: active };
  return { scale, pods, resourceMetrics };
}

export function epochMs({ fleet }: PlatformContext, step: number): number {
  return fleet.scenario.start + step * 1000;
}

function observePod(context: PlatformContext, pod: Pod, containers: ObservedPod['containers']): ObservedPod {
  const scheduled = pod.scheduledAt >= 0;
  const since = pod.readySince >= 0 ? pod.readySince : pod.scheduledAt;
  return {
    name: pod.name,
    phase: pod.phase,
    deletionTimestamp: pod.deletedAt >= 0 ? epochMs(context, pod.deletedAt) : null,
    startTime: scheduled ? epochMs(context, pod.scheduledAt) : null,
    ready: scheduled ? { status: pod.ready ? 'True' : 'False', lastTransitionTime: epochMs(context, since) } : null,
    containers,
  };
}

/** Its container ran through the whole window, on a node that answers. */
function isMeasured({ control }: PlatformContext, pod: Pod): boolean {
  const { stage } = control.pods[pod.slot]!;
  const from = control.usage.measuredAt - METRIC_RESOLUTION;
  return (stage === 'running' || stage === 'starting') && from >= 0 && pod.startedAt <= from;
}

function measure(context: PlatformContext, pod: Pod, container: string): PodResourceMetrics {
  const { usage } = context.control;
  const cpu = toMilliValue(podCpu(context, pod, usage));
  const memory = toMilliValue(Math.round(podMemory(context, pod, usage)));
  return {
    pod: pod.name,
    timestamp: epochMs(context, usage.measuredAt),
    windowMs: METRIC_RESOLUTION * 1000,
    containers: [{ name: container, usage: { cpu, memory } }],
  };
}
