import type { PlatformContext } from '../platform-context.types.js';
import { scaleDownNodes } from './scale-down-nodes.js';
import { scaleUpNodes } from './scale-up-nodes.js';

/** Lets the cluster autoscalers look, each at its interval. Source: kubernetes/autoscaler cluster-autoscaler FAQ. */
export function runClusterAutoscalers(context: PlatformContext): void {
  const { control, fleet, step } = context;
  for (let cluster = 0; cluster < fleet.clusters.length; cluster++) {
    const { autoscaler } = fleet.clusters[cluster]!.spec;
    const memory = control.clusters[cluster]!;
    if (!autoscaler || step < memory.nextScan) continue;
    memory.nextScan = step + Math.max(1, Math.round(autoscaler.scanInterval));
    if (!scaleUpNodes(context, cluster)) scaleDownNodes(context, cluster, autoscaler);
  }
}
