import type { ServiceSpec, StoreSpec } from '../../scenario/component.types.js';
import type { ClusterSpec, NodePoolSpec, RegionSpec } from '../../scenario/platform.types.js';
import type { Scenario } from '../../scenario/scenario.types.js';
import type { Network } from './network.types.js';

/** A scenario, compiled: names resolved to indexes, the queueing network built. Static during a run. */
export interface Fleet {
  readonly scenario: Scenario;
  readonly network: Network;
  readonly regions: readonly RegionSpec[];
  readonly zones: readonly Zone[];
  readonly clusters: readonly Cluster[];
  readonly components: readonly Component[];
  /** One per service and cluster, in the order of their stations. */
  readonly deployments: readonly Deployment[];
  /** What each station is, by index. */
  readonly roles: readonly StationRole[];
  /** Per edge: what it is in the words of the scenario. */
  readonly calls: readonly CallRole[];
}

export interface Zone {
  readonly index: number;
  readonly name: string;
  readonly region: number;
}

export interface Cluster {
  readonly index: number;
  readonly spec: ClusterSpec;
  readonly region: number;
  /** Zones of its region, by index. */
  readonly zones: readonly number[];
  readonly pools: readonly NodePoolSpec[];
}

export type Component =
  | {
      readonly index: number;
      readonly kind: 'service';
      readonly name: string;
      readonly spec: ServiceSpec;
      readonly stations: readonly number[];
    }
  | {
      readonly index: number;
      readonly kind: 'store';
      readonly name: string;
      readonly spec: StoreSpec;
      readonly stations: readonly number[];
    };

export interface Deployment {
  readonly index: number;
  readonly name: string;
  readonly component: number;
  readonly cluster: number;
  readonly station: number;
  readonly spec: ServiceSpec;
}

/** `cluster` is -1 for an external service. */
export type StationRole =
  | { readonly kind: 'service'; readonly component: number; readonly cluster: number; readonly deployment: number }
  | {
      readonly kind: 'database-primary' | 'database-replicas' | 'cache' | 'queue' | 'external';
      readonly component: number;
      readonly cluster: number;
    };

export interface CallRole {
  /** Component that calls; -1: users. */
  readonly caller: number;
  readonly callee: number;
  /** Cluster that the caller runs in; -1: users. */
  readonly cluster: number;
  /** Position in `Network.entries`, or -1. */
  readonly entry: number;
  /** Timeout in the best of times, seconds; Infinity: none. */
  readonly timeout: number;
  readonly poolSize: number;
  /** Retries may be at most this share of calls. */
  readonly retryBudget: number;
  readonly breaker: {
    readonly errorRatio: number;
    readonly minimumCalls: number;
    readonly window: number;
    readonly openFor: number;
  } | null;
}
