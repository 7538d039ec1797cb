import { METRIC_NAME_LABEL, type Labels, type MetricType } from '../../../kernel/time-series.js';
import { scoredUnit } from '../series-unit.js';
import { serviceKey, serviceOf, type ServiceName } from './service-name.js';
import { isFailure, isStandIn, keepsPods, metricIsDropped, splitOf, sumsOverPods } from './signal-rules.js';
import type { Aggregation } from './signals.types.js';

/** What a series adds to a signal: the value itself, or one part of a ratio or histogram. */
export interface SignalPart {
  /** Last part of the signal's name: `rate`, `sum`, `mean`, `max`, `error_ratio`, `p50`, `p99`. */
  readonly suffix: string;
  readonly metric: string;
  readonly aggregation: Aggregation;
  /** Numerator or denominator of a ratio; otherwise the value. */
  readonly role: 'value' | 'numerator' | 'both';
  /** Upper bound of a bucket; NaN where the series is none. */
  readonly bound: number;
  /** A label that is kept, where adding up over it would mean nothing: `state="idle"`. */
  readonly split: Readonly<Record<string, string>>;
}

export interface ClassifiedSource {
  readonly service: ServiceName;
  readonly serviceKey: string;
  readonly parts: readonly SignalPart[];
  /** Goes with a pod: its service outlives it. */
  readonly ephemeral: boolean;
  /** Which pod, or what stands for one. */
  readonly pod: string;
}

const EPHEMERAL_LABELS = ['pod', 'uid', 'container_id', 'pod_name', 'task_id'] as const;

/** Which signals of which service a series is part of; null where it is part of none. */
export function classifySource(labels: Labels, type: MetricType): ClassifiedSource | null {
  const name = labels[METRIC_NAME_LABEL] ?? '';
  if (name === '' || metricIsDropped(name, type, labels)) return null;
  const service = serviceOf(labels);
  if (service === null) return null;
  const parts = partsOf(name, type, labels);
  if (parts.length === 0) return null;
  return {
    service,
    serviceKey: serviceKey(service),
    parts,
    ephemeral: EPHEMERAL_LABELS.some((label) => Boolean(labels[label])),
    pod: podOf(labels),
  };
}

function podOf(labels: Labels): string {
  for (const label of EPHEMERAL_LABELS) if (labels[label]) return labels[label];
  return labels['instance'] ?? '';
}

/**
 * Whether a signal of its service can stand for this series: it goes with a pod, and is part of a signal. Says nothing
 * about limits, by which a service with very many signals loses some.
 */
export function isOfPod(labels: Labels, type: MetricType): boolean {
  return classifySource(labels, type)?.ephemeral === true;
}

function partsOf(name: string, type: MetricType, labels: Labels): SignalPart[] {
  const part = (suffix: string, aggregation: Aggregation, changes: Partial<SignalPart> = {}): SignalPart => ({
    suffix,
    metric: name,
    aggregation,
    role: 'value',
    bound: NaN,
    split: {},
    ...changes,
  });
  if (labels['le'] !== undefined && name.endsWith('_bucket')) {
    const metric = name.slice(0, -'_bucket'.length);
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
    if (Number.isNaN(bound)) return [];
    return [part('p50', 'quantile', { metric, bound }), part('p99', 'quantile', { metric, bound })];
  }
  if (scoredUnit(labels, type) === 'per_second') {
    const histogram = type === 'histogram' || type === 'summary' || type === 'unknown';
    if (histogram && name.endsWith('_sum')) {
      return [part('mean', 'ratio', { metric: name.slice(0, -'_sum'.length), role: 'numerator' })];
    }
    if (histogram && name.endsWith('_count')) {
      const metric = name.slice(0, -'_count'.length);
      return [part('rate', 'sum'), part('mean', 'ratio', { metric, role: 'value' })];
    }
    const failure = isFailure(labels);
    const parts = [part('rate', 'sum')];
    if (failure !== null) parts.push(part('error_ratio', 'ratio', { role: failure ? 'both' : 'value' }));
    return parts;
  }
  const split = splitOf(labels);
  if (sumsOverPods(name)) return [part('sum', 'sum', { split })];
  const parts = [part('mean', 'mean', { split })];
  if (keepsPods(labels) && !isStandIn(name) && Object.keys(split).length === 0)
    parts.push(part('max', 'max', { split }));
  return parts;
}
