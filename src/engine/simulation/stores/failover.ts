import type { DatabaseState, StoreInstance } from '../stores.types.js';
import { healthyZone } from './lost-zones.js';
import type { DatabasePlan } from './store-plan.js';

/** Seconds until a replica that was lost or promoted has been replaced by a new one. */
export const REPLICA_REBUILD_SECONDS = 600;

/** The primary dies; after the failover time the first replica that serves takes over. */
export function losePrimary(database: DatabaseState, { spec }: DatabasePlan, step: number): void {
  database.primaryUp = false;
  database.primary.upAt = Infinity;
  database.failoverEndsAt = step + spec.failover;
}

/**
 * Instances in lost zones die, new replicas arrive, and a failover ends: by promotion of a replica or, where there is
 * none, by the old primary starting again once its zone is back.
 *
 * @param lost by zone: 1 where the zone is lost
 * @returns replicas that died
 */
export function stepInstances(database: DatabaseState, plan: DatabasePlan, lost: Uint8Array, step: number): number {
  if (database.primaryUp && lost[database.primary.zone] === 1) losePrimary(database, plan, step);
  let killed = 0;
  for (const replica of database.replicas) {
    if (replica.upAt <= step && lost[replica.zone] === 1 && dies(replica, plan.zones, lost, step)) killed++;
  }
  if (!database.primaryUp && step >= database.failoverEndsAt) endFailover(database, lost, step);
  let up = 0;
  for (const replica of database.replicas) if (replica.upAt <= step) up++;
  database.replicasUp = up;
  return killed;
}

/** A replica that served is lost; one that was about to serve goes to another zone instead. */
function dies(replica: StoreInstance, zones: readonly number[], lost: Uint8Array, step: number): boolean {
  if (replica.upAt < step) {
    replica.upAt = step + REPLICA_REBUILD_SECONDS;
    return true;
  }
  const zone = healthyZone(zones, lost);
  if (zone < 0) replica.upAt = step + 1;
  else replica.zone = zone;
  return false;
}

function endFailover(database: DatabaseState, lost: Uint8Array, step: number): void {
  const { primary } = database;
  const successor = database.replicas.find(({ upAt }) => upAt <= step);
  if (successor === undefined && lost[primary.zone] === 1) return;
  if (successor !== undefined) {
    const zone = primary.zone;
    primary.zone = successor.zone;
    successor.zone = zone;
    successor.upAt = step + REPLICA_REBUILD_SECONDS;
    database.failovers++;
  }
  primary.upAt = step;
  database.primaryUp = true;
  database.failoverEndsAt = Infinity;
}
