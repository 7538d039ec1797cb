/** Cells that a station can have at once. */
export const CELLS_PER_STATION = 8;

/**
 * The changing part of the network, written by the control plane between steps, read by the solver. Arrays are indexed
 * as their comments say; a solver must not write here.
 */
export interface NetworkParameters {
  readonly cells: CellTable;
  /** Per route (`Network.routes`): share of the edge's calls relative to the other routes; 0: not used. */
  readonly routeWeight: Float64Array;
  /** Per route: round trip added to the call, seconds. */
  readonly routeDelay: Float64Array;
  /** Per route: probability that the call vanishes; the caller waits until its timeout (60 s where it has none). */
  readonly routeLoss: Float64Array;
  /** Per route: probability that the call fails at once (refused, no DNS, bad certificate). */
  readonly routeRefuse: Float64Array;
  /** Per edge: seconds; Infinity: none. Counts per attempt, from its start, waiting for the pool included. */
  readonly edgeTimeout: Float64Array;
  /** Per edge: attempts after the first that faults add to `Edge.retries`. */
  readonly edgeExtraRetries: Float64Array;
  /** Per edge: probability that a wanted retry is allowed (retry budget). */
  readonly edgeRetryShare: Float64Array;
  /** Per edge: share of calls that the circuit breaker lets through; the rest fails at once, without retry. */
  readonly edgeAdmit: Float64Array;
  /** Per edge: connections per server of the caller; Infinity: unlimited. */
  readonly edgePool: Float64Array;
  /** Per operation: 1 for all but caches. */
  readonly hitRatio: Float64Array;
  /** Per station: work of contending operations is multiplied by 1 + contention x (others running in that server). */
  readonly contention: Float64Array;
}

/**
 * Groups of alike servers of a station: cell c belongs to station floor(c / CELLS_PER_STATION). Servers of different
 * version or health are different cells. A slot without servers is unused, though requests may still be in it.
 */
export interface CellTable {
  /** Servers that take requests. */
  readonly servers: Int32Array;
  /** Servers that vanished abruptly since the last step; what was in them fails. Others that went drain. */
  readonly killed: Int32Array;
  /** Changes when the slot is given to a new population. */
  readonly epoch: Int32Array;
  /** Version index within the station's service (0 for stores); for telemetry. */
  readonly version: Int32Array;
  /** Requests that one server works on at once; whole, at least 1. */
  readonly workers: Float64Array;
  /** Speed of each worker: work takes work / speed seconds. 0: stuck, nothing moves. */
  readonly speed: Float64Array;
  /** Requests that one server holds at once, dependencies included. */
  readonly slots: Float64Array;
  /** Requests that may wait for a place in one server; Infinity for a shared queue. */
  readonly queueLimit: Float64Array;
  /** Relative share of the station's requests per server (canary); 1 normally. */
  readonly weight: Float64Array;
  /** Probability that a request fails with 500 after its work, beside the operation's own. */
  readonly errorRatio: Float64Array;
  /** Work times. */
  readonly workFactor: Float64Array;
  /** Probability that an arrival is refused (load shedding, rate limit). */
  readonly shedRatio: Float64Array;
}
