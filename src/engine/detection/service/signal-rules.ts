import type { Labels, MetricType } from '../../../kernel/time-series.js';

/** Names of metrics that make no signal: facts, limits, clocks, and what is derived already. */
const DROPPED: readonly RegExp[] = [
  /:/,
  /_(info|created|labels|annotations|owner)$/,
  /_(boot|start)_time(_seconds)?$|_timestamp(_seconds)?$|_expiry$|_time_zone|^node_time|_generation$/,
  /_(limit|limits|requests|quota|period|capacity|max|min|size|total_size)(_bytes|_cores|_connections)?$/,
  /_(spec|settings|config)_|_max_|_min_/,
  /^(scrape_|promhttp_|ALERTS$|ALERTS_FOR_STATE$|anomaly_score$|y$|yhat)/,
  /^(node_|go_(info|memstats|gc|sched)|process_(virtual_memory_max|max_fds))/,
  /_memory_(rss|cache|max_usage|swap)(_bytes)?$/,
];
/** kube-state-metrics tells mostly how objects are set; these tell how they do. */
const KUBERNETES_STATE = /^kube_/;
const KUBERNETES_KEPT =
  /^kube_(pod_container_status_restarts_total|(deployment|statefulset)_status_replicas_(available|unavailable|ready))$/;
/** Counts of what is under way: added up over pods they do not jump when requests are dealt out anew. */
const SUMMED =
  /(in_?flight|active|connections|numbackends|clients|sessions|threads|goroutines|queue|queued|backlog|pending|waiting|lag|messages|jobs|tasks|locks|replicas|open_fds|activity_count|_count|db_keys)/i;
const RATIO = /(_ratio|_percent|_utili[sz]ation|_seconds|_celsius)$|^up$|_up$|_success$/;
/** 0 or 1: the mean says how many are well, the greatest says nothing. */
const FLAG = /^up$|_up$|_success$|_ready$|_status$|_is_\w+$/;

const CODE_LABELS = ['code', 'status', 'status_code', 'http_status_code', 'http_response_status_code'] as const;
const OUTCOME_LABELS = ['outcome', 'result', 'grpc_code', 'error'] as const;
const SERVER_ERROR = /^(5\d\d|5xx|error|failure|server_error)$/i;
/** gRPC codes that are the server's fault (https://grpc.io/docs/guides/status-codes). */
const GRPC_FAILURE =
  /^(Unknown|DeadlineExceeded|Internal|Unavailable|DataLoss|Unimplemented|ResourceExhausted|UNKNOWN|DEADLINE_EXCEEDED|INTERNAL|UNAVAILABLE|DATA_LOSS|UNIMPLEMENTED|RESOURCE_EXHAUSTED)$/;
const OUTCOME_GOOD = /^(success|succeeded|ok|none|false|hit|2\d\d|0)$/i;
const OUTCOME_BAD =
  /^(error|failure|failed|timeout|exception|rejected|5\d\d|true|.*(error|fail|timeout|refused|reset).*)$/i;

const SPLIT_LABELS = ['state', 'phase'] as const;
const POD_LABELS = ['pod', 'instance', 'container_id', 'task_id'] as const;

export function metricIsDropped(name: string, type: MetricType, labels: Labels): boolean {
  if (type === 'info' || type === 'stateset') return true;
  if (KUBERNETES_STATE.test(name)) return !KUBERNETES_KEPT.test(name);
  if (labels['quantile'] !== undefined) return true;
  if (name.endsWith('_bucket')) return false;
  return DROPPED.some((pattern) => pattern.test(name));
}

/** Whether a counted request failed by the server's fault; null where no label tells. */
export function isFailure(labels: Labels): boolean | null {
  for (const label of CODE_LABELS) {
    const code = labels[label];
    if (code !== undefined && /^([1-5]\d\d|[1-5]xx|error|ok|success|failure)$/i.test(code))
      return SERVER_ERROR.test(code);
  }
  for (const label of OUTCOME_LABELS) {
    const outcome = labels[label];
    if (outcome === undefined || outcome === '') continue;
    if (label === 'grpc_code') return GRPC_FAILURE.test(outcome);
    if (OUTCOME_GOOD.test(outcome)) return false;
    if (OUTCOME_BAD.test(outcome)) return true;
  }
  return null;
}

export function sumsOverPods(name: string): boolean {
  return SUMMED.test(name) && !RATIO.test(name);
}

/** A gauge that stands for yes or no. */
export function isStandIn(name: string): boolean {
  return FLAG.test(name);
}

export function keepsPods(labels: Labels): boolean {
  return POD_LABELS.some((label) => Boolean(labels[label]));
}

/** Labels over whose values nobody adds up. */
export function splitOf(labels: Labels): Readonly<Record<string, string>> {
  const split: Record<string, string> = {};
  for (const label of SPLIT_LABELS) if (labels[label]) split[label] = labels[label];
  return split;
}

/** How early a signal is dropped where a service has too many; higher is kept longer. */
export function weightOf(metric: string, suffix: string): number {
  if (suffix === 'error_ratio') return 9;
  if (/request|rpc|query|queries|message|transaction|xact|commands/.test(metric) && suffix === 'rate') return 8;
  if (suffix === 'p99' || suffix === 'p50') return 7;
  if (/cpu/.test(metric)) return 6;
  if (/in_?flight|queue|lag|connections|replicas_(un)?available/.test(metric)) return 5;
  if (/memory|heap|resident/.test(metric)) return 4;
  if (suffix === 'mean' || suffix === 'rate') return 3;
  return suffix === 'sum' ? 2 : 1;
}
