import type { TextSink } from './exposition.js';
import { append, type ChunkedText, flush, formatSample } from './exposition.js';
import { formatValue } from './numbers.js';
import { formatPrometheusHeader } from './prometheus-text.js';
import type { RunBlock } from './run-block.js';

/** A block of a run in Prometheus' text format with timestamps, for `/api/v1/import/prometheus` of VictoriaMetrics and the like. */
export function writePrometheusBlock(block: RunBlock, write: TextSink): void {
  const chunked: ChunkedText = { text: '', write };
  const times = block.times.map((time) => ` ${time}\n`);
  for (const family of block.families) {
    let named = false;
    for (const series of block.series.get(family.name) ?? []) {
      const name = `${formatSample(series.descriptor.labels)} `;
      for (let i = series.from; i < series.to; i++) {
        const value = block.value(series, i);
        if (Number.isNaN(value)) continue;
        if (!named) append(chunked, formatPrometheusHeader(family));
        named = true;
        append(chunked, name + formatValue(value) + times[i]!);
      }
    }
  }
  flush(chunked);
}
