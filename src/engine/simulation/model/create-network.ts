import type { Flows } from './flows.types.js';
import type { Edge, Network, Operation, Station } from './network.types.js';
import { CELLS_PER_STATION, type CellTable, type NetworkParameters } from './parameters.types.js';

export interface NetworkParts {
  readonly stations: readonly Station[];
  readonly operations: readonly Operation[];
  readonly edges: readonly Edge[];
  /** Per edge: the operations that can answer it. */
  readonly targets: readonly (readonly number[])[];
  readonly entries: readonly number[];
  /** Seconds, ascending. */
  readonly durationBounds: readonly number[];
  /** Latencies, seconds, that `userBounds` must contain exactly. */
  readonly userLatencies?: readonly number[];
}

export function createNetwork(parts: NetworkParts): Network {
  const offset = new Int32Array(parts.edges.length + 1);
  parts.targets.forEach((targets, edge) => (offset[edge + 1] = offset[edge]! + targets.length));
  return {
    stations: parts.stations,
    operations: parts.operations,
    edges: parts.edges,
    entries: parts.entries,
    operationStride: Math.max(1, ...parts.stations.map(({ operations }) => operations.length)),
    routes: {
      offset,
      target: Int32Array.from(parts.targets.flat()),
      edge: Int32Array.from(parts.targets.flatMap((targets, edge) => targets.map(() => edge))),
    },
    durationBounds: Float64Array.from(parts.durationBounds),
    userBounds: userBounds(parts.userLatencies ?? []),
  };
}

/** Parameters under which nothing is wrong and no station has servers yet. */
export function createParameters(network: Network): NetworkParameters {
  const routes = network.routes.target.length;
  const edges = network.edges.length;
  return {
    cells: createCells(network.stations.length * CELLS_PER_STATION),
    routeWeight: new Float64Array(routes).fill(1),
    routeDelay: new Float64Array(routes),
    routeLoss: new Float64Array(routes),
    routeRefuse: new Float64Array(routes),
    edgeTimeout: new Float64Array(edges).fill(Infinity),
    edgeExtraRetries: new Float64Array(edges),
    edgeRetryShare: new Float64Array(edges).fill(1),
    edgeAdmit: new Float64Array(edges).fill(1),
    edgePool: new Float64Array(edges).fill(Infinity),
    hitRatio: new Float64Array(network.operations.length).fill(1),
    contention: new Float64Array(network.stations.length),
  };
}

export function createFlows(network: Network): Flows {
  const cells = network.stations.length * CELLS_PER_STATION;
  const rows = () => new Float64Array(cells * network.operationStride);
  const perCell = () => new Float64Array(cells);
  const perEdge = () => new Float64Array(network.edges.length);
  const perEntry = () => new Float64Array(network.entries.length);
  return {
    arrived: rows(),
    ok: rows(),
    failedOwn: rows(),
    failedDependency: rows(),
    failedTimeout: rows(),
    rejected: rows(),
    inFlight: rows(),
    durationSum: rows(),
    durationBuckets: new Float64Array(cells * network.operationStride * (network.durationBounds.length + 1)),
    cpuSeconds: perCell(),
    busyWorkers: perCell(),
    queued: perCell(),
    saturatedSeconds: perCell(),
    calls: perEdge(),
    attempts: perEdge(),
    attemptsFailed: perEdge(),
    attemptsTimedOut: perEdge(),
    shortCircuited: perEdge(),
    poolInUse: perEdge(),
    userOffered: perEntry(),
    userOk: perEntry(),
    userFailed: perEntry(),
    userWaiting: perEntry(),
    userBuckets: new Float64Array(network.entries.length * (network.userBounds.length + 1)),
    userDurationSum: perEntry(),
  };
}

function createCells(count: number): CellTable {
  const ones = () => new Float64Array(count).fill(1);
  return {
    servers: new Int32Array(count),
    killed: new Int32Array(count),
    epoch: new Int32Array(count),
    version: new Int32Array(count),
    workers: ones(),
    speed: ones(),
    slots: new Float64Array(count).fill(Infinity),
    queueLimit: new Float64Array(count).fill(Infinity),
    weight: ones(),
    errorRatio: new Float64Array(count),
    workFactor: ones(),
    shedRatio: new Float64Array(count),
  };
}

/** Twenty bounds a decade from 1 ms to 100 s (relative error of a quantile below 6 % without interpolation). */
function userBounds(latencies: readonly number[]): Float64Array {
  const grid = Array.from({ length: 101 }, (_, i) => Number((10 ** (i / 20 - 3)).toPrecision(6)));
  const exact = latencies.filter((latency) => Number.isFinite(latency) && latency > 0);
  return Float64Array.from(new Set([...grid, ...exact])).sort();
}
