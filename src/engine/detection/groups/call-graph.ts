import type { Labels } from '../../../kernel/time-series.js';
import { serviceOf, type ServiceName } from '../service/service-name.js';

/** Which service asks which, as far as labels tell. */
export interface CallGraph {
  /** By name of the caller: names of the services it calls. */
  readonly callees: Map<string, Set<string>>;
}

/** Labels by which clients name the service they call: meshes, OpenTelemetry, connection pools. */
const CALLEE_LABELS = [
  'peer',
  'peer_service',
  'destination_service_name',
  'destination_service',
  'destination_workload',
  'upstream_service',
  'target_service',
  'server_service_name',
  'pool',
] as const;
const MOST_CALLEES = 200;

export function createCallGraph(): CallGraph {
  return { callees: new Map() };
}

/** Learns from one series that a client measures. True where it told of a call. */
export function learnCalls(graph: CallGraph, labels: Labels): boolean {
  for (const label of CALLEE_LABELS) {
    const callee = labels[label];
    if (callee === undefined || callee === '') continue;
    const caller = serviceOf(labels);
    // `catalog.shop.svc.cluster.local` is `catalog` to everyone.
    const name = /^([^.]+)\.[^.]+\.svc(\.|$)/.exec(callee)?.[1] ?? callee;
    if (caller === null || caller.service === name) return false;
    const known = graph.callees.get(caller.service);
    if (known === undefined) graph.callees.set(caller.service, new Set([name]));
    else if (known.size < MOST_CALLEES) known.add(name);
    return true;
  }
  return false;
}

/** Whether one of the two calls the other. */
export function callsEachOther({ callees }: CallGraph, a: ServiceName, b: ServiceName): boolean {
  if (!sameOrUnknown(a.cluster, b.cluster)) return false;
  return (callees.get(a.service)?.has(b.service) ?? false) || (callees.get(b.service)?.has(a.service) ?? false);
}

/** The same service; a probe from outside does not know the cluster, and is taken at its word. */
export function isSameService(a: ServiceName, b: ServiceName): boolean {
  return a.service === b.service && sameOrUnknown(a.namespace, b.namespace) && sameOrUnknown(a.cluster, b.cluster);
}

function sameOrUnknown(a: string, b: string): boolean {
  return a === b || a === '' || b === '';
}
