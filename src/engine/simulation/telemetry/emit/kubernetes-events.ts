import type { EmitContext } from './emit-context.js';

/** The platform's events of the step; those of nodes belong to no namespace and are kept in `default`, as Kubernetes does. */
export function emitKubernetesEvents({ fleet, state, sink }: EmitContext): void {
  const { events } = state.platform;
  if (sink.event === undefined) return;
  for (const { time, type, reason, object, message, cluster } of events) {
    sink.event({
      time: fleet.scenario.start + time * 1000,
      type,
      reason,
      kind: object.kind,
      name: object.name,
      namespace: object.kind === 'Node' ? 'default' : fleet.scenario.telemetry.namespace,
      cluster: fleet.clusters[cluster]?.spec.name ?? '',
      message,
    });
  }
}
