import type { Network } from '../model/network.types.js';
import { NODES, positionOf } from './grid.js';
import { putWork, relativeMoments } from './work-shapes.js';

/** What the solver needs of a network, flattened once. Owners of stages are the operations, then the edges' misses. */
export interface FluidPlan {
  /** Stations, callers before those they call; edges against a cycle of stations take effect a step later. */
  readonly stationOrder: Int32Array;
  /** Operations, callees first. */
  readonly operationOrder: Int32Array;
  readonly delay: Uint8Array;
  readonly shared: Uint8Array;
  readonly operationStation: Int32Array;
  readonly operationPosition: Int32Array;
  readonly workMean: Float64Array;
  /** E[S^2] / E[S]^2 and E[S^3] / E[S]^3. */
  readonly workSecond: Float64Array;
  readonly workThird: Float64Array;
  readonly workSpread: Float64Array;
  readonly cpuSeconds: Float64Array;
  readonly errorRatio: Float64Array;
  readonly contends: Uint8Array;
  /** Owner o has stages stageStart[o] .. stageStart[o + 1] - 1, stage s the edges stageEdge[edgeStart[s]] .. */
  readonly stageStart: Int32Array;
  readonly edgeStart: Int32Array;
  readonly stageEdge: Int32Array;
  readonly edgeStation: Int32Array;
  readonly edgeProbability: Float64Array;
  readonly edgeFanOut: Float64Array;
  readonly edgeAsync: Uint8Array;
  readonly edgeOptional: Uint8Array;
  /** Mean and upper bound of the first back-off come from these. */
  readonly edgeRetries: Float64Array;
  readonly edgeBackoff: Float64Array;
  readonly edgeMultiplier: Float64Array;
  readonly edgeMaxBackoff: Float64Array;
  readonly edgePoolTimeout: Float64Array;
  /** Places of the bucket bounds on the grid. */
  readonly durationPositions: Float64Array;
  readonly userPositions: Float64Array;
}

const plans = new WeakMap<Network, FluidPlan>();

export function planOf(network: Network): FluidPlan {
  let plan = plans.get(network);
  if (plan === undefined) plans.set(network, (plan = makePlan(network)));
  return plan;
}

function makePlan(network: Network): FluidPlan {
  const { stations, operations, edges } = network;
  const ofOperations = (read: (operation: Network['operations'][number]) => number) =>
    Float64Array.from(operations, read);
  const ofEdges = (read: (edge: Network['edges'][number]) => number) => Float64Array.from(edges, read);
  const workSpread = new Float64Array(operations.length * NODES);
  operations.forEach((operation, i) => putWork(workSpread, i * NODES, operation.work));
  const calledBy = operationCalls(network);
  const operationOrder = calleesFirst(operations.length, (operation) => calledBy[operation]!);
  const stationOrder = calleesFirst(stations.length, (station) =>
    stations[station]!.operations.flatMap((operation) =>
      calledBy[operation]!.map((callee) => operations[callee]!.station),
    ),
  ).reverse();
  return {
    stationOrder: Int32Array.from(stationOrder),
    operationOrder: Int32Array.from(operationOrder),
    delay: Uint8Array.from(stations, ({ kind }) => (kind === 'delay' ? 1 : 0)),
    shared: Uint8Array.from(stations, ({ kind, dispatch }) => (kind === 'servers' && dispatch === 'shared' ? 1 : 0)),
    operationStation: Int32Array.from(operations, ({ station }) => station),
    operationPosition: Int32Array.from(operations, ({ position }) => position),
    workMean: ofOperations(({ work }) => work.mean),
    workSecond: ofOperations(({ work }) => relativeMoments(work).second),
    workThird: ofOperations(({ work }) => relativeMoments(work).third),
    workSpread,
    cpuSeconds: ofOperations((operation) => operation.cpuSeconds),
    errorRatio: ofOperations((operation) => operation.errorRatio),
    contends: Uint8Array.from(operations, ({ contends }) => (contends ? 1 : 0)),
    ...flattenStages([...operations.map(({ stages }) => stages), ...edges.map(({ onMiss }) => onMiss)]),
    edgeStation: Int32Array.from(edges, ({ from }) => (from < 0 ? -1 : operations[from]!.station)),
    edgeProbability: ofEdges(({ probability }) => probability),
    edgeFanOut: ofEdges(({ fanOut }) => fanOut),
    edgeAsync: Uint8Array.from(edges, ({ async }) => (async ? 1 : 0)),
    edgeOptional: Uint8Array.from(edges, ({ optional }) => (optional ? 1 : 0)),
    edgeRetries: ofEdges(({ retries }) => retries),
    edgeBackoff: ofEdges(({ backoff }) => backoff),
    edgeMultiplier: ofEdges(({ multiplier }) => multiplier),
    edgeMaxBackoff: ofEdges(({ maxBackoff }) => maxBackoff),
    edgePoolTimeout: ofEdges(({ poolTimeout }) => poolTimeout),
    durationPositions: network.durationBounds.map(positionOf),
    userPositions: network.userBounds.map(positionOf),
  };
}

function flattenStages(owners: readonly (readonly (readonly number[])[])[]) {
  const stageStart = new Int32Array(owners.length + 1);
  owners.forEach((stages, owner) => (stageStart[owner + 1] = stageStart[owner]! + stages.length));
  const stages = owners.flat();
  const edgeStart = new Int32Array(stages.length + 1);
  stages.forEach((edges, stage) => (edgeStart[stage + 1] = edgeStart[stage]! + edges.length));
  return { stageStart, edgeStart, stageEdge: Int32Array.from(stages.flat()) };
}

/** Per operation: the operations that it may call, those after a miss included. */
function operationCalls({ operations, edges, routes }: Network): number[][] {
  const calls = operations.map((): number[] => []);
  for (const edge of edges) {
    if (edge.from < 0) continue;
    calls[edge.from]!.push(...routes.target.subarray(routes.offset[edge.index]!, routes.offset[edge.index + 1]!));
  }
  return calls;
}

/** Depth first, without recursion; what closes a cycle is left out. */
function calleesFirst(count: number, calleesOf: (index: number) => readonly number[]): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(count);
  for (let root = 0; root < count; root++) {
    if (seen[root] === 1) continue;
    seen[root] = 1;
    const path = [{ index: root, callees: calleesOf(root), next: 0 }];
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const callee = top.callees[top.next++];
      if (callee === undefined) order.push(path.pop()!.index);
      else if (seen[callee] === 0) {
        seen[callee] = 1;
        path.push({ index: callee, callees: calleesOf(callee), next: 0 });
      }
    }
  }
  return order;
}
