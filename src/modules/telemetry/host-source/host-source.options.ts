/** What the telemetry module tells the host source; also its injection token. */
export abstract class HostSourceOptions {
  /** Seconds between two readings, `telemetry.hostIntervalSeconds`. */
  abstract readonly intervalSeconds: number;
  /** Samples kept in memory while the database is away; the oldest go first. Default 200,000. */
  readonly maxBufferedSamples?: number;
}
