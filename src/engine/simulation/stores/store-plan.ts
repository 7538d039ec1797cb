import type { CacheSpec, DatabaseSpec, ExternalSpec, QueueSpec } from '../../scenario/component.types.js';
import type { Component, Fleet } from '../model/fleet.types.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { createRandom, nextUniform } from '../random/random.js';

/** Where the steps of stores find their numbers: indexes that are functions of the fleet alone. */
export interface StorePlan {
  readonly databases: readonly DatabasePlan[];
  readonly caches: readonly CachePlan[];
  readonly queues: readonly QueuePlan[];
  readonly externals: readonly ExternalPlan[];
}

export interface DatabasePlan {
  readonly component: number;
  readonly spec: DatabaseSpec;
  readonly meanWrite: number;
  readonly primary: number;
  /** Cell of the primary; of the replicas, or -1. */
  readonly primaryCell: number;
  readonly replicasCell: number;
  readonly readRow: number;
  readonly writeRow: number;
  readonly replicaReadRow: number;
  /** Zones that its instances may run in. */
  readonly zones: readonly number[];
  readonly pools: readonly PoolPlan[];
}

/** Connections of one edge: the caller's pods times what each of them holds. */
export interface PoolPlan {
  readonly edge: number;
  readonly size: number;
  readonly deployment: number;
  /** First cell of the caller's station. */
  readonly firstCell: number;
  readonly write: boolean;
}

export interface CachePlan {
  readonly component: number;
  readonly spec: CacheSpec;
  readonly operation: number;
  readonly cell: number;
  readonly row: number;
  readonly zones: readonly number[];
  /** Largest share of the keys that fits in its memory. */
  readonly room: number;
  /** Edges that fetch what was missing. */
  readonly fetches: readonly number[];
}

export interface QueuePlan {
  readonly component: number;
  readonly spec: QueueSpec;
  readonly cell: number;
  readonly row: number;
  readonly zones: readonly number[];
  /** Rows in which each consuming service finishes messages. */
  readonly consumers: readonly (readonly number[])[];
  /** Share of the messages that each partition gets. */
  readonly partitionShare: Float64Array;
}

export interface ExternalPlan {
  readonly component: number;
  readonly spec: ExternalSpec;
  readonly cell: number;
  readonly row: number;
  /** Zones of the region that it stands in; empty: nowhere that we know. */
  readonly zones: readonly number[];
}

type Store = Extract<Component, { kind: 'store' }>;

const plans = new WeakMap<Fleet, StorePlan>();

export function storePlanOf(fleet: Fleet): StorePlan {
  const known = plans.get(fleet);
  if (known !== undefined) return known;
  const plan = planStores(fleet);
  plans.set(fleet, plan);
  return plan;
}

function planStores(fleet: Fleet): StorePlan {
  const databases: DatabasePlan[] = [];
  const caches: CachePlan[] = [];
  const queues: QueuePlan[] = [];
  const externals: ExternalPlan[] = [];
  for (const component of fleet.components) {
    if (component.kind !== 'store') continue;
    const place = placeOf(fleet, component);
    switch (component.spec.kind) {
      case 'database':
        databases.push({ ...place, ...planDatabase(fleet, component), spec: component.spec });
        break;
      case 'cache':
        caches.push({ ...place, ...planCache(fleet, component, component.spec), spec: component.spec });
        break;
      case 'queue':
        queues.push({
          ...place,
          consumers: planConsumers(fleet, component.name),
          partitionShare: partitionShares(component.spec),
          spec: component.spec,
        });
        break;
      case 'external':
        externals.push({ ...place, spec: component.spec });
        break;
    }
  }
  return { databases, caches, queues, externals };
}

function placeOf({ network, roles, clusters, zones, regions }: Fleet, { index, stations, spec }: Store) {
  const cell = stations[0]! * CELLS_PER_STATION;
  const region = spec.kind === 'external' ? regions.findIndex(({ name }) => name === spec.region) : -1;
  const cluster = clusters[roles[stations[0]!]!.cluster];
  return {
    component: index,
    cell,
    row: cell * network.operationStride,
    zones: cluster?.zones ?? zones.filter((zone) => zone.region === region).map((zone) => zone.index),
  };
}

function planDatabase({ network, calls, roles, components }: Fleet, { index, stations }: Store) {
  const [primary, replicas = -1] = stations;
  const row = (station: number, name: string): number => {
    const operation = network.stations[station]!.operations.find((each) => network.operations[each]!.name === name)!;
    return station * CELLS_PER_STATION * network.operationStride + network.operations[operation]!.position;
  };
  const pools: PoolPlan[] = calls.flatMap((call, edge) => {
    if (call.callee !== index || call.caller < 0) return [];
    const station = network.operations[network.edges[edge]!.from]!.station;
    const role = roles[station]!;
    if (role.kind !== 'service' || components[role.component] === undefined) return [];
    const target = network.operations[network.routes.target[network.routes.offset[edge]!]!]!;
    const firstCell = station * CELLS_PER_STATION;
    return [{ edge, size: call.poolSize, deployment: role.deployment, firstCell, write: target.name === 'write' }];
  });
  const write = network.stations[primary!]!.operations.find((each) => network.operations[each]!.name === 'write')!;
  return {
    meanWrite: network.operations[write]!.work.mean,
    primary: primary!,
    primaryCell: primary! * CELLS_PER_STATION,
    replicasCell: replicas < 0 ? -1 : replicas * CELLS_PER_STATION,
    readRow: row(primary!, 'read'),
    writeRow: row(primary!, 'write'),
    replicaReadRow: replicas < 0 ? -1 : row(replicas, 'read'),
    pools: pools.filter(({ size }) => Number.isFinite(size)),
  };
}

function planCache({ network, calls }: Fleet, { index, stations }: Store, spec: CacheSpec) {
  const bytes = spec.keys * spec.bytesPerKey;
  return {
    operation: network.stations[stations[0]!]!.operations[0]!,
    room: bytes > spec.memory ? spec.memory / bytes : 1,
    fetches: network.edges.filter((edge) => calls[edge.index]!.callee === index).flatMap(({ onMiss }) => onMiss.flat()),
  };
}

function planConsumers({ network, components }: Fleet, queue: string): number[][] {
  return components.flatMap((component) => {
    if (component.kind !== 'service' || component.spec.consumes?.queue !== queue) return [];
    const { operation } = component.spec.consumes;
    const rows = component.stations.flatMap((station) => {
      const position = network.stations[station]!.operations.findIndex(
        (each) => network.operations[each]!.name === operation,
      );
      const cells = Array.from({ length: CELLS_PER_STATION }, (_, i) => station * CELLS_PER_STATION + i);
      return cells.map((cell) => cell * network.operationStride + position);
    });
    return [rows];
  });
}

/** Keys are never spread evenly: shares differ by up to a factor of three, always the same for a queue's name. */
function partitionShares({ name, partitions }: QueueSpec): Float64Array {
  const random = createRandom(0, `stores/partitions/${name}`);
  const weights = Float64Array.from({ length: partitions }, () => 0.5 + nextUniform(random));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
