import type { MetricType } from '../../../kernel/time-series.js';

/** The enum MetricType of both protocols, by number; 0 is "unknown" in 1.0 and "unspecified" in 2.0. */
const METRIC_TYPES: readonly MetricType[] = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
];

/** Numbers of a later version of the protocol read as `unknown`, as proto3 asks for open enums. */
export function metricTypeOf(enumValue: number): MetricType {
  return METRIC_TYPES[enumValue] ?? 'unknown';
}

export function enumValueOf(metricType: MetricType): number {
  return Math.max(0, METRIC_TYPES.indexOf(metricType));
}
