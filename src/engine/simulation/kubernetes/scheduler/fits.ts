import type { ResourcesSpec } from '../../../scenario/component.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node } from '../platform-state.types.js';

/** Pods that a kubelet takes. Source: kubelet configuration, `maxPods`. */
export const MAX_PODS = 110;
/** Sums of requests are doubles; a billionth of a core is nobody's. */
const ROUNDING = 1e-9;

/** Reasons of the scheduler's filters, in its words. A pod can be refused for several resources at once. */
export function refusalsOf(
  { control, fleet }: PlatformContext,
  node: Node,
  { cpuRequest, memoryRequest }: ResourcesSpec,
): readonly string[] {
  if (node.unschedulable) return ['node(s) were unschedulable'];
  if (!node.ready) return ['node(s) had untolerated taint {node.kubernetes.io/not-ready: }'];
  if (node.diskPressure) return ['node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }'];
  const { cpu, memory } = fleet.clusters[node.cluster]!.pools[node.pool]!;
  const reasons: string[] = [];
  if (control.nodes[node.slot]!.pods >= MAX_PODS) reasons.push('Too many pods');
  if (node.requestedCpu + cpuRequest > cpu + ROUNDING) reasons.push('Insufficient cpu');
  if (node.requestedMemory + memoryRequest > memory + ROUNDING) reasons.push('Insufficient memory');
  return reasons;
}

/** As `refusalsOf`, without the words. */
export function fits({ control, fleet }: PlatformContext, node: Node, resources: ResourcesSpec): boolean {
  if (node.unschedulable || !node.ready || node.diskPressure) return false;
  const { cpu, memory } = fleet.clusters[node.cluster]!.pools[node.pool]!;
  return (
    control.nodes[node.slot]!.pods < MAX_PODS &&
    node.requestedCpu + resources.cpuRequest <= cpu + ROUNDING &&
    node.requestedMemory + resources.memoryRequest <= memory + ROUNDING
  );
}
