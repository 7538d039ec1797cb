import { CELLS_PER_STATION, type NetworkParameters } from '../model/parameters.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { DatabaseState } from '../stores.types.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';
import { namesComponent, workFactorOf } from '../timeline/component-effects.js';
import type { TrafficState } from '../traffic/traffic-state.types.js';
import { losePrimary, stepInstances } from './failover.js';
import { areReplicasCurrent } from './read-replicas.js';
import type { DatabasePlan } from './store-plan.js';

/**
 * Share of a write's work that a replica spends on applying it. Replay is one process (PostgreSQL streaming
 * replication), so that a replica falls behind when writes keep more than 1 / this many cores of the primary busy.
 */
export const APPLY_COST = 0.3;

/** The primary stands in the first zone of its cluster's region, replicas in the zones after it, in turn. */
export function createDatabase({ spec, zones }: DatabasePlan): DatabaseState {
  const zoneOf = (instance: number): number => zones[instance % zones.length]!;
  return {
    primaryUp: true,
    failoverEndsAt: Infinity,
    replicasUp: spec.replicas,
    replicationLag: spec.replicationLag,
    diskUsed: spec.diskUsed,
    connections: 0,
    transactionsRefused: 0,
    failovers: 0,
    primary: { zone: zoneOf(0), upAt: -1 },
    replicas: Array.from({ length: spec.replicas }, (_, i) => ({ zone: zoneOf(i + 1), upAt: -1 })),
    leakedConnections: 0,
    diskFilled: 0,
    diskFull: spec.diskUsed >= spec.disk,
    writes: 0,
  };
}

/** Writes what only faults change. */
export function configureDatabase(
  plan: DatabasePlan,
  active: readonly ActiveFault[],
  parameters: NetworkParameters,
): void {
  const { cells, contention } = parameters;
  const { name, cluster, cores } = plan.spec;
  const workFactor = workFactorOf(active, name, cluster);
  let storm = 0;
  for (const fault of active) {
    if (fault.kind === 'lock-storm' && namesComponent(fault, name)) storm += fault.settings['contention']!;
  }
  contention[plan.primary] = plan.spec.contention + storm;
  for (const cell of [plan.primaryCell, plan.replicasCell]) {
    if (cell < 0) continue;
    cells.workers[cell] = cores;
    cells.queueLimit[cell] = 0;
    cells.workFactor[cell] = workFactor;
  }
}

/** @returns whether calls must be routed anew */
export function stepDatabase(plan: DatabasePlan, database: DatabaseState, state: SimulationState): boolean {
  const { step, stores } = state;
  const { servers, killed } = state.parameters.cells;
  const { primaryCell, replicasCell } = plan;
  const primaries = servers[primaryCell]!;
  const replicas = replicasCell < 0 ? 0 : servers[replicasCell]!;
  if (database.primaryUp && dies(plan.spec.name, state)) losePrimary(database, plan, step);
  const replicasKilled = stepInstances(database, plan, stores.lostZones, step);
  servers[primaryCell] = database.primaryUp ? 1 : 0;
  killed[primaryCell] = Math.max(0, primaries - servers[primaryCell]!);
  if (replicasCell >= 0) {
    servers[replicasCell] = database.replicasUp;
    killed[replicasCell] = replicasKilled;
  }
  countConnections(plan, database, state);
  const wasFull = database.diskFull;
  const wereCurrent = areReplicasCurrent(database);
  stepDataFiles(plan, database, state);
  return (
    primaries !== servers[primaryCell] ||
    replicas !== database.replicasUp ||
    replicasKilled > 0 ||
    wasFull !== database.diskFull ||
    wereCurrent !== areReplicasCurrent(database)
  );
}

function dies(name: string, { step, timeline }: SimulationState): boolean {
  for (const fault of timeline.active) {
    if (fault.kind === 'database-failover' && fault.since === step && namesComponent(fault, name)) return true;
  }
  return false;
}

/** Leaked connections take places from queries; what finds no place is refused ("too many clients already"). */
function countConnections(plan: DatabasePlan, database: DatabaseState, state: SimulationState): void {
  const { flows, parameters } = state;
  const leaked = (state.traffic as TrafficState).leakedPerPod;
  const { servers, slots } = parameters.cells;
  const readsReplicas = plan.spec.readFromReplicas && database.replicasUp > 0 && areReplicasCurrent(database);
  let pooled = 0;
  let lostAtPrimary = 0;
  let lostAtReplicas = 0;
  for (const { edge, size, deployment, firstCell, write } of plan.pools) {
    pooled += flows.poolInUse[edge]!;
    const perPod = leaked[deployment]!;
    if (perPod === 0) continue;
    let pods = 0;
    for (let cell = firstCell; cell < firstCell + CELLS_PER_STATION; cell++) pods += servers[cell]!;
    if (write || !readsReplicas) lostAtPrimary += Math.min(size, perPod) * pods;
    else lostAtReplicas += Math.min(size, perPod) * pods;
  }
  const { inFlight, rejected } = flows;
  let running = inFlight[plan.readRow]! + inFlight[plan.writeRow]!;
  let refused = rejected[plan.readRow]! + rejected[plan.writeRow]!;
  slots[plan.primaryCell] = Math.max(1, plan.spec.maxConnections - lostAtPrimary);
  if (plan.replicasCell >= 0) {
    running += inFlight[plan.replicaReadRow]!;
    refused += rejected[plan.replicaReadRow]!;
    slots[plan.replicasCell] = Math.max(
      1,
      plan.spec.maxConnections - lostAtReplicas / Math.max(1, database.replicasUp),
    );
  }
  database.leakedConnections = lostAtPrimary + lostAtReplicas;
  database.connections = Math.max(pooled, running) + database.leakedConnections;
  database.transactionsRefused = refused;
}

function stepDataFiles(
  plan: DatabasePlan,
  database: DatabaseState,
  { flows, timeline, parameters }: SimulationState,
): void {
  const { spec } = plan;
  const writes = flows.ok[plan.writeRow]! - database.writes;
  database.writes += writes;
  let growth = 0;
  let filling = 0;
  let fills = false;
  for (const fault of timeline.active) {
    if (!namesComponent(fault, spec.name)) continue;
    if (fault.kind === 'replication-lag') growth += fault.settings['growth']!;
    if (fault.kind === 'disk-full') {
      fills = true;
      filling += fault.settings['rate']!;
    }
  }
  const applying = writes * plan.meanWrite * parameters.cells.workFactor[plan.primaryCell]! * APPLY_COST;
  const drift = growth > 0 ? growth + Math.max(0, applying - 1) : applying - 1;
  database.replicationLag = Math.max(spec.replicationLag, database.replicationLag + drift);
  if (!fills && database.diskFilled > 0) {
    database.diskUsed -= database.diskFilled;
    database.diskFilled = 0;
  }
  const room = Math.max(0, spec.disk - database.diskUsed);
  const filled = Math.min(filling, room);
  database.diskFilled += filled;
  database.diskUsed += Math.min(room, filled + writes * spec.bytesPerWrite);
  database.diskFull = database.diskUsed >= spec.disk;
}
