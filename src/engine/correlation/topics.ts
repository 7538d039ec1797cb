import { METRIC_NAME_LABEL, type Labels } from '../../kernel/time-series.js';

/**
 * The four golden signals (Google, Site Reliability Engineering, chapter 6) and availability. `errors`, `latency` and
 * `availability` are what users feel; the others are causes or load.
 */
export type Signal = 'availability' | 'errors' | 'latency' | 'saturation' | 'traffic';

export interface Topic {
  /** Word for people: `CPU`, `latency`; the metric's name where no rule knows it. */
  readonly topic: string;
  readonly signal: Signal | null;
}

/** First match wins. Names follow Prometheus naming practice and the common exporters. */
const RULES: readonly (Topic & { readonly pattern: RegExp })[] = [
  { pattern: /^up$|_up$|probe_success$/, topic: 'availability', signal: 'availability' },
  {
    pattern: /(^|_)(errors?|errs|failures?|failed|exceptions?|dropped|drop|refused|rejected|5xx)(_|$)/,
    topic: 'errors',
    signal: 'errors',
  },
  {
    pattern: /(^|_)(latency|duration|response_time|request_time)(_|$)|_rtt_|_ping_/,
    topic: 'latency',
    signal: 'latency',
  },
  { pattern: /^node_load\d+$|(^|_)load(_average|1|5|15)$/, topic: 'load', signal: 'saturation' },
  { pattern: /(^|_)cpu(_|$)|_cpus?_/, topic: 'CPU', signal: 'saturation' },
  { pattern: /(^|_)(memory|mem|heap|swap|rss|vmstat)(_|$)|_resident_/, topic: 'memory', signal: 'saturation' },
  { pattern: /(^|_)(filesystem|fs|inodes?)(_|$)/, topic: 'file system', signal: 'saturation' },
  { pattern: /(^|_)(disk|io|iops|block)(_|$)/, topic: 'disk', signal: 'saturation' },
  { pattern: /(^|_)(network|net|netstat|sockstat|tcp|udp|conntrack)(_|$)/, topic: 'network', signal: 'traffic' },
  { pattern: /(^|_)(queue|backlog|pending|lag|waiting)(_|$)/, topic: 'queue', signal: 'saturation' },
  { pattern: /(^|_)(requests?|queries|messages|transactions)(_|$)/, topic: 'requests', signal: 'traffic' },
];

const ERROR_CODE = /^(5\d\d|5xx|error)$/i;
const CODE_LABELS: readonly string[] = [
  'code',
  'status',
  'status_code',
  'http_status_code',
  'http_response_status_code',
];

/** What a series is about, from its name and, for counts of failed requests, its status label. */
export function topicOf(labels: Labels): Topic {
  const name = labels[METRIC_NAME_LABEL] ?? '';
  const plain = name.toLowerCase();
  if (plain !== '' && CODE_LABELS.some((label) => ERROR_CODE.test(labels[label] ?? ''))) {
    return { topic: 'errors', signal: 'errors' };
  }
  const rule = RULES.find(({ pattern }) => pattern.test(plain));
  return rule === undefined
    ? { topic: name === '' ? 'unnamed series' : name, signal: null }
    : { topic: rule.topic, signal: rule.signal };
}

/** Evidence of one incident on one topic. */
export interface TopicSummary extends Topic {
  /** Distinct series, at least 1. */
  readonly series: number;
  /** Highest score among them; 1.0 is the boundary. */
  readonly peakScore: number;
}
