import type { Fleet } from '../../../src/engine/simulation/model/fleet.types.js';
import { createFlows, createParameters } from '../../../src/engine/simulation/model/create-network.js';
import { CELLS_PER_STATION } from '../../../src/engine/simulation/model/parameters.types.js';
import type { Node, PlatformState, Pod } from '../../../src/engine/simulation/kubernetes/platform-state.types.js';
import type { SimulationState } from '../../../src/engine/simulation/simulation.types.js';
import { createStores } from '../../../src/engine/simulation/stores/stores.js';
import { createTimeline } from '../../../src/engine/simulation/timeline/timeline.js';
import { createTraffic } from '../../../src/engine/simulation/traffic/traffic.js';

/** A state at step 0 with hand-made pods: per cluster a node in each zone, pods on them in turn, all of them ready. */
export function fixtureState(fleet: Fleet): SimulationState {
  const parameters = createParameters(fleet.network);
  const platform = fixturePlatform(fleet);
  for (const { index, station, spec } of fleet.deployments) {
    parameters.cells.servers[station * CELLS_PER_STATION] = spec.replicas;
    if (platform.deployments[index] === undefined) throw new Error('a deployment is missing');
  }
  return {
    seed: fleet.scenario.seed,
    solver: 'fluid',
    step: 0,
    parameters,
    flows: createFlows(fleet.network),
    platform,
    stores: createStores(fleet, parameters),
    account: {} as SimulationState['account'],
    timeline: createTimeline(fleet),
    load: {},
    traffic: createTraffic(fleet),
    control: {},
    network: {},
    telemetry: {},
    arrivals: new Float64Array(fleet.network.entries.length),
  };
}

function fixturePlatform(fleet: Fleet): PlatformState {
  const nodes = fleet.clusters.flatMap(({ index, zones }) => zones.map((zone) => ({ cluster: index, zone })));
  const pods = fleet.deployments.flatMap(({ index, cluster, spec }) =>
    Array.from({ length: spec.replicas }, (_, i) => {
      const local = nodes.flatMap((node, slot) => (node.cluster === cluster ? [slot] : []));
      return { deployment: index, node: local[i % local.length]! };
    }),
  );
  return {
    nodes: nodes.map((node, slot) => fixtureNode({ ...node, slot, name: `node-${slot}` })),
    pods: pods.map((pod, slot) => fixturePod({ ...pod, slot, name: `pod-${slot}` })),
    deployments: fleet.deployments.map(({ spec }) => ({
      replicas: spec.replicas,
      observedGeneration: 1,
      versions: [{ name: spec.version, hash: 'aaaa', effects: NO_EFFECTS }],
      stable: 0,
      updated: 0,
      canaryWeight: 0,
      autoscalers: [],
    })),
    events: [],
    generation: 0,
  };
}

const NO_EFFECTS = {
  errorRatio: 0,
  latencyFactor: 1,
  cpuFactor: 1,
  leakPerRequest: 0,
  crashAfter: 0,
  neverReady: false,
} as const;

function fixtureNode(overrides: Pick<Node, 'slot' | 'name' | 'cluster' | 'zone'>): Node {
  return {
    pool: 0,
    ready: true,
    unschedulable: false,
    createdAt: -1,
    readyAt: -1,
    requestedCpu: 0,
    requestedMemory: 0,
    stolenCpu: 0,
    usedCpu: 0,
    diskUsed: 0,
    clockOffset: 0,
    ...overrides,
  };
}

function fixturePod(overrides: Pick<Pod, 'slot' | 'name' | 'deployment' | 'node'>): Pod {
  return {
    uid: overrides.name,
    version: 0,
    phase: 'Running',
    waiting: null,
    unschedulable: null,
    createdAt: -1,
    scheduledAt: -1,
    startedAt: -1,
    ready: true,
    readySince: -1,
    deletedAt: -1,
    restarts: 0,
    lastTermination: null,
    dueAt: Infinity,
    leaked: 0,
    cell: 0,
    instance: '10.0.0.1:8080',
    ...overrides,
  };
}
