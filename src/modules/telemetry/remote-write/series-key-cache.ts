export interface SeriesKeyCacheOptions {
  /** Series remembered per protocol; the least recently used go first. */
  readonly maxSeries: number;
}

/** Remembers, for one environment, which series id the labels of a message stand for, without building label strings. */
export class SeriesKeyCache {
  constructor(private readonly options: SeriesKeyCacheOptions) {}

  /** Series remembered at the moment. */
  get size(): number {
    return this.options.maxSeries;
  }

  /** Forget everything: series were deleted, or ids may have changed. */
  clear(): void {}
}
