import type { EpochMs } from '../../../../kernel/clock.js';
import type { Pod } from '../../kubernetes/platform-state.types.js';
import type { Fleet } from '../../model/fleet.types.js';
import type { SimulationState } from '../../simulation.types.js';
import type { LogRecord, TelemetrySink } from '../telemetry.types.js';

/** What writers of records work on. */
export interface EmitContext {
  readonly fleet: Fleet;
  readonly state: SimulationState;
  readonly seed: number;
  readonly sink: TelemetrySink;
  /** Event time of the end of the step. */
  readonly time: EpochMs;
}

export function emitContextOf(fleet: Fleet, state: SimulationState, seed: number, sink: TelemetrySink): EmitContext {
  return { fleet, state, seed, sink, time: fleet.scenario.start + (state.step + 1) * 1000 };
}

/** Labels of a pod's log lines, as log collectors set them. */
export function podLabels({ fleet, state }: EmitContext, pod: Pod): LogRecord['labels'] {
  const { name, cluster } = fleet.deployments[pod.deployment]!;
  return {
    namespace: fleet.scenario.telemetry.namespace,
    pod: pod.name,
    container: name,
    service: name,
    cluster: fleet.clusters[cluster]!.spec.name,
    node: state.platform.nodes[pod.node]?.name ?? '',
  };
}

/** Labels of the log lines of a store's instance. */
export function storeLabels({ fleet }: EmitContext, component: number, pod: string): LogRecord['labels'] {
  const { name, spec } = fleet.components[component]!;
  const cluster = 'cluster' in spec ? spec.cluster : '';
  return { namespace: fleet.scenario.telemetry.namespace, pod, container: name, service: name, cluster, node: '' };
}
