import type { Labels } from '../../../kernel/time-series.js';
import type { SignalPart } from './classify-source.js';
import type { Aggregation } from './signals.types.js';

/** Two minutes hold eight scrapes of 15 s: enough for a rate, short enough to see a fault. */
const WINDOW = '2m';

/**
 * PromQL for a signal, for a person to run. It matches by the label `service`; where a service was recognised by
 * another label, that name has to be put in its place.
 */
export function queryOf(
  { metric, suffix, aggregation }: Pick<SignalPart, 'metric' | 'suffix' | 'aggregation'>,
  labels: Labels,
): string {
  const series = (name: string, more = '') => `${name}{${matchersOf(labels)}${more}}`;
  const rate = (name: string, more = '') => `sum(rate(${series(name, more)}[${WINDOW}]))`;
  switch (aggregation) {
    case 'quantile': {
      const q = suffix === 'p99' ? '0.99' : '0.5';
      return `histogram_quantile(${q}, sum by (le) (rate(${series(`${metric}_bucket`)}[${WINDOW}])))`;
    }
    case 'ratio':
      return suffix === 'mean'
        ? `${rate(`${metric}_sum`)} / ${rate(`${metric}_count`)}`
        : `${rate(metric, ', code=~"5.."')} / ${rate(metric)}`;
    case 'sum':
      return suffix === 'rate' ? rate(metric) : `sum(${series(metric)})`;
    case 'mean':
      return `avg(${series(metric)})`;
    case 'residual':
      return metric;
    case 'max':
      return `max(${series(metric)})`;
  }
}

const AGGREGATIONS: Readonly<Record<string, Aggregation>> = {
  rate: 'sum',
  sum: 'sum',
  mean: 'mean',
  max: 'max',
  error_ratio: 'ratio',
  p50: 'quantile',
  p99: 'quantile',
};

/** The same from the labels of a recorded signal; null where the series is none. */
export function signalQuery(labels: Labels): string | null {
  const [, metric, suffix] = /^service:(.+):([a-z0-9_]+)$/.exec(labels['__name__'] ?? '') ?? [];
  if (metric === undefined || suffix === undefined) return null;
  // A mean of durations is a ratio of sums, a mean of anything else is one over pods.
  const isMeanOfHistogram =
    suffix === 'mean' && /_(seconds|bytes)$/.test(metric) && /duration|latency|size/.test(metric);
  const aggregation = isMeanOfHistogram ? 'ratio' : AGGREGATIONS[suffix];
  return aggregation === undefined ? null : queryOf({ metric, suffix, aggregation }, labels);
}

export function matchersOf(labels: Labels): string {
  return Object.keys(labels)
    .filter((label) => label !== '__name__')
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`)
    .join(', ');
}
