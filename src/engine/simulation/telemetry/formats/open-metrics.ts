import type { FamilyDescriptor, ScrapeFrame } from '../telemetry.types.js';
import { append, type ChunkedText, flush, formatSample, slotsByFamily, type TextSink } from './exposition.js';
import { formatValue } from './numbers.js';
import type { ExpositionOptions } from './prometheus-text.js';

export const OPEN_METRICS_CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export const OPEN_METRICS_END = '# EOF\n';

/** One scrape in OpenMetrics text 1.0 (github.com/prometheus/OpenMetrics, specification/OpenMetrics.md). */
export function writeOpenMetrics(frame: ScrapeFrame, write: TextSink, options: ExpositionOptions = {}): void {
  const chunked: ChunkedText = { text: '', write };
  const ending = options.timestamps === true ? ` ${formatSeconds(frame.time)}\n` : '\n';
  for (const [family, slots] of slotsByFamily(frame)) {
    let named = false;
    for (const slot of slots) {
      const value = frame.values[slot]!;
      if (Number.isNaN(value)) continue;
      if (!named) append(chunked, formatOpenMetricsHeader(family));
      named = true;
      append(chunked, `${formatSample(frame.series[slot]!.labels)} ${formatValue(value)}${ending}`);
    }
  }
  append(chunked, OPEN_METRICS_END);
  flush(chunked);
}

/**
 * The name of a counter's family has no `_total`, its samples have. Counters of old exporters without that suffix
 * (`pg_stat_database_xact_commit`) are of unknown type here, as client libraries write them.
 */
export function formatOpenMetricsHeader({ name, type, help, unit }: FamilyDescriptor): string {
  const family = type === 'counter' ? name.replace(/_total$/, '') : name;
  const known = type === 'counter' && family === name ? 'unknown' : type;
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const unitLine = unit === '' ? '' : `# UNIT ${family} ${unit}\n`;
  return `# TYPE ${family} ${known}\n${unitLine}# HELP ${family} ${escaped}\n`;
}

/** Epoch milliseconds as OpenMetrics wants times: seconds. */
export function formatSeconds(timeMs: number): string {
  return String(timeMs / 1000);
}
