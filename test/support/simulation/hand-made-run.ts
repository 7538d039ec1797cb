import type { FaultSpec } from '../../../src/engine/scenario/fault.types.js';
import type { Scenario } from '../../../src/engine/scenario/scenario.types.js';
import { createAccount, stepAccount } from '../../../src/engine/simulation/account/account.js';
import type { Node, Pod } from '../../../src/engine/simulation/kubernetes/platform-state.types.js';
import { compileFleet } from '../../../src/engine/simulation/model/compile-fleet.js';
import { createFlows, createParameters } from '../../../src/engine/simulation/model/create-network.js';
import type { Fleet } from '../../../src/engine/simulation/model/fleet.types.js';
import type { Simulation, SimulationState } from '../../../src/engine/simulation/simulation.types.js';
import { fixtureScenario } from './scenario-fixture.js';

/** What users got in one step at one entry point: answers by their latency in seconds, and failures. */
export interface Outcome {
  readonly answers?: readonly (readonly [latency: number, count: number])[];
  readonly failed?: number;
}

/** A run whose outcome the test decides, second by second: no solver, no platform, only the books. */
export class HandMadeRun {
  readonly fleet: Fleet;
  readonly state: SimulationState;

  constructor(overrides: Partial<Scenario> = {}) {
    this.fleet = compileFleet(fixtureScenario(overrides));
    this.state = {
      seed: 1,
      solver: 'fluid',
      step: 0,
      parameters: createParameters(this.fleet.network),
      flows: createFlows(this.fleet.network),
      platform: {
        pods: [],
        nodes: [],
        deployments: this.fleet.deployments.map(({ spec }) => ({
          replicas: spec.replicas,
          observedGeneration: 1,
          versions: [],
          stable: 0,
          updated: 0,
          canaryWeight: 0,
          autoscalers: [],
        })),
        events: [],
        generation: 0,
      },
      stores: {
        databases: {},
        caches: {},
        queues: {},
        externals: {},
        generation: 0,
        lostZones: new Uint8Array(this.fleet.zones.length),
        seen: null,
      },
      account: createAccount(this.fleet),
      timeline: { faults: [], changes: [], active: [] },
      load: {},
      traffic: {},
      control: {},
      network: {},
      telemetry: {},
      arrivals: new Float64Array(this.fleet.network.entries.length),
    };
  }

  get simulation(): Simulation {
    return { fleet: this.fleet, state: this.state };
  }

  /** Makes a step in which this happens at the first entry point. */
  step({ answers = [], failed = 0 }: Outcome = {}): void {
    const { flows } = this.state;
    const bounds = this.fleet.network.userBounds;
    for (const [latency, count] of answers) {
      const bucket = bounds.findIndex((bound) => latency <= bound);
      flows.userBuckets[bucket === -1 ? bounds.length : bucket]! += count;
      flows.userDurationSum[0]! += latency * count;
      flows.userOk[0]! += count;
      flows.userOffered[0]! += count;
    }
    flows.userFailed[0]! += failed;
    flows.userOffered[0]! += failed;
    stepAccount(this.fleet, this.state);
    this.state.step += 1;
  }

  steps(count: number, outcome?: Outcome): void {
    for (let i = 0; i < count; i++) this.step(outcome);
  }

  /** The faults in force from the next step on. */
  activate(...faults: readonly FaultSpec[]): void {
    this.state.timeline.active = faults.map((spec) => ({
      spec,
      kind: spec.kind,
      target: spec.target,
      since: this.state.timeline.active.find(({ spec: { name } }) => name === spec.name)?.since ?? this.state.step,
      level: 1,
      settings: spec.settings,
    }));
  }

  /** Puts a pod in a slot, or changes the one that is there; null takes it away. */
  pod(slot: number, change: Partial<Pod> | null): void {
    const { platform } = this.state;
    platform.pods[slot] =
      change === null ? null : { ...(platform.pods[slot] ?? handMadePod(slot, this.state.step)), ...change };
    platform.generation += 1;
  }

  node(slot: number, change: Partial<Node> | null): void {
    const { platform } = this.state;
    platform.nodes[slot] =
      change === null ? null : { ...(platform.nodes[slot] ?? handMadeNode(slot, this.state.step)), ...change };
    platform.generation += 1;
  }

  scale(deployment: number, replicas: number): void {
    this.state.platform.deployments[deployment]!.replicas = replicas;
    this.state.platform.generation += 1;
  }
}

function handMadePod(slot: number, step: number): Pod {
  return {
    slot,
    name: `pod-${slot}`,
    uid: `uid-${slot}`,
    deployment: 0,
    version: 0,
    node: 0,
    phase: 'Running',
    waiting: null,
    unschedulable: null,
    createdAt: step,
    scheduledAt: step,
    startedAt: step,
    ready: true,
    readySince: step,
    deletedAt: -1,
    restarts: 0,
    lastTermination: null,
    dueAt: Infinity,
    leaked: 0,
    cell: 0,
    instance: `10.0.0.${slot}:8080`,
  };
}

function handMadeNode(slot: number, step: number): Node {
  return {
    slot,
    name: `node-${slot}`,
    cluster: 0,
    pool: 0,
    zone: 0,
    ready: true,
    unschedulable: false,
    createdAt: step,
    readyAt: step,
    requestedCpu: 0,
    requestedMemory: 0,
    stolenCpu: 0,
    usedCpu: 0,
    diskUsed: 0,
    clockOffset: 0,
  };
}
