import { describe, expect, it } from 'vitest';
import type { CorrelatedAnomaly, CorrelationRules, IncidentState } from './correlation.types.js';
import { decide, looksBackMs } from './decide.js';
import { reachOf } from './reach.js';

const MINUTE = 60_000;
const rules: CorrelationRules = {
  labels: ['job', 'instance', 'service'],
  gapMs: 5 * MINUTE,
  calmMs: 5 * MINUTE,
  reopenMs: 30 * MINUTE,
  staleHoldMs: 30 * MINUTE,
};

function anomaly(from: number, to: number | null, labels: Record<string, string>, seriesId = 1): CorrelatedAnomaly {
  return {
    anomalyId: `${seriesId}@${from}`,
    seriesId,
    labels: { __name__: 'm', ...labels },
    startedAt: from * MINUTE,
    endedAt: to === null ? null : to * MINUTE,
  };
}

function incident(
  number: number,
  held: CorrelatedAnomaly,
  resolvedAt?: number,
  resolution?: 'calm' | 'user',
): IncidentState {
  return {
    id: `i${number}`,
    number,
    reach: reachOf(held, rules),
    resolvedAt: resolvedAt === undefined ? null : resolvedAt * MINUTE,
    resolution: resolution ?? null,
  };
}

const HOST_1 = { instance: 'host-1' };
const HOST_2 = { instance: 'host-2' };

describe('decide among active incidents', () => {
  const table: [string, IncidentState[], CorrelatedAnomaly, ReturnType<typeof decide>][] = [
    ['opens where there is none', [], anomaly(10, null, HOST_1), { kind: 'open' }],
    [
      'joins on an equal instance',
      [incident(1, anomaly(0, null, HOST_1))],
      anomaly(10, null, HOST_1),
      { kind: 'join', incidentId: 'i1', merges: [] },
    ],
    ['opens on another instance', [incident(1, anomaly(0, null, HOST_1))], anomaly(10, null, HOST_2), { kind: 'open' }],
    [
      'does not mix label names',
      [incident(1, anomaly(0, null, { job: 'x' }))],
      anomaly(1, null, { service: 'x' }),
      { kind: 'open' },
    ],
    [
      'treats an empty label as absent',
      [incident(1, anomaly(0, null, { job: '' }, 1))],
      anomaly(1, null, { job: '' }, 2),
      { kind: 'open' },
    ],
    [
      'joins exactly at the gap',
      [incident(1, anomaly(0, 5, HOST_1))],
      anomaly(10, null, HOST_1),
      { kind: 'join', incidentId: 'i1', merges: [] },
    ],
    ['opens just beyond the gap', [incident(1, anomaly(0, 5, HOST_1))], anomaly(10.01, null, HOST_1), { kind: 'open' }],
    [
      'joins what began after it, where it ended close enough',
      [incident(1, anomaly(20, null, HOST_1))],
      anomaly(10, 15, HOST_1),
      { kind: 'join', incidentId: 'i1', merges: [] },
    ],
    [
      'stays apart from what began long after it ended',
      [incident(1, anomaly(20, null, HOST_1))],
      anomaly(10, 14, HOST_1),
      { kind: 'open' },
    ],
    [
      'relates a series without such labels to itself',
      [incident(1, anomaly(0, 1, {}, 7))],
      anomaly(3, null, {}, 7),
      { kind: 'join', incidentId: 'i1', merges: [] },
    ],
    [
      'relates a series without such labels to no other',
      [incident(1, anomaly(0, 1, {}, 7))],
      anomaly(3, null, {}, 8),
      { kind: 'open' },
    ],
    [
      'merges what it links; the older survives',
      [incident(9, anomaly(0, null, HOST_2)), incident(4, anomaly(1, null, { job: 'node' }))],
      anomaly(2, null, { job: 'node', ...HOST_2 }),
      { kind: 'join', incidentId: 'i4', merges: ['i9'] },
    ],
    [
      'takes in what the longer reach touches',
      [
        incident(1, anomaly(0, 1, HOST_1)),
        {
          ...incident(2, anomaly(0, 1, HOST_2)),
          reach: [...reachOf(anomaly(8, null, HOST_1), rules), ...reachOf(anomaly(8, null, HOST_2), rules)],
        },
        incident(3, anomaly(20, null, HOST_2)),
      ],
      anomaly(4, null, HOST_1),
      { kind: 'join', incidentId: 'i1', merges: ['i2', 'i3'] },
    ],
  ];
  it.each(table)('%s', (_, incidents, given, expected) => {
    expect(decide(given, incidents, rules)).toEqual(expected);
  });

  it('joins within the calm period even where the gap is shorter, because the incident is still open', () => {
    const narrow = { ...rules, gapMs: 0 };
    expect(decide(anomaly(9, null, HOST_1), [incident(1, anomaly(0, 5, HOST_1))], narrow).kind).toBe('join');
    expect(decide(anomaly(11, null, HOST_1), [incident(1, anomaly(0, 5, HOST_1))], narrow).kind).toBe('open');
  });

  it('presumes that a silent series is still off for a while', () => {
    const silent = { ...anomaly(0, 5, HOST_1), endReason: 'stale' as const };
    expect(decide(anomaly(35, null, HOST_1), [incident(1, silent)], rules).kind).toBe('join');
    expect(decide(anomaly(41, null, HOST_1), [incident(1, silent)], rules).kind).toBe('open');
  });
});

describe('decide among resolved incidents', () => {
  const calm = incident(1, anomaly(0, 5, HOST_1), 10, 'calm');
  const byUser = incident(1, anomaly(0, null, HOST_1), 10, 'user');
  const table: [string, IncidentState[], CorrelatedAnomaly, ReturnType<typeof decide>][] = [
    [
      'reopens within the window after an automatic resolve',
      [calm],
      anomaly(40, null, HOST_1),
      { kind: 'reopen', incidentId: 'i1' },
    ],
    ['opens after the window', [calm], anomaly(40.01, null, HOST_1), { kind: 'open' }],
    ['does not reopen for another host', [calm], anomaly(11, null, HOST_2), { kind: 'open' }],
    ['respects what a person resolved', [byUser], anomaly(11, null, HOST_1), { kind: 'open' }],
    ['respects it for an anomaly that began before and lasts', [byUser], anomaly(9, null, HOST_1), { kind: 'open' }],
    [
      'keeps late news of what was over as evidence',
      [byUser],
      anomaly(6, 9, HOST_1),
      { kind: 'attach', incidentId: 'i1' },
    ],
    [
      'keeps late news after an automatic resolve as evidence',
      [calm],
      anomaly(6, 9, HOST_1),
      { kind: 'attach', incidentId: 'i1' },
    ],
    ['opens for old news that is not related', [calm], anomaly(6, 9, HOST_2), { kind: 'open' }],
    [
      'reopens the latest of several',
      [calm, incident(2, anomaly(12, 15, HOST_1), 20, 'calm')],
      anomaly(25, null, HOST_1),
      { kind: 'reopen', incidentId: 'i2' },
    ],
    [
      'prefers an active incident',
      [calm, incident(2, anomaly(12, null, HOST_1))],
      anomaly(13, null, HOST_1),
      { kind: 'join', incidentId: 'i2', merges: [] },
    ],
  ];
  it.each(table)('%s', (_, incidents, given, expected) => {
    expect(decide(given, incidents, rules)).toEqual(expected);
  });

  it('looks back as far as any rule can reach', () => {
    expect(looksBackMs(rules)).toBe(30 * MINUTE);
    expect(looksBackMs({ ...rules, reopenMs: 0 })).toBe(5 * MINUTE);
  });
});
