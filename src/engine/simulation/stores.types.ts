import type { ActiveFault } from './timeline/active-fault.types.js';

/** What databases, caches, queues and external services remember between steps. Plain data, by component index. */
export interface StoresState {
  readonly databases: Record<number, DatabaseState>;
  readonly caches: Record<number, CacheState>;
  readonly queues: Record<number, QueueState>;
  /** Grows by one whenever calls must be routed anew: an instance came or went, a disk filled up. */
  generation: number;
  readonly externals: Record<number, ExternalState>;
  /** By zone: 1 where the zone is lost. */
  readonly lostZones: Uint8Array;
  /** Faults that the parameters were last written for; null: none yet. */
  seen: readonly ActiveFault[] | null;
}

/** An instance of a store, by the zone (index in `Fleet.zones`) that it runs in. */
export interface StoreInstance {
  zone: number;
  /** Step from which it serves; Infinity: nobody is bringing it back. */
  upAt: number;
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
  primary: StoreInstance;
  readonly replicas: StoreInstance[];
  /** Connections of clients that nobody gives back. */
  leakedConnections: number;
  /** Bytes of `diskUsed` that a fault wrote; they go with it. */
  diskFilled: number;
  diskFull: boolean;
  /** Writes done since the start. */
  writes: number;
}

export interface CacheState {
  /** Share of the keys that it holds. */
  warmth: number;
  hits: number;
  misses: number;
  evicted: number;
  readonly instance: StoreInstance;
  /** Attempts at fetching what was missing, and those of them that failed, since the start. */
  fetches: number;
  fetchesFailed: number;
}

export interface QueueState {
  /** Messages published and consumed since the start. */
  published: number;
  consumed: number;
  /** Messages published and not yet consumed, by partition. */
  readonly lag: Float64Array;
  /** Share of the messages that each partition gets: keys are never spread evenly. */
  readonly partitionShare: Float64Array;
}

export interface ExternalState {
  /** Requests that arrived since the start, refused ones included. */
  arrived: number;
}
