/** What databases, caches, queues and external services remember between steps. Plain data, by component index. */
export interface StoresState {
  readonly databases: Record<number, DatabaseState>;
  readonly caches: Record<number, CacheState>;
  readonly queues: Record<number, QueueState>;
}

export interface DatabaseState {
  primaryUp: boolean;
  /** Step at which a replica takes over; Infinity: no failover is running. */
  failoverEndsAt: number;
  replicasUp: number;
  /** Seconds behind the primary. */
  replicationLag: number;
  diskUsed: number;
  /** Connections of clients that are open, leaked ones included. */
  connections: number;
  transactionsRefused: number;
  failovers: number;
}

export interface CacheState {
  /** Share of the keys that it holds. */
  warmth: number;
  hits: number;
  misses: number;
  evicted: number;
}

export interface QueueState {
  /** Messages published and consumed since the start. */
  published: number;
  consumed: number;
  /** Messages waiting, by partition. */
  readonly lag: Float64Array;
}
