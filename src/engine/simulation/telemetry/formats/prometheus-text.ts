import type { FamilyDescriptor, ScrapeFrame } from '../telemetry.types.js';
import { append, type ChunkedText, flush, formatSample, slotsByFamily, type TextSink } from './exposition.js';
import { formatValue } from './numbers.js';

export const PROMETHEUS_TEXT_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface ExpositionOptions {
  /** Write the time of the scrape beside each sample; default: leave it to who scrapes. */
  readonly timestamps?: boolean;
}

/** One scrape in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
export function writePrometheusText(frame: ScrapeFrame, write: TextSink, options: ExpositionOptions = {}): void {
  const chunked: ChunkedText = { text: '', write };
  const ending = options.timestamps === true ? ` ${frame.time}\n` : '\n';
  for (const [family, slots] of slotsByFamily(frame)) {
    let named = false;
    for (const slot of slots) {
      const value = frame.values[slot]!;
      if (Number.isNaN(value)) continue;
      if (!named) append(chunked, formatPrometheusHeader(family));
      named = true;
      append(chunked, `${formatSample(frame.series[slot]!.labels)} ${formatValue(value)}${ending}`);
    }
  }
  flush(chunked);
}

export function formatPrometheusHeader({ name, type, help }: FamilyDescriptor): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type === 'unknown' ? 'untyped' : type}\n`;
}
