/** The metrics of the worker that this process forked, as Prometheus text; undefined where there is none. */
export abstract class WorkerMetrics {
  /** Answers within a second or so; undefined while the worker is down. */
  abstract collect(): Promise<string | undefined>;
}

export class NoWorkerMetrics extends WorkerMetrics {
  override collect(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
