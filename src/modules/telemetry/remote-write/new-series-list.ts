import type { Labels, MetricType } from '../../../kernel/time-series.js';
import type { NewSeries } from './decoded-write.js';
import { SeriesRefusedError } from './remote-write.errors.js';

/** Series of one request that the cache does not know, each once however often it occurs. */
export class NewSeriesList {
  readonly series: NewSeries[] = [];
  private readonly indexByKey = new Map<string, number>();

  /** The reference that stands in for an id: -1 - index. */
  reference(key: Uint8Array, describe: () => { labels: Labels; metricType: MetricType }): number {
    const text = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
    let index = this.indexByKey.get(text);
    if (index === undefined) {
      index = this.series.push({ ...describeOrRefuse(describe), key: key.slice() }) - 1;
      this.indexByKey.set(text, index);
    }
    return -1 - index;
  }
}

function describeOrRefuse(describe: () => { labels: Labels; metricType: MetricType }): Omit<NewSeries, 'key'> {
  try {
    return describe();
  } catch (error) {
    if (!(error instanceof SeriesRefusedError)) throw error;
    return { labels: {}, metricType: 'unknown', refusal: { path: error.where, message: error.what } };
  }
}
