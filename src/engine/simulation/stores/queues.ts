import type { SimulationState } from '../simulation.types.js';
import type { QueueState } from '../stores.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';
import { workFactorOf } from '../timeline/component-effects.js';
import type { NetworkParameters } from '../model/parameters.types.js';
import { healthyZone } from './lost-zones.js';
import type { QueuePlan } from './store-plan.js';

/** Empty. */
export function createQueue({ spec, partitionShare }: QueuePlan): QueueState {
  return { published: 0, consumed: 0, lag: new Float64Array(spec.partitions), partitionShare };
}

export function configureQueue(
  { spec, cell }: QueuePlan,
  active: readonly ActiveFault[],
  { cells }: NetworkParameters,
): void {
  cells.workFactor[cell] = workFactorOf(active, spec.name, spec.cluster);
}

/**
 * Lag is what was published and not finished: messages at work count until they are committed. Of several consuming
 * services the one furthest behind counts. Brokers keep copies in all zones of their region: they go down with the last.
 *
 * @returns whether calls must be routed anew
 */
export function stepQueue(
  plan: QueuePlan,
  queue: QueueState,
  { flows, stores, parameters: { cells } }: SimulationState,
): boolean {
  queue.published = flows.ok[plan.row]!;
  let consumed = queue.published;
  for (const rows of plan.consumers) {
    let finished = 0;
    for (const row of rows) {
      finished += flows.ok[row]! + flows.failedOwn[row]! + flows.failedDependency[row]! + flows.failedTimeout[row]!;
      finished += flows.rejected[row]!;
    }
    if (finished < consumed) consumed = finished;
  }
  queue.consumed = consumed;
  const lag = queue.published - consumed;
  for (let i = 0; i < queue.lag.length; i++) queue.lag[i] = lag * queue.partitionShare[i]!;
  const up = healthyZone(plan.zones, stores.lostZones) >= 0 ? 1 : 0;
  const changed = cells.servers[plan.cell] !== up;
  cells.killed[plan.cell] = changed && up === 0 ? 1 : 0;
  cells.servers[plan.cell] = up;
  return changed;
}
