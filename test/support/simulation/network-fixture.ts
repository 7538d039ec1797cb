import { createFlows, createNetwork, createParameters } from '../../../src/engine/simulation/model/create-network.js';
import type { Flows } from '../../../src/engine/simulation/model/flows.types.js';
import type {
  Edge,
  Network,
  Operation,
  Station,
  WorkDistribution,
} from '../../../src/engine/simulation/model/network.types.js';
import { CELLS_PER_STATION, type NetworkParameters } from '../../../src/engine/simulation/model/parameters.types.js';

/** A network written by hand for a test. What is left out is neutral: one server, one worker, no limits, no errors. */
export interface NetworkFixture {
  readonly stations: Readonly<Record<string, StationFixture>>;
  /** By name of the entry. */
  readonly entries: Readonly<Record<string, CallFixture>>;
  readonly durationBounds?: readonly number[];
  readonly userLatencies?: readonly number[];
}

export interface StationFixture {
  readonly kind?: Station['kind'];
  readonly dispatch?: Station['dispatch'];
  /** Of its first cell. */
  readonly servers?: number;
  readonly workers?: number;
  readonly speed?: number;
  readonly slots?: number;
  readonly queueLimit?: number;
  readonly contention?: number;
  readonly operations: Readonly<Record<string, OperationFixture>>;
}

export interface OperationFixture {
  readonly work: WorkDistribution;
  /** Default: the mean of the work. */
  readonly cpuSeconds?: number;
  readonly errorRatio?: number;
  readonly contends?: boolean;
  readonly hitRatio?: number;
  readonly stages?: readonly (readonly CallFixture[])[];
}

export interface CallFixture {
  /** `station.operation`, or several with their weights. */
  readonly to: string | Readonly<Record<string, number>>;
  readonly probability?: number;
  readonly fanOut?: number;
  readonly async?: boolean;
  readonly optional?: boolean;
  readonly retries?: number;
  readonly backoff?: number;
  readonly multiplier?: number;
  readonly maxBackoff?: number;
  readonly timeout?: number;
  readonly pool?: number;
  readonly poolTimeout?: number;
  /** Round trip, seconds. */
  readonly delay?: number;
  readonly loss?: number;
  readonly refuse?: number;
  readonly onMiss?: readonly (readonly CallFixture[])[];
}

export interface BuiltNetwork {
  readonly network: Network;
  readonly parameters: NetworkParameters;
  readonly flows: Flows;
  /** Index of an operation by `station.operation`. */
  operation(name: string): number;
  /** First cell of a station, by its name. */
  cell(station: string): number;
  /** Row of an operation in the first cell of its station. */
  row(name: string): number;
}

export const exponential = (mean: number): WorkDistribution => ({ kind: 'exponential', mean, scv: 1 });
export const deterministic = (mean: number): WorkDistribution => ({ kind: 'deterministic', mean, scv: 0 });
export function logNormal(mean: number, scv: number): WorkDistribution {
  const variance = Math.log(1 + scv);
  return { kind: 'log-normal', mean, scv, mu: Math.log(mean) - variance / 2, sigma: Math.sqrt(variance) };
}

type Wiring = { readonly edge: Edge; readonly call: CallFixture };

