import { METRIC_NAME_LABEL, type Labels, type MetricType } from '../../kernel/time-series.js';

export interface SelectableSeries {
  readonly labels: Labels;
  readonly metricType: MetricType;
  readonly derivedFrom: number | null;
}

export interface ExclusionRule {
  /** Matches the metric name. */
  readonly metric: RegExp;
  /** Shown to users beside the series. */
  readonly reason: string;
}

const BUILT_IN: readonly ExclusionRule[] = [
  { metric: /_bucket$/, reason: 'histogram bucket: its histogram is scored through _count and _sum' },
  {
    metric: /^kube_\w+_(labels|annotations|owner|metadata_generation|observed_generation|resource_(requests|limits))$/,
    reason: 'a fact about an object, not a measurement',
  },
  {
    metric: /^kube_\w+_spec_\w+$|^container_spec_\w+$|^kube_horizontalpodautoscaler_\w+$/,
    reason: 'what people or controllers asked for; the series about what came of it are scored',
  },
  {
    metric:
      /^kube_(deployment|statefulset|replicaset|daemonset)_status_(replicas|(desired|current|updated)_\w+)(_(ready|available|updated|current))?$|^kube_replicaset_status_\w+$/,
    reason: 'follows every scaling and rollout; what is missing shows in the unavailable replicas and in the pods',
  },
  { metric: /^(service:)?container_cpu_cfs_periods_total(:\w+)?$/, reason: 'counts periods of time, not work' },
  {
    metric: /^(service:)?hikaricp_connections_(idle|max|min)(:\w+)?$/,
    reason: 'what is left of a pool, or its size: what is used and what waits is scored',
  },
  { metric: /_info$/, reason: 'carries facts in labels, not a measurement' },
  { metric: /_created$/, reason: 'a creation time, not a measurement' },
  {
    metric:
      /_(boot|start|completion)_time(_seconds)?$|^node_time_(seconds|zone_offset_seconds)$|_timestamp(_seconds)?$|_mtime_seconds$/,
    reason: 'a point in time, not a measurement',
  },
  {
    metric: /^(scrape_|node_scrape_|promhttp_)/,
    reason: 'about the scrape itself; the series `up` tells when scraping fails',
  },
  { metric: /^(ALERTS|ALERTS_FOR_STATE)$/, reason: 'state of alert rules, not a measurement' },
];

/** Why a series is not scored, or null when it is. Rules of the operator come before the built-in ones. */
export function exclusionReason(series: SelectableSeries, rules: readonly ExclusionRule[] = []): string | null {
  if (series.derivedFrom !== null) return 'computed by a detector from another series';
  if (series.metricType === 'info') return 'carries facts in labels, not a measurement';
  const name = series.labels[METRIC_NAME_LABEL] ?? '';
  for (const rule of rules) if (rule.metric.test(name)) return rule.reason;
  for (const rule of BUILT_IN) if (rule.metric.test(name)) return rule.reason;
  return null;
}
