import type { DatabaseState } from '../stores.types.js';

/**
 * Seconds behind the primary beyond which replicas get no reads: what routers of reads are set to so that users find
 * what they have just written.
 * Source: Pgpool-II `delay_threshold_by_time`; Patroni's REST API, `GET /replica?lag=`; ProxySQL `max_replication_lag`.
 */
export const MAX_READ_LAG = 30;

/** Whether the replicas of a database that are up may be read. */
export function areReplicasCurrent({ replicationLag }: Pick<DatabaseState, 'replicationLag'>): boolean {
  return replicationLag <= MAX_READ_LAG;
}
