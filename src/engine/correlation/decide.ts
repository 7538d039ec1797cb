import type { CorrelatedAnomaly, CorrelationRules, IncidentState, Reach } from './correlation.types.js';
import { mergeReach, presumedEnd, reachOf, reachesOverlap } from './reach.js';

export type Decision =
  /** Nothing is related: a new incident. */
  | { readonly kind: 'open' }
  /** Belongs to an active incident. `merges` are younger incidents that it turned out to be one with. */
  | { readonly kind: 'join'; readonly incidentId: string; readonly merges: readonly string[] }
  /** The problem of an incident that had resolved by itself came back. */
  | { readonly kind: 'reopen'; readonly incidentId: string }
  /** News of something that was over before the incident was resolved: evidence, but no reason to call anyone. */
  | { readonly kind: 'attach'; readonly incidentId: string };

/**
 * Decides where an anomaly belongs among the incidents of its environment.
 *
 * Single linkage over label values: an anomaly joins an incident that was active on one of its job, instance or
 * service values at the same time, give or take the gap. An anomaly related to several active incidents shows that
 * they are one: the oldest (lowest number) survives, and takes in whatever its longer reach touches then. Because an
 * incident's reach only grows, the groups are the same in whatever order anomalies with known intervals arrive, as
 * long as none was resolved in between.
 *
 * What a person resolved stays resolved. What resolved by itself is reopened by a related anomaly that starts within
 * `reopenMs` after it, unless an active incident takes the anomaly.
 *
 * @param incidents active ones, and those resolved lately enough to matter (see `looksBackMs`); one environment
 */
export function decide(
  anomaly: CorrelatedAnomaly,
  incidents: readonly IncidentState[],
  rules: CorrelationRules,
): Decision {
  const own = reachOf(anomaly, rules);
  const joined = related(
    own,
    incidents.filter((incident) => incident.resolvedAt === null),
    rules,
  );
  const [oldest, ...younger] = joined;
  if (oldest !== undefined) {
    return { kind: 'join', incidentId: oldest.id, merges: younger.map((incident) => incident.id) };
  }
  return decideAmongResolved(anomaly, own, incidents, rules);
}

/** How far before the start of an anomaly a resolved incident can still matter to it, in milliseconds. */
export function looksBackMs(rules: CorrelationRules): number {
  return Math.max(rules.reopenMs, joinGapMs(rules));
}

/** Never shorter than the calm period: an incident that has not resolved yet takes in what is related to it. */
export function joinGapMs(rules: CorrelationRules): number {
  return Math.max(rules.gapMs, rules.calmMs);
}

/** All incidents connected to `own`, directly or through one another, oldest first. */
function related(own: readonly Reach[], active: readonly IncidentState[], rules: CorrelationRules): IncidentState[] {
  const joined: IncidentState[] = [];
  let reach = own;
  let rest = [...active];
  for (;;) {
    const touched = rest.filter((incident) => reachesOverlap(reach, incident.reach, joinGapMs(rules)));
    if (touched.length === 0) return joined.sort((a, b) => a.number - b.number);
    for (const incident of touched) reach = mergeReach(reach, incident.reach);
    joined.push(...touched);
    rest = rest.filter((incident) => !touched.includes(incident));
  }
}

function decideAmongResolved(
  anomaly: CorrelatedAnomaly,
  own: readonly Reach[],
  incidents: readonly IncidentState[],
  rules: CorrelationRules,
): Decision {
  const end = presumedEnd(anomaly, rules);
  const latestFirst = incidents
    .flatMap((incident) => (incident.resolvedAt === null ? [] : [{ ...incident, resolvedAt: incident.resolvedAt }]))
    .sort((a, b) => b.resolvedAt - a.resolvedAt || a.number - b.number);
  for (const incident of latestFirst) {
    if (end !== null && end <= incident.resolvedAt) {
      if (reachesOverlap(own, incident.reach, joinGapMs(rules))) return { kind: 'attach', incidentId: incident.id };
      continue;
    }
    if (incident.resolution !== 'calm' || anomaly.startedAt > incident.resolvedAt + rules.reopenMs) continue;
    // Counted from the resolve on, however long before it the last anomaly ended.
    const lasting = incident.reach.map((reach) => ({
      ...reach,
      until: Math.max(reach.until ?? 0, incident.resolvedAt),
    }));
    if (reachesOverlap(own, lasting, rules.reopenMs)) return { kind: 'reopen', incidentId: incident.id };
  }
  return { kind: 'open' };
}
