import { CELLS_PER_STATION } from '../model/parameters.types.js';
import type { Fleet } from '../model/fleet.types.js';
import { createRandom } from '../random/random.js';
import type { ControlState, DeploymentMemory, UsageMemory } from './control-state.types.js';
import { platformPlan, type DeploymentPlan } from './platform-plan.js';

/** A control plane that has seen nothing yet. */
export function createControl(fleet: Fleet, seed: number): ControlState {
  const count = fleet.network.stations.length * CELLS_PER_STATION;
  return {
    seed,
    names: createRandom(seed, 'kubernetes/names'),
    nextDue: Infinity,
    nextSync: Infinity,
    nextNodeDue: Infinity,
    pending: [],
    schedulable: false,
    pods: [],
    freePods: [],
    nodes: [],
    freeNodes: [],
    deployments: platformPlan(fleet).deployments.map(createMemory),
    clusters: fleet.clusters.map(({ pools }) => ({
      nextScan: 0,
      lastScaleUp: -Infinity,
      ordinals: pools.map(() => 1),
    })),
    killedCells: [],
    serverSeconds: new Float64Array(count),
    serversSince: new Int32Array(count),
    arrivedBefore: new Float64Array(count),
    faults: [],
    seen: [],
    usage: createUsage(count),
    shares: createUsage(count),
    answers: {
      arrived: new Float64Array(count),
      finished: new Float64Array(count),
      rejected: new Float64Array(count),
      rate: new Float64Array(count).fill(NaN),
      refused: new Float64Array(count),
    },
    contended: false,
  };
}

function createUsage(cells: number): UsageMemory {
  return {
    measuredAt: 0,
    cpuSeconds: new Float64Array(cells),
    serverSeconds: new Float64Array(cells),
    cores: new Float64Array(cells).fill(NaN),
    held: new Float64Array(cells),
  };
}

function createMemory({ cpuPerWork, deployment, observed }: DeploymentPlan): DeploymentMemory {
  return {
    pods: [],
    replicaSets: [],
    rollout: {
      replicas: 0,
      step: 0,
      pausedSince: -1,
      fast: false,
      switchedAt: -1,
      promoted: false,
      progressAt: 0,
      progress: 0,
    },
    revision: 0,
    needsSync: false,
    syncAt: Infinity,
    needsCells: true,
    affected: false,
    needsEffects: false,
    owners: new Array<string | null>(CELLS_PER_STATION).fill(null),
    cpuPerWork,
    workFactor: 1,
    leaking: false,
    leakMeasuredAt: -1,
    maxLeaked: 0,
    marks: observed ? [] : null,
    mix: new Float64Array(deployment.spec.operations.length),
  };
}
