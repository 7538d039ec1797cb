import type { ObservedPod, ObservedScale, PodResourceMetrics } from '../../../scaling/hpa/hpa-observation.types.js';
import { toMilliValue } from '../../../scaling/quantity/quantity.js';
import { podCpu, podMemory } from '../nodes/usage.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { AutoscalerPlan } from '../platform-plan.js';
import type { Pod, PlatformState } from '../platform-state.types.js';
import { isActive } from '../rollout/replica-sets.js';

/** Seconds between two scrapes of metrics-server (`--metric-resolution`), and the window of what it serves. */
export const METRIC_RESOLUTION = 15;

export interface ObservedWorkload {
  readonly scale: ObservedScale;
  readonly pods: readonly ObservedPod[];
  readonly resourceMetrics: readonly PodResourceMetrics[];
}

/** What the API server says of the pods of a Deployment. */
interface ObservedPods {
  readonly pods: readonly ObservedPod[];
  readonly active: number;
}

/** By platform: for as long as nothing of its pods changes. */
const OBSERVED = new WeakMap<
  PlatformState,
  { readonly generation: number; readonly byDeployment: (ObservedPods | undefined)[] }
>();

/**
 * What the autoscaling controller sees of a Deployment: its scale, its pods and what metrics-server measured of them,
 * as far as the autoscaler asks for it.
 */
export function observeWorkload(
  context: PlatformContext,
  deployment: number,
  { resources }: Pick<AutoscalerPlan, 'resources'>,
): ObservedWorkload {
  const { active, pods } = observePods(context, deployment);
  const scale = { specReplicas: context.platform.deployments[deployment]!.replicas, statusReplicas: active };
  return { scale, pods, resourceMetrics: measurePods(context, deployment, resources) };
}

export function epochMs({ fleet }: PlatformContext, step: number): number {
  return fleet.scenario.start + step * 1000;
}

function observePods(context: PlatformContext, deployment: number): ObservedPods {
  const { control, fleet, platform } = context;
  let known = OBSERVED.get(platform);
  if (known?.generation !== platform.generation) {
    known = { generation: platform.generation, byDeployment: [] };
    OBSERVED.set(platform, known);
  }
  const before = known.byDeployment[deployment];
  if (before) return before;
  const { name, spec } = fleet.deployments[deployment]!;
  const { cpuRequest, memoryRequest } = spec.resources;
  const requests = { cpu: toMilliValue(cpuRequest), memory: toMilliValue(memoryRequest) };
  const containers = [{ name, requests }];
  let active = 0;
  const pods = control.deployments[deployment]!.pods.map((slot) => {
    const pod = platform.pods[slot]!;
    if (isActive(pod)) active += 1;
    return observePod(context, pod, containers);
  });
  const observed = { pods, active };
  known.byDeployment[deployment] = observed;
  return observed;
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

function measurePods(
  context: PlatformContext,
  deployment: number,
  resources: ReadonlySet<string>,
): PodResourceMetrics[] {
  const { control, fleet, platform } = context;
  const { name } = fleet.deployments[deployment]!;
  const { usage } = control;
  const timestamp = epochMs(context, usage.measuredAt);
  const windowMs = METRIC_RESOLUTION * 1000;
  const withMemory = resources.has('memory');
  const measured: PodResourceMetrics[] = [];
  let last: Pod | null = null;
  let containers: PodResourceMetrics['containers'] = [];
  for (const slot of control.deployments[deployment]!.pods) {
    const pod = platform.pods[slot]!;
    if (!isMeasured(context, pod)) continue;
    // Pods of a cell use the same CPU, so that the answer for one is that for the next; memory is each one's own.
    if (withMemory || last === null || !usesAlike(last, pod)) {
      const cpu = toMilliValue(podCpu(context, pod, usage));
      const memory = withMemory ? toMilliValue(Math.round(podMemory(context, pod, usage))) : 0;
      containers = [{ name, usage: withMemory ? { cpu, memory } : { cpu } }];
    }
    last = pod;
    measured.push({ pod: pod.name, timestamp, windowMs, containers });
  }
  return measured;
}

/** Its container ran through the whole window, on a node that answers. */
function isMeasured({ control }: PlatformContext, pod: Pod): boolean {
  const { stage } = control.pods[pod.slot]!;
  const from = control.usage.measuredAt - METRIC_RESOLUTION;
  return (stage === 'running' || stage === 'starting') && from >= 0 && pod.startedAt <= from;
}

function usesAlike(a: Pod, b: Pod): boolean {
  return a.cell === b.cell && a.version === b.version && a.stressCpu === b.stressCpu;
}
