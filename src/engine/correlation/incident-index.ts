import type { CorrelatedAnomaly, CorrelationRules, IncidentState, Reach } from './correlation.types.js';
import { decide, type Decision } from './decide.js';
import { combineReach, endInReach, linkKey, linksOf, reachOf } from './reach.js';

interface Entry {
  readonly id: string;
  readonly number: number;
  resolvedAt: number | null;
  resolution: 'calm' | 'user' | null;
  readonly reach: Map<string, Reach>;
  /** True when this active incident is known to touch no other active one. */
  settled: boolean;
}

/**
 * Incidents of one environment while many pieces of news about anomalies are worked off in their order. Decides as
 * `decide` does with all incidents, one anomaly after the other, but shows it only those that share a label value
 * with the anomaly: the cost of an anomaly does not grow with the incidents, nor with how far they reach.
 */
export class IncidentIndex {
  private readonly entries = new Map<string, Entry>();
  private readonly byLink = new Map<string, Set<Entry>>();
  private lastNumber = 0;

  /** @param incidents as for `decide`; more resolved ones than it needs change nothing */
  constructor(
    incidents: readonly IncidentState[],
    private readonly rules: CorrelationRules,
  ) {
    for (const incident of incidents) this.add({ ...incident, reach: new Map(), settled: false }, incident.reach);
  }

  /** Decides where an anomaly that is in no incident yet belongs, and puts it there; `id` is for the one it opens. */
  place(anomaly: CorrelatedAnomaly, id: string): Decision {
    const own = reachOf(anomaly, this.rules);
    const decision = this.decide(anomaly, own);
    if (decision.kind === 'open') {
      const number = this.lastNumber + 1;
      // It touches no active incident, or it would have joined it.
      this.add({ id, number, resolvedAt: null, resolution: null, reach: new Map(), settled: true }, own);
      return decision;
    }
    const entry = this.entries.get(decision.incidentId)!;
    if (decision.kind === 'join') {
      for (const merged of decision.merges) this.merge(entry, this.entries.get(merged)!);
      entry.settled = true;
    }
    if (decision.kind === 'reopen') {
      entry.resolvedAt = entry.resolution = null;
      // An active incident may be within its long reach, and becomes one with it at their next anomaly.
      for (const each of this.entries.values()) each.settled = false;
    }
    this.extend(entry, own);
    return decision;
  }

  /** An anomaly of this incident ended. To be told once per anomaly. */
  end(incidentId: string, anomaly: CorrelatedAnomaly): void {
    const entry = this.entries.get(incidentId)!;
    const links = new Set(linksOf(anomaly, this.rules).map(linkKey));
    const running = [...links].flatMap((link) => entry.reach.get(link) ?? []);
    for (const reach of endInReach(running, anomaly, this.rules)) entry.reach.set(linkKey(reach), reach);
  }

  /** Sorted as `mergeReach` sorts. */
  reachOf(incidentId: string): readonly Reach[] {
    const { reach } = this.entries.get(incidentId)!;
    return [...reach.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  }

  private decide(anomaly: CorrelatedAnomaly, own: readonly Reach[]): Decision {
    const links = new Set(own.map(linkKey));
    const near = this.sharing(links);
    if (near.every((entry) => entry.settled || entry.resolvedAt !== null)) {
      // What a settled incident reaches elsewhere cannot matter, unless it grows by more than this anomaly.
      const decision = decide(
        anomaly,
        near.map((entry) => stateOf(entry, links)),
        this.rules,
      );
      if (decision.kind !== 'join' || decision.merges.length === 0) return decision;
    }
    return decide(
      anomaly,
      this.connected(near).map((entry) => stateOf(entry)),
      this.rules,
    );
  }

  private sharing(links: Iterable<string>): Entry[] {
    const found = new Set<Entry>();
    for (const link of links) for (const entry of this.byLink.get(link) ?? []) found.add(entry);
    return [...found];
  }

  /** These and all active incidents that a chain of label values links to those of them that are active. */
  private connected(near: readonly Entry[]): Entry[] {
    const found = new Set(near);
    const walked = new Set<string>();
    for (const entry of found) {
      if (entry.resolvedAt !== null) continue;
      for (const link of entry.reach.keys()) {
        if (walked.has(link)) continue;
        walked.add(link);
        for (const other of this.byLink.get(link)!) if (other.resolvedAt === null) found.add(other);
      }
    }
    return [...found];
  }

  private add(entry: Entry, reach: readonly Reach[]): void {
    this.entries.set(entry.id, entry);
    this.lastNumber = Math.max(this.lastNumber, entry.number);
    this.extend(entry, reach);
  }

  private merge(older: Entry, younger: Entry): void {
    this.entries.delete(younger.id);
    for (const link of younger.reach.keys()) this.byLink.get(link)!.delete(younger);
    this.extend(older, younger.reach.values());
  }

  private extend(entry: Entry, more: Iterable<Reach>): void {
    for (const reach of more) {
      const link = linkKey(reach);
      const known = entry.reach.get(link);
      entry.reach.set(link, known === undefined ? reach : combineReach(known, reach));
      const sharing = this.byLink.get(link);
      if (sharing === undefined) this.byLink.set(link, new Set([entry]));
      else sharing.add(entry);
    }
  }
}

function stateOf(entry: Entry, links: Iterable<string> = entry.reach.keys()): IncidentState {
  const { id, number, resolvedAt, resolution } = entry;
  return { id, number, resolvedAt, resolution, reach: [...links].flatMap((link) => entry.reach.get(link) ?? []) };
}
