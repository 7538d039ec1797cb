import type { DistributionSpec, OperationSpec, StoreSpec } from '../../scenario/component.types.js';
import type { Scenario } from '../../scenario/scenario.types.js';
import { indexOfName } from './compile-places.js';
import { compileWork } from './compile-work.js';
import type { Cluster, Component, Deployment, StationRole } from './fleet.types.js';
import type { Operation, Station } from './network.types.js';

/** Where things stand before anything calls anything. `stages` of the operations are still empty. */
export interface StationPlan {
  readonly stations: Station[];
  readonly roles: StationRole[];
  readonly components: Component[];
  readonly deployments: Deployment[];
  readonly operations: Operation[];
  /** Per operation: what a service's operation does; null for those of stores. */
  readonly specs: (OperationSpec | null)[];
}

interface OperationPlan {
  readonly name: string;
  readonly work: DistributionSpec;
  readonly cpu: number;
  readonly errorRatio: number;
  readonly contends: boolean;
  readonly spec: OperationSpec | null;
}

/** Services first, in order and cluster by cluster, then stores. */
export function planStations(scenario: Scenario, clusters: readonly Cluster[]): StationPlan {
  const plan: StationPlan = { stations: [], roles: [], components: [], deployments: [], operations: [], specs: [] };
  for (const spec of scenario.services) {
    const component = plan.components.length;
    const stations = spec.clusters.map((name) => {
      const cluster = indexOfName(
        clusters.map((each) => each.spec),
        name,
        'cluster',
      );
      const deployment = plan.deployments.length;
      const role: StationRole = { kind: 'service', component, cluster, deployment };
      const station = addStation(plan, `${spec.name}@${name}`, role, {
        kind: 'servers',
        dispatch: spec.consumes === null ? 'random' : 'shared',
        operations: spec.operations.map((operation) => ({ ...operation, contends: false, spec: operation })),
      });
      plan.deployments.push({ index: deployment, name: spec.name, component, cluster, station, spec });
      return station;
    });
    plan.components.push({ index: component, kind: 'service', name: spec.name, spec, stations });
  }
  for (const spec of scenario.stores) {
    const component = plan.components.length;
    const stations = planStore(plan, spec, component, clusters);
    plan.components.push({ index: component, kind: 'store', name: spec.name, spec, stations });
  }
  return plan;
}

/** Stations of a store: of a database the primary, then (where it has any) the replicas. */
function planStore(plan: StationPlan, spec: StoreSpec, component: number, clusters: readonly Cluster[]): number[] {
  if (spec.kind === 'external') {
    const role = { kind: 'external', component, cluster: -1 } as const;
    return [addStation(plan, spec.name, role, delayed(storeOperation('call', spec.latency, { cpu: false })))];
  }
  const specs = clusters.map((each) => each.spec);
  const place = { component, cluster: indexOfName(specs, spec.cluster, 'cluster') };
  switch (spec.kind) {
    case 'database': {
      const read = storeOperation('read', spec.read);
      const write = { ...storeOperation('write', spec.write), contends: true };
      const primary = addStation(
        plan,
        `${spec.name}.primary`,
        { kind: 'database-primary', ...place },
        serving([read, write]),
      );
      if (spec.replicas === 0) return [primary];
      return [
        primary,
        addStation(plan, `${spec.name}.replicas`, { kind: 'database-replicas', ...place }, serving([read])),
      ];
    }
    case 'cache':
      return [addStation(plan, spec.name, { kind: 'cache', ...place }, serving([storeOperation('get', spec.latency)]))];
    case 'queue': {
      const publish = storeOperation('publish', spec.latency, { cpu: false });
      return [addStation(plan, spec.name, { kind: 'queue', ...place }, delayed(publish))];
    }
  }
}

function serving(operations: readonly OperationPlan[]) {
  return { kind: 'servers', dispatch: 'random', operations } as const;
}

function delayed(operation: OperationPlan) {
  return { kind: 'delay', dispatch: 'random', operations: [operation] } as const;
}

/** Work of a store is work of its CPU, except where the time is spent elsewhere (brokers' disks, other people's). */
function storeOperation(name: string, work: DistributionSpec, { cpu } = { cpu: true }): OperationPlan {
  return { name, work, cpu: cpu ? compileWork(work).mean : 0, errorRatio: 0, contends: false, spec: null };
}

function addStation(
  plan: StationPlan,
  name: string,
  role: StationRole,
  shape: Pick<Station, 'kind' | 'dispatch'> & { readonly operations: readonly OperationPlan[] },
): number {
  const index = plan.stations.length;
  const operations = shape.operations.map((each, position) => {
    const operation = plan.operations.length;
    plan.operations.push({
      index: operation,
      station: index,
      position,
      name: each.name,
      work: compileWork(each.work),
      cpuSeconds: each.cpu,
      errorRatio: each.errorRatio,
      contends: each.contends,
      stages: [],
    });
    plan.specs.push(each.spec);
    return operation;
  });
  plan.stations.push({ index, name, kind: shape.kind, dispatch: shape.dispatch, operations });
  plan.roles.push(role);
  return index;
}
