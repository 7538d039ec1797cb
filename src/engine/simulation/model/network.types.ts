/**
 * The fleet as a queueing network: what both solvers see. It knows nothing of Kubernetes, clouds or faults; those act
 * on it through `NetworkParameters` between steps. Everything is static here and refers to other parts by index.
 */
export interface Network {
  readonly stations: readonly Station[];
  readonly operations: readonly Operation[];
  readonly edges: readonly Edge[];
  /** Indexes of the edges by which users come in, in the order of the scenario's entry points. */
  readonly entries: readonly number[];
  /** Most operations that any station has: the stride of arrays per cell and operation. */
  readonly operationStride: number;
  /** Routes of all edges: edge e owns `targets[offset[e]] .. targets[offset[e + 1] - 1]` (operation indexes). */
  readonly routes: { readonly offset: Int32Array; readonly target: Int32Array; readonly edge: Int32Array };
  /** Upper bounds of the exposed request duration buckets, seconds, ascending; one more bucket follows for +Inf. */
  readonly durationBounds: Float64Array;
  /** Finer bounds for what users see at the entries, seconds, ascending; contains every SLO latency. One more follows. */
  readonly userBounds: Float64Array;
}

/** A place where work queues: a Deployment in one cluster, a database role, a cache, a broker, an external service. */
export interface Station {
  readonly index: number;
  /** Unique: `checkout@eu`, `orders-db.primary`. */
  readonly name: string;
  /**
   * `servers`: instances with places, queues and workers. `delay`: every request is served at once (infinite server):
   * brokers and external services.
   */
  readonly kind: 'servers' | 'delay';
  /** `random`: each server has its own queue and requests pick one at random; `shared`: one queue, first come first served. */
  readonly dispatch: 'random' | 'shared';
  readonly operations: readonly number[];
}

/** What a station can be asked for: first `work` on one of its workers, then its stages, then the answer. */
export interface Operation {
  readonly index: number;
  readonly station: number;
  /** Position within `Station.operations`. */
  readonly position: number;
  readonly name: string;
  readonly work: WorkDistribution;
  /** CPU seconds per request, independent of how long the work takes. */
  readonly cpuSeconds: number;
  /** Share that fails on its own after the work, with 500. */
  readonly errorRatio: number;
  /** Slows down with the number of such operations that run in the same server (lock contention). */
  readonly contends: boolean;
  /** One after another; edges of a stage start together, and the stage ends when all have (those not async). */
  readonly stages: readonly (readonly number[])[];
}

/** A non-negative random time, seconds. */
export type WorkDistribution =
  | { readonly kind: 'deterministic'; readonly mean: number; readonly scv: 0 }
  | { readonly kind: 'exponential'; readonly mean: number; readonly scv: 1 }
  /** exp(mu + sigma Z); mean and squared coefficient of variation follow. */
  | {
      readonly kind: 'log-normal';
      readonly mean: number;
      readonly scv: number;
      readonly mu: number;
      readonly sigma: number;
    }
  /** Linear between quantiles at evenly spaced probabilities from 0 to 1. */
  | { readonly kind: 'empirical'; readonly mean: number; readonly scv: number; readonly quantiles: Float64Array };

/** A call from an operation (or from users, `from` -1) to one of the operations that its routes name. */
export interface Edge {
  readonly index: number;
  readonly from: number;
  readonly name: string;
  readonly probability: number;
  /** Copies started together, each with its own fate; whole, at least 1. */
  readonly fanOut: number;
  /** The caller goes on without waiting and never learns the outcome. */
  readonly async: boolean;
  /** A failure does not fail the caller. */
  readonly optional: boolean;
  readonly retries: number;
  /** Seconds before retry k: min(maxBackoff, backoff x multiplier^k), with full jitter (uniform from 0 to it). */
  readonly backoff: number;
  readonly multiplier: number;
  readonly maxBackoff: number;
  /** Seconds that a request waits for a connection of the pool (`NetworkParameters.edgePool`); then the call fails. */
  readonly poolTimeout: number;
  /** After a successful call, with probability 1 - hit ratio of the answering operation, these stages follow. */
  readonly onMiss: readonly (readonly number[])[];
}
