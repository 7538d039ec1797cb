import { METRIC_NAME_LABEL, type Labels } from '../../kernel/time-series.js';
import type { ScoredUnit } from './series-unit.js';

export interface MinimumDeviationRule {
  /** Matches the metric name. */
  readonly metric: RegExp;
  /** In the unit that is scored: per second for counters. Greater than 0. */
  readonly deviation: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
/** Of the ten periods of 100 ms that each container has in a second. */
const THROTTLED_PERIODS = 3;
/** Seconds per second, over all pods of a service: pods that start up wait for CPU time too. */
const THROTTLED_SECONDS = 0.5;
/** A scheduler puts pods on a node and takes them away: that much of its CPU comes and goes at once, and harms nobody. */
const NODE_BUSY = 0.3;
const NODE_LOAD = 1.5;
/** An eighth of what a link of 1 Gbit/s carries: less is pods that came or went, however idle the node was. */
const NODE_WIRE = 1e9 / 8 / 8;

/**
 * What nobody would be woken for, by the base units of Prometheus naming practice. Without it a series that has
 * been constant for an hour would page on its first flicker.
 */
const PER_SECOND: readonly MinimumDeviationRule[] = [
  { metric: /_throttled_periods_total$/, deviation: THROTTLED_PERIODS },
  // Seconds of a mode per second: of the time of one CPU of a node.
  { metric: /^node_cpu_/, deviation: NODE_BUSY },
  { metric: /_seconds(_total|_sum)?$/, deviation: 0.1 },
  { metric: /^node_network_(receive|transmit)_bytes(_total)?$/, deviation: NODE_WIRE },
  { metric: /(bytes(_total|_sum)?|Octets)$/, deviation: 256 * KIB },
  { metric: /^node_(vmstat|netstat|sockstat|network|disk|schedstat|softnet)_/, deviation: 50 },
];
const RAW: readonly MinimumDeviationRule[] = [
  { metric: /_throttled_periods_total:rate$/, deviation: THROTTLED_PERIODS },
  // Signals of services, which are recorded as they are scored (`service:<metric>:<aggregation>`).
  { metric: /:error_ratio$/, deviation: 0.01 },
  { metric: /_seconds:(p50|p99|mean)$/, deviation: 0.02 },
  { metric: /_bytes(_total)?:rate$/, deviation: 256 * KIB },
  { metric: /_bytes:(mean|max|sum)$/, deviation: 64 * MIB },
  { metric: /_throttled_seconds(_total)?:rate$/, deviation: THROTTLED_SECONDS },
  { metric: /_seconds(_total)?:rate$/, deviation: 0.1 },
  // More than half of a service's pods: one of two starts whenever it scales.
  { metric: /^service:up:mean$/, deviation: 0.55 },
  { metric: /_ratio:(mean|max)$|_up:mean$|_success:mean$/, deviation: 0.05 },
  { metric: /:rate$/, deviation: 0.5 },
  // In limits of the residual, of which calm days with deploys and scaling hardly ever reach 2.
  { metric: /:residual$/, deviation: 3 },
  { metric: /_bytes$/, deviation: 64 * MIB },
  // What is under way at the moment of a scrape: some requests more or less are chance.
  { metric: /_in_?flight(_\w+)?(:(sum|mean|max))?$/, deviation: 5 },
  { metric: /(_(clients|connections\w*|numbackends)|pg_(stat_activity|locks)_count)(:(sum|mean|max))?$/, deviation: 5 },
  // A rollout takes away one or two at a time.
  { metric: /_replicas_unavailable(:(sum|mean|max))?$/, deviation: 2.5 },
  { metric: /_ratio$/, deviation: 0.05 },
  { metric: /_percent$/, deviation: 5 },
  { metric: /_celsius$/, deviation: 5 },
  { metric: /^node_(netstat|sockstat|filefd)_/, deviation: 50 },
  { metric: /^node_load\d+$/, deviation: NODE_LOAD },
];
const PER_SECOND_DEFAULT = 0.2;
const RAW_DEFAULT = 0.5;

/** Smallest deviation of the series that may count, in the unit that is scored. */
export function minimumDeviation(
  labels: Labels,
  unit: ScoredUnit,
  rules: readonly MinimumDeviationRule[] = [],
): number {
  const name = labels[METRIC_NAME_LABEL] ?? '';
  const builtIn = unit === 'per_second' ? PER_SECOND : RAW;
  for (const rule of [...rules, ...builtIn]) if (rule.metric.test(name)) return rule.deviation;
  return unit === 'per_second' ? PER_SECOND_DEFAULT : RAW_DEFAULT;
}

/** What autoscaling does to one pod's share of the work: from two pods to three a third goes, from three to two half comes. */
const POD_SHARE = 0.5;
/** A busy pod that comes to a quiet node at the start of the day makes a multiple of what goes over its wires. */
const NODE_SHARE = 3;
/** A rollout may keep the requests of a third of a service's pods from being counted for a scrape or two. */
const ROLLOUT_SHARE = 0.35;
const SERVICE_RATE = /^service:.+:rate$/;
/**
 * A quantile of a histogram is known to within its bucket, and the bounds of usual ones are a factor of 2 to 2.5 apart
 * (0.1, 0.25, 0.5, 1, 2.5 s): less than half as much again may be a handful of requests on the other side of a bound.
 */
const BUCKET_SHARE = 0.5;
const QUANTILE = /^service:.+:p(50|99)$/;
const NODE_NETWORK = /^node_network_/;

/**
 * Smallest deviation that may count, as a share of the expected value. The rates of a single pod, and what goes over
 * the wires of a node, change whenever work is dealt out anew among more or fewer pods, so at least half of them must be
 * missing or added; what the service as a whole gets is watched by its signals.
 *
 * @param configured what applies to series in general; 0 turns the rule off, for these too
 */
export function minimumRelativeDeviation(labels: Labels, unit: ScoredUnit, configured: number): number {
  if (!(configured > 0)) return configured;
  const name = labels[METRIC_NAME_LABEL] ?? '';
  const shared = unit === 'per_second' && (labels.pod !== undefined || NODE_NETWORK.test(name));
  if (shared) return Math.max(configured, labels.pod === undefined ? NODE_SHARE : POD_SHARE);
  if (QUANTILE.test(name)) return Math.max(configured, BUCKET_SHARE);
  return SERVICE_RATE.test(name) ? Math.max(configured, ROLLOUT_SHARE) : configured;
}
