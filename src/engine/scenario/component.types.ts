/** Time of work per request. `empirical` gives its quantile function at evenly spaced probabilities from 0 to 1. */
export type DistributionSpec =
  | { readonly kind: 'deterministic'; readonly mean: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'log-normal'; readonly mean: number; readonly p99: number }
  | { readonly kind: 'empirical'; readonly quantiles: readonly number[] };

export interface ServiceSpec {
  readonly name: string;
  /** Clusters that run it, each its own Deployment. */
  readonly clusters: readonly string[];
  /** Replicas per cluster at the start. */
  readonly replicas: number;
  readonly version: string;
  readonly resources: ResourcesSpec;
  readonly startup: StartupSpec;
  /** Requests that a pod holds at once, waiting for dependencies included; at least 1. */
  readonly concurrency: number;
  /** Requests that a pod works on at once (threads on the CPU); capped by what its CPU limit carries. */
  readonly parallelism: number;
  /** Requests that wait in a pod for a free place; more are refused with 503. */
  readonly queueLimit: number;
  readonly memory: MemorySpec;
  /** Cores that a pod uses when idle. */
  readonly idleCpu: number;
  readonly rollout: RolloutSpec;
  /** Refuses part of the arrivals while the queueing time is above the target. Null: off. */
  readonly loadShedding: { readonly targetQueueSeconds: number } | null;
  readonly operations: readonly OperationSpec[];
  /** A consumer takes its requests from a queue instead of a network port. */
  readonly consumes: { readonly queue: string; readonly operation: string } | null;
  /** Seconds from start to the expiry of its TLS certificate; Infinity: it is renewed in time. */
  readonly certificateExpires: number;
  readonly terminationGrace: number;
  /** A readiness probe that stands in line with the requests. Null or absent: it is answered however busy the pod is. */
  readonly readiness?: ReadinessSpec | null;
}

/** As in a `readinessProbe`: seconds, and counts of probes in a row. */
export interface ReadinessSpec {
  readonly period: number;
  readonly timeout: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
}

export interface ResourcesSpec {
  readonly cpuRequest: number;
  /** Infinity: no limit. */
  readonly cpuLimit: number;
  readonly memoryRequest: number;
  readonly memoryLimit: number;
}

/** Seconds of each phase of a pod's start. Scheduling takes as long as there is no node. */
export interface StartupSpec {
  /** Image pull on a node that does not have the image yet. */
  readonly pull: number;
  /** Process start until the first readiness probe can succeed. */
  readonly start: number;
  /** Until the readiness probe has succeeded. */
  readonly ready: number;
}

export interface MemorySpec {
  readonly base: number;
  /** Bytes while a request is in the pod. */
  readonly perRequest: number;
}

export type RolloutSpec =
  | { readonly strategy: 'rolling'; readonly maxSurge: AbsoluteOrShare; readonly maxUnavailable: AbsoluteOrShare }
  | { readonly strategy: 'recreate' }
  /** Traffic weight steps of the new version; the last step is followed by full promotion. */
  | { readonly strategy: 'canary'; readonly steps: readonly { readonly weight: number; readonly pause: number }[] }
  /** A full second set; the switch happens `promoteAfter` seconds after it is ready (Infinity: by hand). */
  | { readonly strategy: 'blue-green'; readonly promoteAfter: number };

export type AbsoluteOrShare = { readonly pods: number } | { readonly share: number };

export interface OperationSpec {
  readonly name: string;
  readonly method: string;
  /** Route template, the label `route`: `/orders/{id}`. */
  readonly route: string;
  readonly work: DistributionSpec;
  /** CPU seconds per request. */
  readonly cpu: number;
  /** Share answered with 404; such a request is a success to us. */
  readonly clientErrorRatio: number;
  /** Share answered with 500 in the best of times. */
  readonly errorRatio: number;
  /** One after another; the calls of a stage run in parallel. */
  readonly stages: readonly (readonly CallSpec[])[];
}

export interface CallSpec {
  readonly component: string;
  /** Operation of a service; `read` or `write` of a database, `get` of a cache, `publish` of a queue, `call` of an external. */
  readonly operation: string;
  readonly probability: number;
  /** Calls made at once in this stage. */
  readonly fanOut: number;
  /** Seconds; Infinity: none. The callee keeps working after it. */
  readonly timeout: number;
  readonly retries: RetrySpec;
  readonly breaker: BreakerSpec | null;
  /** Connections per pod to this component and how long a request waits for one. Null: unlimited. */
  readonly pool: { readonly size: number; readonly timeout: number } | null;
  /** A failed call does not fail the request. */
  readonly optional: boolean;
  /** What the caller does when the cache has no entry. */
  readonly onMiss: readonly (readonly CallSpec[])[];
}

export interface RetrySpec {
  /** Attempts after the first. */
  readonly max: number;
  /** Seconds before the first retry. */
  readonly backoff: number;
  readonly multiplier: number;
  readonly maxBackoff: number;
  /** Retries may be at most this share of first attempts; Infinity: no budget. */
  readonly budget: number;
}

export interface BreakerSpec {
  /** Opens when this share of the calls of the window failed. */
  readonly errorRatio: number;
  /** Calls in the window below which it does not open. */
  readonly minimumCalls: number;
  /** Seconds. */
  readonly window: number;
  /** Seconds it stays open before it lets a few through. */
  readonly openFor: number;
}

export type StoreSpec = DatabaseSpec | CacheSpec | QueueSpec | ExternalSpec;

export interface DatabaseSpec {
  readonly kind: 'database';
  readonly name: string;
  readonly cluster: string;
  readonly replicas: number;
  /** Cores of an instance: queries worked on at once. */
  readonly cores: number;
  readonly memory: number;
  readonly disk: number;
  readonly diskUsed: number;
  /** Bytes that a write adds to the disk. */
  readonly bytesPerWrite: number;
  readonly maxConnections: number;
  readonly read: DistributionSpec;
  readonly write: DistributionSpec;
  /** Writes slow down by this share for each other write that is running. */
  readonly contention: number;
  /** Seconds of replication lag in the best of times. */
  readonly replicationLag: number;
  /** Seconds without a primary during a failover. */
  readonly failover: number;
  /** Reads go to the replicas while there are any that are not too far behind. */
  readonly readFromReplicas: boolean;
}

export interface CacheSpec {
  readonly kind: 'cache';
  readonly name: string;
  readonly cluster: string;
  readonly latency: DistributionSpec;
  readonly cores: number;
  readonly memory: number;
  /** Hit ratio when warm. */
  readonly hitRatio: number;
  /** Distinct entries that the load asks for; filling them warms it. */
  readonly keys: number;
  readonly bytesPerKey: number;
}

export interface QueueSpec {
  readonly kind: 'queue';
  readonly name: string;
  readonly cluster: string;
  readonly partitions: number;
  readonly latency: DistributionSpec;
}

export interface ExternalSpec {
  readonly kind: 'external';
  readonly name: string;
  /** Region where it stands; null: as far as `betweenRegions`. */
  readonly region: string | null;
  readonly latency: DistributionSpec;
  readonly errorRatio: number;
  /** Requests per second above which it answers 429; Infinity: none. */
  readonly rateLimit: number;
}
