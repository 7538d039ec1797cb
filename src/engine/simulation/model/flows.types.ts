/**
 * What happened, as counters since the start of the run: they only grow. Readers keep the last value and take
 * differences. A "row" is cell x `Network.operationStride` + position of the operation in its station.
 *
 * Conservation, at the end of every step, per row: arrived = ok + failed + rejected + inFlight.
 */
export interface Flows {
  /** Per row: requests that reached the cell (retries are requests of their own). */
  readonly arrived: Float64Array;
  readonly ok: Float64Array;
  /** Per row: failed on their own (500) or because their server was killed. */
  readonly failedOwn: Float64Array;
  /** Per row: failed because a dependency answered with an error (502). */
  readonly failedDependency: Float64Array;
  /** Per row: failed because a dependency did not answer in time (504). */
  readonly failedTimeout: Float64Array;
  /** Per row: refused on arrival (503): queue full, shed. */
  readonly rejected: Float64Array;
  /** Per row: requests in the cell at the end of the step, waiting ones included. A gauge. */
  readonly inFlight: Float64Array;
  /** Per row: time in the station of finished requests (not the rejected ones), seconds. */
  readonly durationSum: Float64Array;
  /** Per row x (durationBounds + 1): finished requests per bucket, not cumulative over buckets. */
  readonly durationBuckets: Float64Array;

  /** Per cell: CPU seconds used by requests. */
  readonly cpuSeconds: Float64Array;
  /** Per cell: mean busy workers over the step, all servers together. A gauge. */
  readonly busyWorkers: Float64Array;
  /** Per cell: requests waiting for a place or a worker at the end of the step. A gauge. */
  readonly queued: Float64Array;
  /** Per cell: seconds x servers in which all workers of a server were busy. */
  readonly saturatedSeconds: Float64Array;

  /** Per edge: calls that callers wanted to make (fan-out counted), first attempts only. */
  readonly calls: Float64Array;
  /** Per edge: attempts sent, retries included; what the breaker stopped is not. */
  readonly attempts: Float64Array;
  readonly attemptsFailed: Float64Array;
  /** Per edge: of those, the ones that ran into the timeout. */
  readonly attemptsTimedOut: Float64Array;
  /** Per edge: calls that the breaker stopped. */
  readonly shortCircuited: Float64Array;
  /** Per edge: connections of the pool in use at the end of the step, all callers together. A gauge. */
  readonly poolInUse: Float64Array;

  /** Per entry: users' requests (first attempts). At every step: offered = answered + failed + waiting. */
  readonly userOffered: Float64Array;
  readonly userOk: Float64Array;
  readonly userFailed: Float64Array;
  /** Per entry: requests whose outcome is open, at the end of the step. A gauge. */
  readonly userWaiting: Float64Array;
  /** Per entry x (userBounds + 1): successful requests per bucket of the time users waited, not cumulative. */
  readonly userBuckets: Float64Array;
  /** Per entry: time that users waited for successful answers, seconds. */
  readonly userDurationSum: Float64Array;
}
