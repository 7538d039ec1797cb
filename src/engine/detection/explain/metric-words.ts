import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import { serviceOf } from '../service/service-name.js';
import type { ScoredUnit } from '../series-unit.js';
import type { Quantity } from './format-quantity.js';

export interface MetricWords {
  /** What is measured, lower case but for proper names: `99th percentile of HTTP request duration`. */
  readonly what: string;
  /** Where: ` of checkout`, ` of web on node-1`; empty where no label tells. */
  readonly where: string;
  readonly quantity: Quantity;
}

const AGGREGATIONS: Readonly<Record<string, string>> = {
  rate: '',
  sum: '',
  mean: 'mean ',
  max: 'greatest ',
  p50: 'median ',
  p99: '99th percentile of ',
  error_ratio: 'error ratio of ',
};

/** Words that are written in a way of their own. */
const SPELLINGS: Readonly<Record<string, string>> = {
  http: 'HTTP',
  https: 'HTTPS',
  grpc: 'gRPC',
  cpu: 'CPU',
  cfs: 'CFS',
  io: 'I/O',
  tcp: 'TCP',
  udp: 'UDP',
  tls: 'TLS',
  ssl: 'TLS',
  dns: 'DNS',
  gc: 'garbage collection',
  jvm: 'JVM',
  sql: 'SQL',
  db: 'database',
  pg: 'PostgreSQL',
  redis: 'Redis',
  kafka: 'Kafka',
  hikaricp: 'connection pool',
  xact: 'transaction',
  consumergroup: 'consumer group',
  numbackends: 'connections',
  blks: 'blocks',
  fds: 'file descriptors',
  rss: 'resident memory',
  oom: 'out-of-memory',
  kube: 'Kubernetes',
};

/** Whole names that read badly word by word. */
const NAMES: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^up$/, 'reachability'],
  [/^probe_success$/, 'success of probes'],
  [/^(container|process)_cpu_(usage_)?seconds_total$/, 'CPU use'],
  [/^node_cpu_seconds_total$/, 'CPU time'],
  [/^container_cpu_cfs_throttled_seconds_total$/, 'time throttled by the CPU limit'],
  [/^container_cpu_cfs_throttled_periods_total$/, 'periods throttled by the CPU limit'],
  [/^container_memory_working_set_bytes$/, 'memory in use'],
  [/^process_resident_memory_bytes$/, 'resident memory'],
  [/^node_memory_MemAvailable_bytes$/, 'available memory'],
  [/^node_filesystem_avail_bytes$/, 'free disk space'],
  [/^node_load(\d+)$/, 'load average'],
  [/^kube_pod_container_status_restarts_total$/, 'container restarts'],
  [/^kube_deployment_status_replicas_(available|unavailable)$/, '$1 replicas'],
  [/^container_network_receive_bytes_total$/, 'received network traffic'],
  [/^dsim_simulation_user_error_ratio$/, 'share of failed requests'],
  [/^dsim_simulation_user_latency_seconds$/, 'latency'],
  [/^dsim_simulation_user_requests_per_second$/, 'requests'],
  [/^container_network_transmit_bytes_total$/, 'sent network traffic'],
];

const RESIDUAL = /^service:multivariate:residual$/;
const SERVICE_SIGNAL = /^service:(.+):([a-z0-9_]+)$/;
/** Labels that tell parts of one service apart, in the order in which they are named. */
const DETAILS = [
  'route',
  'handler',
  'method',
  'code',
  'state',
  'mode',
  'device',
  'mountpoint',
  'topic',
  'peer',
  'entry_point',
  'quantile',
] as const;

/** A series in plain words. */
export function wordsOf(labels: Labels, unit: ScoredUnit): MetricWords {
  const name = labels[METRIC_NAME_LABEL] ?? '';
  const where = whereOf(labels);
  if (RESIDUAL.test(name)) {
    return { what: 'the interplay of signals', where, quantity: { unit: 'count', perSecond: false } };
  }
  const signal = SERVICE_SIGNAL.exec(name);
  const metric = signal?.[1] ?? name;
  const suffix = signal?.[2] ?? '';
  const perSecond = signal === null ? unit === 'per_second' : suffix === 'rate';
  const prefix = AGGREGATIONS[suffix] ?? '';
  return { what: `${prefix}${plainName(metric)}`, where, quantity: quantityOf(metric, suffix, perSecond) };
}

/** A metric's name without unit and type, in words. */
export function plainName(metric: string): string {
  for (const [pattern, words] of NAMES) if (pattern.test(metric)) return metric.replace(pattern, words);
  const bare = metric
    .replace(/_(total|count|sum|bucket|info)$/, '')
    // A ratio stays: "user error" would be something else than "user error ratio".
    .replace(/_(seconds|milliseconds|bytes|percent|celsius)$/, '');
  const words = (bare === '' ? metric : bare).split(/[_:.]+/).filter((word) => word !== '');
  return words.map((word) => SPELLINGS[word.toLowerCase()] ?? word).join(' ') || 'an unnamed series';
}

export function quantityOf(metric: string, suffix: string, perSecond: boolean): Quantity {
  if (suffix === 'error_ratio') return { unit: 'ratio', perSecond: false };
  const base = metric.replace(/_(total|sum|bucket)$/, '');
  if (metric.endsWith('_count')) return { unit: 'count', perSecond };
  if (/cpu.*_seconds$/.test(base) && perSecond) return { unit: 'cores', perSecond: false };
  if (/_seconds$/.test(base)) return { unit: 'seconds', perSecond };
  if (/_bytes$/.test(base)) return { unit: 'bytes', perSecond };
  if (/_(ratio|utilization)$/.test(base)) return { unit: 'ratio', perSecond };
  if (/_percent$/.test(base)) return { unit: 'percent', perSecond };
  if (/_celsius$/.test(base)) return { unit: 'celsius', perSecond };
  return { unit: 'count', perSecond };
}

function whereOf(labels: Labels): string {
  const details = DETAILS.flatMap((label) => (labels[label] ? [`${label.replace('_', ' ')} ${labels[label]}`] : []));
  const detail = details.length === 0 ? '' : ` (${details.slice(0, 3).join(', ')})`;
  const pod = labels['pod'];
  if (pod) return ` of ${pod}${detail}`;
  const service = serviceOf(labels)?.service;
  const place = labels['node'] ?? labels['instance'];
  const cluster = labels['cluster'] && !pod ? ` in ${labels['cluster']}` : '';
  if (service === undefined) return place ? ` of ${place}${detail}` : detail;
  const isSignal = (labels[METRIC_NAME_LABEL] ?? '').startsWith('service:');
  if (isSignal) return ` of ${service}${cluster}${detail}`;
  return place && place !== service ? ` of ${service} on ${place}${detail}` : ` of ${service}${detail}`;
}
