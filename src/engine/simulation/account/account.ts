import type { Fleet } from '../model/fleet.types.js';
import { STEP_SECONDS } from '../model/solver.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { AccountState, ReplicaAccount, ServiceAccount } from './account.types.js';
import { accountFaults } from './account-faults.js';
import { accountPods } from './account-pods.js';
import { accountSlo, createSloAccount, createSloMemory } from './account-slo.js';
import { createHistory, recordHistory } from './history.js';
import { replicaKey } from './replica-key.js';

/** Nothing has happened yet. Its size depends on the fleet alone, never on the simulated time. */
export function createAccount(fleet: Fleet): AccountState {
  const { scenario, network } = fleet;
  const deployments = fleet.deployments.length;
  return {
    slos: scenario.slos.map(({ name }) => createSloAccount(name)),
    faults: [],
    replicas: Object.fromEntries(fleet.deployments.map((_, d) => [replicaKey(fleet, d), noReplicas()])),
    cost: 0,
    restarts: 0,
    oomKills: 0,
    unschedulableSeconds: 0,
    maxLag: Object.fromEntries(queuesOf(fleet).map(({ name }) => [name, 0])),
    maxUnschedulable: 0,
    services: Object.fromEntries(scenario.services.map(({ name }) => [name, noService()])),
    history: createHistory(scenario.duration, network.entries.length * (network.userBounds.length + 1)),
    memory: {
      generation: -1,
      ready: new Int32Array(deployments),
      unschedulable: new Int32Array(deployments),
      desired: new Int32Array(deployments),
      podUid: [],
      podRestarts: [],
      costRate: 0,
      podSeconds: 0,
      slos: scenario.slos.map(createSloMemory),
      lastHarmAt: -1,
    },
  };
}

/**
 * Adds the step that was just made (`state.step` is its number): users' outcomes, pods, nodes, queues and faults.
 * Runs after the solver and before `state.step` moves on.
 */
export function stepAccount(fleet: Fleet, state: SimulationState): void {
  const { account } = state;
  for (let i = 0; i < account.slos.length; i++) accountSlo(fleet, state, i);
  accountPods(fleet, state);
  account.cost += (account.memory.costRate * STEP_SECONDS) / 3600;
  accountLag(fleet, state);
  accountFaults(state);
  recordHistory(state, fleet.network.userBounds);
}

/** Queues of the fleet with their component indexes. */
export function queuesOf(fleet: Fleet): readonly { readonly component: number; readonly name: string }[] {
  let queues = QUEUES.get(fleet);
  if (queues === undefined) {
    queues = fleet.components
      .filter((component) => component.kind === 'store' && component.spec.kind === 'queue')
      .map(({ index, name }) => ({ component: index, name }));
    QUEUES.set(fleet, queues);
  }
  return queues;
}

const QUEUES = new WeakMap<Fleet, readonly { readonly component: number; readonly name: string }[]>();

function accountLag(fleet: Fleet, { account, stores }: SimulationState): void {
  for (const { component, name } of queuesOf(fleet)) {
    const lag = sum(stores.queues[component]?.lag);
    if (lag > account.maxLag[name]!) account.maxLag[name] = lag;
  }
}

function sum(values: Float64Array | undefined): number {
  let total = 0;
  if (values !== undefined) for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

function noReplicas(): ReplicaAccount {
  return { min: 0, max: 0, podSeconds: 0, last: 0, changes: 0 };
}

function noService(): ServiceAccount {
  return { ...noReplicas(), restarts: 0, oomKills: 0, unschedulableSeconds: 0, maxUnschedulable: 0 };
}
