import type { Change } from '../../scenario/scenario.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { EntryShares } from './traffic-state.types.js';

/**
 * Seconds until DNS knows of a cluster that has ceased to answer, or answers again: three checks 30 s apart.
 * Source: Amazon Route 53 Developer Guide, health checks, defaults of request interval and failure threshold.
 */
export const DNS_CHECK_SECONDS = 90;

/** Everybody goes where the scenario sends them. */
export function createEntryShares(fleet: Fleet): EntryShares {
  const routes = fleet.network.routes.offset[fleet.network.entries.length]!;
  const entries: EntryShares = {
    configured: new Float64Array(routes),
    target: new Float64Array(routes),
    current: new Float64Array(routes),
    remaining: new Float64Array(fleet.scenario.load.length),
    healthy: new Uint8Array(routes).fill(1),
    judgedAt: new Float64Array(routes).fill(Infinity),
  };
  fleet.scenario.load.forEach(({ weights }, entry) => configureEntry(fleet, entries, entry, weights));
  entries.target.set(entries.configured);
  entries.current.set(entries.configured);
  return entries;
}

/** New weights by cluster, as of the next step; clusters left out get nobody. */
export function changeEntryWeights(fleet: Fleet, entries: EntryShares, change: Change): void {
  if (change.kind !== 'traffic') return;
  fleet.scenario.load.forEach(({ name }, entry) => {
    if (change.entryPoint === null || change.entryPoint === name) configureEntry(fleet, entries, entry, change.weights);
  });
}

/** Weights are shares of their sum; where all are 0, every cluster gets the same. */
function configureEntry(
  { network, clusters, roles }: Fleet,
  { configured }: EntryShares,
  entry: number,
  weights: Readonly<Record<string, number>>,
): void {
  const [from, to] = routesOf(network.routes.offset, network.entries[entry]!);
  for (let route = from; route < to; route++) {
    const station = network.operations[network.routes.target[route]!]!.station;
    configured[route] = weights[clusters[roles[station]!.cluster]!.spec.name] ?? 0;
  }
  if (normalize(configured, from, to) === 0) configured.fill(1 / (to - from), from, to);
}

/**
 * Health checks of DNS: what a cluster does now counts once it has done so for as long as the checks take.
 *
 * @param serving by route: pods that serve
 * @returns step at which the next verdict is due; Infinity: all are settled
 */
export function judgeEntries({ healthy, judgedAt }: EntryShares, serving: Int32Array, step: number): number {
  let next = Infinity;
  for (let route = 0; route < healthy.length; route++) {
    const answers = serving[route]! > 0 ? 1 : 0;
    if (answers === healthy[route]) judgedAt[route] = Infinity;
    else if (judgedAt[route] === Infinity) judgedAt[route] = step + DNS_CHECK_SECONDS;
    if (step >= judgedAt[route]!) {
      healthy[route] = answers;
      judgedAt[route] = Infinity;
    }
    next = Math.min(next, judgedAt[route]!);
  }
  return next;
}

/**
 * Where users will end up: as configured, but not in clusters that fail their health check, unless all of them do.
 * Users notice a change when their copy of the DNS record expires; those expiries are spread evenly over
 * the TTL, so that the shares move linearly over it.
 */
export function retargetEntries({ network, scenario }: Fleet, entries: EntryShares): void {
  const { configured, target, current, remaining, healthy } = entries;
  for (let entry = 0; entry < network.entries.length; entry++) {
    const [from, to] = routesOf(network.routes.offset, network.entries[entry]!);
    let total = 0;
    for (let route = from; route < to; route++) if (healthy[route] === 1) total += configured[route]!;
    let moved = false;
    for (let route = from; route < to; route++) {
      const share = total === 0 ? configured[route]! : healthy[route] === 1 ? configured[route]! / total : 0;
      if (share === target[route]) continue;
      target[route] = share;
      moved = true;
    }
    if (!moved) continue;
    let settled = true;
    for (let route = from; route < to; route++) if (current[route] !== target[route]) settled = false;
    remaining[entry] = settled ? 0 : Math.max(1, Math.ceil(scenario.load[entry]!.dnsTtl));
  }
}

/** Moves users on by a step and writes the weights of their routes. */
export function shiftEntries({ network }: Fleet, entries: EntryShares, routeWeight: Float64Array): void {
  const { target, current, remaining } = entries;
  for (let entry = 0; entry < network.entries.length; entry++) {
    const left = remaining[entry]!;
    if (left === 0) continue;
    const edge = network.entries[entry]!;
    for (let route = network.routes.offset[edge]!; route < network.routes.offset[edge + 1]!; route++) {
      current[route] = left === 1 ? target[route]! : current[route]! + (target[route]! - current[route]!) / left;
      routeWeight[route] = current[route]!;
    }
    remaining[entry] = left - 1;
  }
}

function routesOf(offset: Int32Array, edge: number): readonly [number, number] {
  return [offset[edge]!, offset[edge + 1]!];
}

function normalize(values: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i]!;
  if (total > 0) for (let i = from; i < to; i++) values[i]! /= total;
  return total;
}
