import { describe, expect, it } from 'vitest';
import type { CorrelatedAnomaly, CorrelationRules, IncidentState } from './correlation.types.js';
import { decide } from './decide.js';
import { IncidentIndex } from './incident-index.js';
import { endInReach, mergeReach, reachOf } from './reach.js';

const rules: CorrelationRules = {
  labels: ['job', 'instance', 'service'],
  gapMs: 20,
  calmMs: 10,
  reopenMs: 100,
  staleHoldMs: 50,
};

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One after the other, each with all incidents: what the index must equal. */
class OneByOne {
  constructor(public incidents: IncidentState[]) {}

  place(anomaly: CorrelatedAnomaly, id: string) {
    const decision = decide(anomaly, this.incidents, rules);
    const own = reachOf(anomaly, rules);
    if (decision.kind === 'open') {
      const number = Math.max(0, ...this.incidents.map((incident) => incident.number)) + 1;
      this.incidents.push({ id, number, resolvedAt: null, resolution: null, reach: own });
      return decision;
    }
    const merges = decision.kind === 'join' ? decision.merges : [];
    const reach = this.incidents
      .filter((incident) => incident.id === decision.incidentId || merges.includes(incident.id))
      .reduce((sum, incident) => mergeReach(sum, incident.reach), own);
    this.incidents = this.incidents
      .filter((incident) => !merges.includes(incident.id))
      .map((incident) => (incident.id === decision.incidentId ? { ...incident, reach } : incident))
      .map((incident) =>
        incident.id === decision.incidentId && decision.kind === 'reopen'
          ? { ...incident, resolvedAt: null, resolution: null }
          : incident,
      );
    return decision;
  }

  end(id: string, anomaly: CorrelatedAnomaly): void {
    this.incidents = this.incidents.map((incident) =>
      incident.id === id ? { ...incident, reach: endInReach(incident.reach, anomaly, rules) } : incident,
    );
  }
}

function anomalyFrom(next: () => number, index: number): CorrelatedAnomaly {
  const pick = (name: string, count: number) => `${name}${Math.floor(next() * count)}`;
  const startedAt = Math.floor(next() * 1_500);
  const labels: Record<string, string> = { __name__: 'm' };
  if (next() < 0.6) labels.instance = pick('h', 8);
  if (next() < 0.3) labels.job = pick('j', 5);
  if (next() < 0.2) labels.service = pick('s', 4);
  const endedAt = next() < 0.3 ? null : startedAt + Math.floor(next() * 60);
  return {
    anomalyId: `a${index}`,
    seriesId: Math.floor(next() * 12),
    labels,
    startedAt,
    endedAt,
    ...(endedAt === null ? {} : { endReason: next() < 0.2 ? 'stale' : 'calm' }),
  };
}

describe('IncidentIndex', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('decides as one by one, seed %i', (seed) => {
    const next = random(seed);
    const reference = new OneByOne([]);
    const kinds = new Set<string>();
    let count = 0;
    for (let batch = 0; batch < 4; batch++) {
      const index = new IncidentIndex(reference.incidents, rules);
      const running = new Map<string, CorrelatedAnomaly>();
      const home = new Map<string, string>();
      for (let news = 0; news < 25; news++) {
        const ending = next() < 0.2 ? [...running.values()][0] : undefined;
        if (ending !== undefined) {
          running.delete(ending.anomalyId);
          const ended = { ...ending, endedAt: ending.startedAt + Math.floor(next() * 80) };
          reference.end(home.get(ending.anomalyId)!, ended);
          index.end(home.get(ending.anomalyId)!, ended);
          continue;
        }
        const anomaly = anomalyFrom(next, count++);
        const decision = reference.place(anomaly, `i${count}`);
        expect(index.place(anomaly, `i${count}`)).toEqual(decision);
        kinds.add(decision.kind === 'join' && decision.merges.length > 0 ? 'merge' : decision.kind);
        home.set(anomaly.anomalyId, decision.kind === 'open' ? `i${count}` : decision.incidentId);
        if (decision.kind === 'join') {
          for (const [id, at] of home) if (decision.merges.includes(at)) home.set(id, decision.incidentId);
        }
        if (anomaly.endedAt === null) running.set(anomaly.anomalyId, anomaly);
      }
      for (const incident of reference.incidents)
        expect(index.reachOf(incident.id)).toEqual(mergeReach(incident.reach, []));
      reference.incidents = reference.incidents.map((incident) =>
        incident.resolvedAt !== null || next() < 0.4
          ? incident
          : { ...incident, resolvedAt: Math.floor(next() * 1_500), resolution: next() < 0.6 ? 'calm' : 'user' },
      );
    }
    expect(kinds.size).toBeGreaterThan(2);
  });

  it('does not slow down with the number of hosts that an incident reaches', () => {
    const index = new IncidentIndex([], rules);
    const count = 20_000;
    const started = performance.now();
    for (let i = 0; i < count; i++) {
      const labels = { __name__: 'm', job: 'node', instance: `host-${i}` };
      index.place({ anomalyId: `a${i}`, seriesId: i, labels, startedAt: 5, endedAt: null }, `i${i}`);
    }
    expect(index.reachOf('i0')).toHaveLength(count + 1);
    // Half a second or so; minutes if every anomaly looked at the whole reach.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
