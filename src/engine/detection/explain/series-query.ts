import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import { signalQuery } from '../service/signal-query.js';
import type { ScoredUnit } from '../series-unit.js';

/** PromQL for what is scored of a series: the series itself, or the rate of a counter. */
export function seriesQuery(labels: Labels, unit: ScoredUnit): string {
  const name = labels[METRIC_NAME_LABEL] ?? '';
  const signal = signalQuery(labels);
  if (signal !== null) return signal;
  const matchers = Object.keys(labels)
    .filter((label) => label !== METRIC_NAME_LABEL)
    .sort()
    .map((label) => `${quotedName(label)}=${JSON.stringify(labels[label])}`);
  const plain = name === '' || /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
  const all = plain ? matchers : [JSON.stringify(name), ...matchers];
  const selector = `${plain ? name : ''}${all.length === 0 ? '' : `{${all.join(', ')}}`}`;
  return unit === 'per_second' ? `rate(${selector}[2m])` : selector;
}

/** Names beyond the classic letters are quoted, as Prometheus 3 reads them. */
function quotedName(label: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) ? label : JSON.stringify(label);
}
