import type { EpochMs } from '../../../kernel/clock.js';
import type { Labels } from '../../../kernel/time-series.js';
import { serviceOf, type ServiceName } from '../service/service-name.js';

/** Which service asks which, as far as labels tell. */
export interface CallGraph {
  /**
   * By name of the caller: names of the services it calls, each with the event time at which a series last told of it.
   * Both maps are in the order of these times: the first was not heard of for the longest.
   */
  readonly callees: Map<string, Map<string, EpochMs>>;
  /** Grows when a call is added or forgotten. */
  changes: number;
}

/** As it is stored: callers by name, with the services they call. */
export type CallNames = Readonly<Record<string, readonly string[]>>;

/** Labels by which clients name the service they call: meshes, OpenTelemetry, connection pools. */
const CALLEE_LABELS = [
  'peer',
  'peer_service',
  'destination_service_name',
  'destination_service',
  'destination_workload',
  'upstream_service',
  'target_service',
  'server_service_name',
  'pool',
] as const;
const MOST_CALLEES = 200;
const MOST_CALLERS = 2_000;
/** A call that no series told of for so long is made no more. Event time. */
const FORGET_AFTER_MS = 86_400_000;

export function createCallGraph(): CallGraph {
  return { callees: new Map(), changes: 0 };
}

/** For asking who calls whom. */
export function callGraphOf(calls: CallNames): CallGraph {
  const entries = Object.entries(calls).map(
    ([caller, names]) => [caller, new Map(names.map((name) => [name, 0] as const))] as const,
  );
  return { callees: new Map(entries), changes: 0 };
}

export function callNames({ callees }: CallGraph): CallNames {
  return Object.fromEntries([...callees].map(([caller, names]) => [caller, [...names.keys()]]));
}

/**
 * Learns from one series that a client measures. True where it told of a call. Where there are too many callers, or
 * callees of one, what was not heard of for the longest gives way to what is heard of later.
 *
 * @param at event time at which the series lived
 */
export function learnCalls(graph: CallGraph, labels: Labels, at: EpochMs = 0): boolean {
  for (const label of CALLEE_LABELS) {
    const callee = labels[label];
    if (callee === undefined || callee === '') continue;
    const caller = serviceOf(labels);
    // `catalog.shop.svc.cluster.local` is `catalog` to everyone.
    const name = /^([^.]+)\.[^.]+\.svc(\.|$)/.exec(callee)?.[1] ?? callee;
    if (caller === null || caller.service === name) return false;
    hear(graph, caller.service, name, at);
    return true;
  }
  return false;
}

/** Forgets calls that no series told of for a day before `now` (event time). */
export function forgetCalls(graph: CallGraph, now: EpochMs): void {
  for (const [caller, names] of graph.callees) {
    for (const [name, at] of names) {
      if (now - at <= FORGET_AFTER_MS) break;
      names.delete(name);
      graph.changes += 1;
    }
    if (names.size === 0) graph.callees.delete(caller);
  }
}

function hear(graph: CallGraph, caller: string, callee: string, at: EpochMs): void {
  const { callees } = graph;
  const names = callees.get(caller) ?? new Map<string, EpochMs>();
  const isNew = !names.has(callee);
  if (isNew && names.size === MOST_CALLEES && !drop(names, (seen) => seen < at)) return;
  if (names.size === 0 && callees.size === MOST_CALLERS && !drop(callees, (others) => newestOf(others) < at)) return;
  // Late samples do not make it older than it is known to be.
  const seen = Math.max(at, names.get(callee) ?? at);
  names.delete(callee);
  names.set(callee, seen);
  callees.delete(caller);
  callees.set(caller, names);
  if (isNew) graph.changes += 1;
}

/** Takes the first out where it may go. */
function drop<T>(map: Map<string, T>, mayGo: (value: T) => boolean): boolean {
  for (const [name, value] of map) return mayGo(value) && map.delete(name);
  return false;
}

function newestOf(names: ReadonlyMap<string, EpochMs>): EpochMs {
  let newest = -Infinity;
  for (const at of names.values()) newest = Math.max(newest, at);
  return newest;
}

/** Whether one of the two calls the other. */
export function callsEachOther({ callees }: CallGraph, a: ServiceName, b: ServiceName): boolean {
  if (!sameOrUnknown(a.cluster, b.cluster)) return false;
  return (callees.get(a.service)?.has(b.service) ?? false) || (callees.get(b.service)?.has(a.service) ?? false);
}

/** The same service; a probe from outside does not know the cluster, and is taken at its word. */
export function isSameService(a: ServiceName, b: ServiceName): boolean {
  return a.service === b.service && sameOrUnknown(a.namespace, b.namespace) && sameOrUnknown(a.cluster, b.cluster);
}

function sameOrUnknown(a: string, b: string): boolean {
  return a === b || a === '' || b === '';
}
