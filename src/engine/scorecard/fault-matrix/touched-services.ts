import type { CallSpec } from '../../scenario/component.types.js';
import type { FaultTarget } from '../../scenario/fault.types.js';
import type { Scenario } from '../../scenario/scenario.types.js';

/** One component calls another, or hands it messages through a queue. */
export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
}

export function callEdges({ services }: Pick<Scenario, 'services'>): readonly CallEdge[] {
  const edges: CallEdge[] = [];
  const add = (caller: string, stages: readonly (readonly CallSpec[])[]): void => {
    for (const call of stages.flat()) {
      edges.push({ caller, callee: call.component });
      add(caller, call.onMiss);
    }
  };
  for (const { name, operations, consumes } of services) {
    for (const operation of operations) add(name, operation.stages);
    if (consumes) edges.push({ caller: consumes.queue, callee: name });
  }
  return edges;
}

/**
 * Services and stores on which a fault can show: the target, whoever calls it, directly or not, and whatever those call,
 * because a caller that waits or fails asks the others less, or more often. Null, that is anything, for faults of places
 * (nodes, zones, clusters) and of the load.
 */
export function touchedServices(scenario: Pick<Scenario, 'services'>, target: FaultTarget): readonly string[] | null {
  const named = [target.service, target.store, target.to?.service, target.to?.store].filter(
    (name) => name !== undefined,
  );
  if (named.length === 0) return null;
  const edges = callEdges(scenario);
  const above = reach(named, edges, ({ callee, caller }) => [callee, caller]);
  return reach(above, edges, ({ callee, caller }) => [caller, callee]).sort();
}

function reach(
  from: readonly string[],
  edges: readonly CallEdge[],
  direction: (edge: CallEdge) => readonly [from: string, to: string],
): string[] {
  const seen = new Set(from);
  for (const name of seen) {
    for (const edge of edges) {
      const [here, there] = direction(edge);
      if (here === name) seen.add(there);
    }
  }
  return [...seen];
}
