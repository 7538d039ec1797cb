import type { Signal, TopicSummary } from './topics.js';

export type Severity = 'critical' | 'error' | 'warning' | 'info';

export interface SeverityVerdict {
  readonly severity: Severity;
  /** One phrase with numbers per rule that raised it; for the timeline. */
  readonly reasons: readonly string[];
}

const FELT_BY_USERS: ReadonlySet<Signal | null> = new Set<Signal | null>(['availability', 'errors', 'latency']);

/** Series counts and scores from which evidence counts once or twice. */
const BREADTH = { some: 5, many: 20 };
const STRENGTH = { clear: 3, extreme: 10 };

/**
 * Severity from evidence, in points: breadth (5 series 1, 20 series 2), strength (peak score 3 gives 1, 10 gives 2)
 * and 1 where a signal that users feel is off (errors, latency, availability). 0 points is info, 1 or 2 warning, 3
 * error, 4 and more critical; but critical only where users feel it, because a busy machine that serves everyone is
 * no emergency. Evidence only grows and keeps its peak, so the severity of an incident never sinks while it lasts.
 */
export function judgeSeverity(topics: readonly TopicSummary[]): SeverityVerdict {
  const series = topics.reduce((sum, topic) => sum + topic.series, 0);
  const peak = topics.reduce((highest, topic) => Math.max(highest, topic.peakScore), 0);
  const felt = [
    ...new Set(topics.filter((topic) => FELT_BY_USERS.has(topic.signal)).map((topic) => topic.topic)),
  ].sort();

  const breadth = series >= BREADTH.many ? 2 : series >= BREADTH.some ? 1 : 0;
  const strength = peak >= STRENGTH.extreme ? 2 : peak >= STRENGTH.clear ? 1 : 0;
  const points = breadth + strength + (felt.length > 0 ? 1 : 0);

  const reasons = [
    `${series} series${breadth > 0 ? ` (${breadth === 2 ? BREADTH.many : BREADTH.some} or more)` : ''}`,
    `peak score ${peak.toFixed(1)}${strength > 0 ? ` (${strength === 2 ? STRENGTH.extreme : STRENGTH.clear} or more)` : ''}`,
    felt.length > 0 ? `users may feel it: ${felt.join(', ')}` : 'no signal that users feel directly',
  ];
  return { severity: severityOf(points, felt.length > 0), reasons };
}

function severityOf(points: number, feltByUsers: boolean): Severity {
  if (points >= 4 && feltByUsers) return 'critical';
  if (points >= 3) return 'error';
  return points >= 1 ? 'warning' : 'info';
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2, critical: 3 };

/** Positive where `a` is graver than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return RANK[a] - RANK[b];
}
