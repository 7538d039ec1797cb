import type { Change } from '../../scenario/scenario.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { NetworkParameters } from '../model/parameters.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { StoresState } from '../stores.types.js';
import { configureCache, createCache, stepCache } from './caches.js';
import { configureDatabase, createDatabase, stepDatabase } from './databases.js';
import { configureExternal, stepExternal } from './externals.js';
import { losePrimary } from './failover.js';
import { markLostZones } from './lost-zones.js';
import { configureQueue, createQueue, stepQueue } from './queues.js';
import { storePlanOf, type StorePlan } from './store-plan.js';

/** All stores up, caches warm, queues empty; writes the cells of their stations. */
export function createStores(fleet: Fleet, parameters: NetworkParameters): StoresState {
  const plan = storePlanOf(fleet);
  const byComponent = <Plan extends { readonly component: number }, State>(
    plans: readonly Plan[],
    create: (plan: Plan) => State,
  ): Record<number, State> => Object.fromEntries(plans.map((each) => [each.component, create(each)]));
  const stores: StoresState = {
    databases: byComponent(plan.databases, createDatabase),
    caches: byComponent(plan.caches, createCache),
    queues: byComponent(plan.queues, createQueue),
    externals: byComponent(plan.externals, () => ({ arrived: 0 })),
    generation: 0,
    lostZones: new Uint8Array(fleet.zones.length),
    seen: null,
  };
  configure(plan, [], parameters);
  start(plan, parameters);
  return stores;
}

/**
 * Moves the stores on by a step, from what flowed in the last one, and writes the cells of their stations, hit ratios
 * and contention. Costs nothing to speak of while nothing happens to them.
 */
export function stepStores(fleet: Fleet, state: SimulationState): void {
  const plan = storePlanOf(fleet);
  const { stores, timeline, parameters } = state;
  if (stores.seen !== timeline.active) {
    stores.seen = timeline.active;
    markLostZones(fleet, timeline.active, stores.lostZones);
    configure(plan, timeline.active, parameters);
  }
  let changed = false;
  for (const each of plan.databases) if (stepDatabase(each, stores.databases[each.component]!, state)) changed = true;
  for (const each of plan.caches) if (stepCache(each, stores.caches[each.component]!, state)) changed = true;
  for (const each of plan.queues) if (stepQueue(each, stores.queues[each.component]!, state)) changed = true;
  for (const each of plan.externals) if (stepExternal(each, stores.externals[each.component]!, state)) changed = true;
  if (changed) stores.generation++;
}

/** Fails a database over as an operator would: the same as when its primary dies. Other changes are not for stores. */
export function applyStoreChange(fleet: Fleet, state: SimulationState, change: Change): void {
  if (change.kind !== 'failover') return;
  for (const plan of storePlanOf(fleet).databases) {
    const database = state.stores.databases[plan.component]!;
    if (plan.spec.name === change.store && database.primaryUp) losePrimary(database, plan, state.step);
  }
}

function configure(
  plan: StorePlan,
  active: SimulationState['timeline']['active'],
  parameters: NetworkParameters,
): void {
  for (const each of plan.databases) configureDatabase(each, active, parameters);
  for (const each of plan.caches) configureCache(each, active, parameters);
  for (const each of plan.queues) configureQueue(each, active, parameters);
  for (const each of plan.externals) configureExternal(each, active, parameters);
}

function start(plan: StorePlan, { cells, hitRatio }: NetworkParameters): void {
  for (const { spec, primaryCell, replicasCell } of plan.databases) {
    cells.servers[primaryCell] = 1;
    cells.slots[primaryCell] = spec.maxConnections;
    if (replicasCell < 0) continue;
    cells.servers[replicasCell] = spec.replicas;
    cells.slots[replicasCell] = spec.maxConnections;
  }
  for (const { spec, cell, operation, room } of plan.caches) {
    cells.servers[cell] = 1;
    hitRatio[operation] = spec.hitRatio * room;
  }
  for (const { cell } of [...plan.queues, ...plan.externals]) cells.servers[cell] = 1;
}
