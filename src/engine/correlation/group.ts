import type { CorrelatedAnomaly, CorrelationRules, IncidentState } from './correlation.types.js';
import { decide } from './decide.js';
import { mergeReach, reachOf } from './reach.js';

/**
 * Groups a known set of anomalies of one environment, in the order given, with the rule of `decide` and nothing being
 * resolved: what scenarios and reports use. Ids given twice count once. Groups and their members are sorted.
 */
export function groupAnomalies(
  anomalies: readonly CorrelatedAnomaly[],
  rules: CorrelationRules,
): readonly (readonly string[])[] {
  const members = new Map<string, string[]>();
  let incidents: IncidentState[] = [];
  const seen = new Set<string>();
  for (const anomaly of anomalies) {
    if (seen.has(anomaly.anomalyId)) continue;
    seen.add(anomaly.anomalyId);
    const decision = decide(anomaly, incidents, rules);
    if (decision.kind === 'open') {
      const id = String(seen.size);
      incidents.push({ id, number: seen.size, resolvedAt: null, resolution: null, reach: reachOf(anomaly, rules) });
      members.set(id, [anomaly.anomalyId]);
      continue;
    }
    const taken = decision.kind === 'join' ? [decision.incidentId, ...decision.merges] : [decision.incidentId];
    const reach = incidents
      .filter((incident) => taken.includes(incident.id))
      .reduce((sum, incident) => mergeReach(sum, incident.reach), reachOf(anomaly, rules));
    incidents = incidents
      .filter((incident) => incident.id === decision.incidentId || !taken.includes(incident.id))
      .map((incident) => (incident.id === decision.incidentId ? { ...incident, reach } : incident));
    const all = [anomaly.anomalyId, ...taken.flatMap((id) => members.get(id) ?? [])];
    for (const id of taken) members.delete(id);
    members.set(decision.incidentId, all);
  }
  return [...members.values()].map((group) => group.sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}
