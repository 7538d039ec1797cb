import { METRIC_NAME_LABEL } from '../../../../kernel/time-series.js';
import { append, type ChunkedText, flush, formatSample, type TextSink } from './exposition.js';
import { formatValue } from './numbers.js';
import { formatOpenMetricsHeader, formatSeconds, OPEN_METRICS_END } from './open-metrics.js';
import type { BlockSeries, RunBlock } from './run-block.js';

/**
 * A block of a run as OpenMetrics text that `promtool tsdb create-blocks-from openmetrics` takes: every family once,
 * every metric together, its points in the order of time. A block is a file of its own; for one file of several blocks
 * leave out the end of all but the last (promtool accepts families that come again, OpenMetrics does not).
 */
export function writeOpenMetricsBlock(
  block: RunBlock,
  write: TextSink,
  options: { readonly end?: boolean } = {},
): void {
  const chunked: ChunkedText = { text: '', write };
  const times = block.times.map((time) => ` ${formatSeconds(time)}\n`);
  for (const family of block.families) {
    const series = block.series.get(family.name) ?? [];
    if (series.length === 0) continue;
    const header = formatOpenMetricsHeader(family);
    let named = false;
    const name = (): void => {
      if (!named) append(chunked, header);
      named = true;
    };
    const groups = family.type === 'histogram' ? metricsOf(series) : series.map((each) => [each]);
    for (const group of groups) writeMetric(chunked, block, group, times, name);
  }
  if (options.end !== false) append(chunked, OPEN_METRICS_END);
  flush(chunked);
}

/** All that a metric has at one time comes before what it has at the next: buckets, count and sum together. */
function writeMetric(
  chunked: ChunkedText,
  block: RunBlock,
  group: readonly BlockSeries[],
  times: readonly string[],
  name: () => void,
): void {
  const names = group.map(({ descriptor }) => `${formatSample(descriptor.labels)} `);
  const { from, to } = group[0]!;
  for (let i = from; i < to; i++) {
    for (let k = 0; k < group.length; k++) {
      const value = block.value(group[k]!, i);
      if (Number.isNaN(value)) continue;
      name();
      append(chunked, names[k]! + formatValue(value) + times[i]!);
    }
  }
}

/** Series of histograms by metric: same labels but for `le`. */
function metricsOf(series: readonly BlockSeries[]): readonly (readonly BlockSeries[])[] {
  const groups = new Map<string, BlockSeries[]>();
  for (const each of series) {
    const { [METRIC_NAME_LABEL]: _name, le: _le, ...labels } = each.descriptor.labels;
    const key = `${each.from} ${each.to} ${JSON.stringify(labels)}`;
    const group = groups.get(key) ?? [];
    if (group.length === 0) groups.set(key, group);
    group.push(each);
  }
  return [...groups.values()];
}
