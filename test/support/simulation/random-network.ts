import type { WorkDistribution } from '../../../src/engine/simulation/model/network.types.js';
import { CELLS_PER_STATION } from '../../../src/engine/simulation/model/parameters.types.js';
import { nextBelow, nextUniform, type RandomStream } from '../../../src/engine/simulation/random/random.js';
import {
  buildNetwork,
  deterministic,
  exponential,
  logNormal,
  type BuiltNetwork,
  type CallFixture,
  type OperationFixture,
  type StationFixture,
} from './network-fixture.js';

/** A small network of two to six stations in layers, with every feature that the model has at random. */
export function randomNetwork(random: RandomStream): BuiltNetwork {
  const count = 2 + nextBelow(random, 5);
  const stations: Record<string, StationFixture> = {};
  const names: string[] = [];
  // From the last layer to the first: a station calls only those that stand already.
  for (let i = 0; i < count; i++) {
    const operations: Record<string, OperationFixture> = {};
    const below = [...names];
    for (let j = 0; j <= nextBelow(random, 3); j++) {
      operations[`o${j}`] = randomOperation(random, below);
      names.push(`s${i}.o${j}`);
    }
    stations[`s${i}`] = randomStation(random, operations);
  }
  const top = names.at(-1)!;
  return buildNetwork({
    stations,
    entries: { web: randomCall(random, [top], 1), api: randomCall(random, names, 1) },
    durationBounds: [0.01, 0.1, 1],
  });
}

/** Changes parameters at random, as faults and a control plane would. */
export function shake(random: RandomStream, { network, parameters }: BuiltNetwork, second: number): void {
  const { cells } = parameters;
  cells.killed.fill(0);
  for (const { index, kind } of network.stations) {
    if (!chance(random, 0.15)) continue;
    const cell = index * CELLS_PER_STATION + nextBelow(random, 3);
    const before = cells.servers[cell]!;
    cells.servers[cell] = nextBelow(random, 5);
    const gone = Math.max(0, before - cells.servers[cell]!);
    if (chance(random, 0.5)) cells.killed[cell] = Math.min(before, gone + nextBelow(random, 2));
    if (chance(random, 0.2)) cells.epoch[cell]!++;
    cells.speed[cell] = chance(random, 0.1) ? 0 : 0.2 + nextUniform(random) * 2;
    cells.workers[cell] = 1 + nextBelow(random, 4);
    cells.slots[cell] = chance(random, 0.3) ? Infinity : cells.workers[cell]! + nextBelow(random, 8);
    cells.queueLimit[cell] = chance(random, 0.3) || kind === 'delay' ? Infinity : nextBelow(random, 20);
    cells.weight[cell] = chance(random, 0.5) ? 1 : nextUniform(random);
    cells.errorRatio[cell] = chance(random, 0.7) ? 0 : nextUniform(random);
    cells.workFactor[cell] = 0.5 + nextUniform(random);
    cells.shedRatio[cell] = chance(random, 0.7) ? 0 : nextUniform(random);
  }
  for (let route = 0; route < network.routes.target.length; route++) {
    if (!chance(random, 0.05)) continue;
    parameters.routeWeight[route] = nextBelow(random, 3);
    parameters.routeDelay[route] = chance(random, 0.5) ? 0 : nextUniform(random) * 0.2;
    parameters.routeLoss[route] = chance(random, 0.6) ? 0 : nextUniform(random) * 0.5;
    parameters.routeRefuse[route] = chance(random, 0.6) ? 0 : nextUniform(random) * 0.5;
  }
  for (const { index } of network.edges) {
    if (!chance(random, 0.05)) continue;
    parameters.edgeTimeout[index] = chance(random, 0.3) ? Infinity : 0.01 + nextUniform(random) * 3;
    parameters.edgeExtraRetries[index] = nextBelow(random, 3);
    parameters.edgeRetryShare[index] = nextUniform(random);
    parameters.edgeAdmit[index] = chance(random, 0.6) ? 1 : nextUniform(random);
    parameters.edgePool[index] = chance(random, 0.3) ? Infinity : 1 + nextBelow(random, 10);
  }
  parameters.hitRatio.forEach((_, i) => (parameters.hitRatio[i] = second % 7 === 0 ? nextUniform(random) : 0.8));
}

function randomStation(random: RandomStream, operations: Record<string, OperationFixture>): StationFixture {
  const workers = 1 + nextBelow(random, 4);
  return {
    kind: chance(random, 0.2) ? 'delay' : 'servers',
    dispatch: chance(random, 0.2) ? 'shared' : 'random',
    ...{ servers: 1 + nextBelow(random, 4), workers, contention: nextUniform(random), operations },
    slots: chance(random, 0.3) ? Infinity : workers + nextBelow(random, 10),
    queueLimit: chance(random, 0.5) ? Infinity : nextBelow(random, 30),
  };
}

function randomOperation(random: RandomStream, names: readonly string[]): OperationFixture {
  const stages = names.length === 0 ? 0 : nextBelow(random, 3);
  return {
    work: randomWork(random),
    errorRatio: chance(random, 0.5) ? 0 : nextUniform(random) * 0.1,
    contends: chance(random, 0.3),
    hitRatio: nextUniform(random),
    stages: Array.from({ length: stages }, () => {
      return Array.from({ length: 1 + nextBelow(random, 2) }, () => randomCall(random, names, 2));
    }),
  };
}

function randomCall(random: RandomStream, names: readonly string[], depth: number): CallFixture {
  const to = Object.fromEntries(
    Array.from({ length: 1 + nextBelow(random, 2) }, () => [
      names[nextBelow(random, names.length)]!,
      nextUniform(random),
    ]),
  );
  const isInner = depth === 2;
  return {
    ...{ to, probability: chance(random, 0.5) ? 1 : nextUniform(random), fanOut: 1 + nextBelow(random, 2) },
    ...(isInner ? {} : { probability: 1, fanOut: 1 }),
    async: isInner && chance(random, 0.2),
    optional: isInner && chance(random, 0.3),
    retries: nextBelow(random, 3),
    backoff: nextUniform(random) * 0.1,
    timeout: chance(random, 0.3) ? Infinity : 0.01 + nextUniform(random) * 2,
    pool: chance(random, 0.5) || !isInner ? Infinity : 1 + nextBelow(random, 5),
    poolTimeout: chance(random, 0.5) ? Infinity : nextUniform(random),
    delay: chance(random, 0.5) ? 0 : nextUniform(random) * 0.1,
    loss: chance(random, 0.7) ? 0 : nextUniform(random) * 0.2,
    refuse: chance(random, 0.7) ? 0 : nextUniform(random) * 0.2,
    onMiss: isInner && chance(random, 0.3) ? [[randomCall(random, names, 3)]] : [],
  };
}

function randomWork(random: RandomStream): WorkDistribution {
  const mean = 0.001 + nextUniform(random) * 0.05;
  const kind = nextBelow(random, 4);
  if (kind === 0) return deterministic(mean);
  if (kind === 1) return exponential(mean);
  if (kind === 2) return logNormal(mean, 4 * nextUniform(random));
  return { kind: 'empirical', mean, scv: 1 / 3, quantiles: Float64Array.of(0, mean, 2 * mean) };
}

function chance(random: RandomStream, probability: number): boolean {
  return nextUniform(random) < probability;
}