export function buildNetwork(fixture: NetworkFixture): BuiltNetwork {
  const named = Object.entries(fixture.stations).flatMap(([station, spec], index) =>
    Object.entries(spec.operations).map(([name, operation], position) => {
      return { key: `${station}.${name}`, name, operation, station: index, position };
    }),
  );
  const indexes = new Map(named.map(({ key }, index) => [key, index]));
  const operation = (name: string): number => {
    const index = indexes.get(name);
    if (index === undefined) throw new Error(`the fixture has no operation ${name}`);
    return index;
  };
  const wirings: Wiring[] = [];
  const entries = Object.entries(fixture.entries).map(([name, call]) => addEdge(wirings, -1, name, call));
  const operations = named.map(({ key, name, operation: spec, station, position }, index): Operation => ({
    ...{ index, station, position, name, work: spec.work },
    cpuSeconds: spec.cpuSeconds ?? spec.work.mean,
    errorRatio: spec.errorRatio ?? 0,
    contends: spec.contends ?? false,
    stages: addStages(wirings, index, key, spec.stages ?? []),
  }));
  const stations = Object.entries(fixture.stations).map(([name, spec], index): Station => ({
    ...{ index, name, kind: spec.kind ?? 'servers', dispatch: spec.dispatch ?? 'random' },
    operations: operations.filter(({ station }) => station === index).map((each) => each.index),
  }));
  wirings.sort((a, b) => a.edge.index - b.edge.index);
  const targets = wirings.map(({ call }) => targetsOf(call).map(([name]) => operation(name)));
  const network = createNetwork({
    ...{ stations, operations, entries, targets, edges: wirings.map(({ edge }) => edge) },
    durationBounds: fixture.durationBounds ?? [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    userLatencies: fixture.userLatencies ?? [],
  });
  const parameters = createParameters(network);
  Object.values(fixture.stations).forEach((spec, index) => fillCell(parameters, index, spec));
  named.forEach(({ operation: spec }, index) => (parameters.hitRatio[index] = spec.hitRatio ?? 1));
  for (const wiring of wirings) fillEdge(network, parameters, wiring);
  const cell = (name: string) => Object.keys(fixture.stations).indexOf(name) * CELLS_PER_STATION;
  const row = (name: string) => {
    const { station, position } = operations[operation(name)]!;
    return station * CELLS_PER_STATION * network.operationStride + position;
  };
  return { network, parameters, flows: createFlows(network), operation, cell, row };
}

function addStages(
  wirings: Wiring[],
  from: number,
  name: string,
  stages: readonly (readonly CallFixture[])[],
): readonly (readonly number[])[] {
  return stages.map((stage, i) => stage.map((call, j) => addEdge(wirings, from, `${name} ${i}.${j}`, call)));
}

function addEdge(wirings: Wiring[], from: number, name: string, call: CallFixture): number {
  const index = wirings.length;
  const { probability = 1, fanOut = 1, async = false, optional = false, retries = 0 } = call;
  const { backoff = 0.05, multiplier = 2, maxBackoff = 10, poolTimeout = Infinity } = call;
  // Holds the place of this edge while those of its miss stages are made.
  wirings.push({ edge: { index } as Edge, call });
  const onMiss = addStages(wirings, from, `${name} miss`, call.onMiss ?? []);
  const edge: Edge = {
    ...{ index, from, name, probability, fanOut, async, optional, retries },
    ...{ backoff, multiplier, maxBackoff, poolTimeout, onMiss },
  };
  wirings[index] = { edge, call };
  return index;
}

function targetsOf({ to }: CallFixture): readonly (readonly [string, number])[] {
  return typeof to === 'string' ? [[to, 1]] : Object.entries(to);
}

function fillCell({ cells, contention }: NetworkParameters, station: number, spec: StationFixture): void {
  const cell = station * CELLS_PER_STATION;
  cells.servers[cell] = spec.servers ?? 1;
  cells.workers[cell] = spec.workers ?? 1;
  cells.speed[cell] = spec.speed ?? 1;
  cells.slots[cell] = spec.slots ?? Infinity;
  cells.queueLimit[cell] = spec.queueLimit ?? Infinity;
  contention[station] = spec.contention ?? 0;
}

function fillEdge(network: Network, parameters: NetworkParameters, { edge, call }: Wiring): void {
  parameters.edgeTimeout[edge.index] = call.timeout ?? Infinity;
  parameters.edgePool[edge.index] = call.pool ?? Infinity;
  targetsOf(call).forEach(([, weight], i) => {
    const route = network.routes.offset[edge.index]! + i;
    parameters.routeWeight[route] = weight;
    parameters.routeDelay[route] = call.delay ?? 0;
    parameters.routeLoss[route] = call.loss ?? 0;
    parameters.routeRefuse[route] = call.refuse ?? 0;
  });
}
