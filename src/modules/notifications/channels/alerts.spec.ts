import { describe, expect, it } from 'vitest';
import type { IncidentSnapshot } from '../../incidents/index.js';
import { alertLabels, alertsOf, incidentUrl, testAlert } from './alerts.js';
import { lineOf } from './console.notifier.js';

const incident: IncidentSnapshot = {
  incidentId: 'i-1',
  number: 12,
  environmentId: 'e-1',
  environmentName: 'Shop',
  title: 'Load on host-1: 5 series off their expected band since 14:02 UTC',
  severity: 'error',
  status: 'open',
  sharedLabels: { job: 'node', instance: 'host-1:9100' },
  startedAt: '2026-11-03T14:02:00.000Z',
  updatedAt: '2026-11-03T14:03:00.000Z',
  acknowledgedBy: null,
  resolvedAt: null,
  resolution: null,
  mergedInto: null,
  anomalyCount: 5,
  evidence: [1, 2, 3, 4].map((id) => ({
    anomalyId: `a-${id}`,
    seriesId: id,
    series: `node_load${id}`,
    value: 8.4,
    yhat: 1.2,
    yhatLower: 0.3,
    yhatUpper: 2.1,
    score: 6.34,
    startedAt: '2026-11-03T14:02:00.000Z',
    endedAt: null,
  })),
};
const now = Date.parse('2026-11-03T14:05:00.000Z');

describe('alertsOf', () => {
  it('makes one firing alert that expires unless it is sent again', () => {
    expect(alertsOf(incident, [], now + 240_000, 'https://dsim.example.org/')).toEqual([
      {
        labels: {
          alertname: 'DevOpsSimulatorIncident',
          severity: 'error',
          environment: 'Shop',
          incident: '12',
          job: 'node',
          instance: 'host-1:9100',
        },
        annotations: {
          summary: incident.title,
          description: [
            ...[1, 2, 3].map((id) => `node_load${id} at 8.4, expected 1.2 (band 0.3 to 2.1), score 6.3`),
            'and 2 more',
          ].join('\n'),
        },
        startsAt: '2026-11-03T14:02:00.000Z',
        endsAt: '2026-11-03T14:09:00.000Z',
        generatorURL: 'https://dsim.example.org/#/incidents/i-1',
      },
    ]);
  });

  it('ends when the incident resolved, and never before it started', () => {
    const ends = (resolvedAt: string) => alertsOf({ ...incident, resolvedAt }, [], now, undefined)[0]!.endsAt;
    expect(ends('2026-11-03T14:04:00.000Z')).toBe('2026-11-03T14:04:00.000Z');
    expect(ends('2026-11-03T14:01:00.000Z')).toBe(incident.startedAt);
  });

  it('resolves what the alert was called before', () => {
    const replaced = { labels: { ...alertLabels(incident), severity: 'warning' }, replacedAt: new Date(now) };
    const alerts = alertsOf(incident, [replaced], now + 240_000, undefined);
    expect(alerts.map((alert) => [alert.labels.severity, alert.endsAt])).toEqual([
      ['warning', '2026-11-03T14:05:00.000Z'],
      ['error', '2026-11-03T14:09:00.000Z'],
    ]);
    expect(alerts[0]).not.toHaveProperty('generatorURL');
  });

  it('does not let shared labels replace its own', () => {
    expect(alertLabels({ ...incident, sharedLabels: { alertname: 'x', severity: 'y' } })).toMatchObject({
      alertname: 'DevOpsSimulatorIncident',
      severity: 'error',
    });
  });

  it('describes an incident without evidence by its title', () => {
    expect(
      alertsOf({ ...incident, evidence: [], anomalyCount: 0 }, [], now, undefined)[0]!.annotations.description,
    ).toBe(incident.title);
  });

  it('lets a test alert end by itself', () => {
    expect(testAlert(now, 60_000)).toMatchObject({
      labels: { alertname: 'DevOpsSimulatorTest' },
      endsAt: '2026-11-03T14:06:00.000Z',
    });
  });

  it('links below a path, too', () => {
    expect(incidentUrl('https://example.org/dsim//', 'x')).toBe('https://example.org/dsim/#/incidents/x');
  });
});

describe('console line', () => {
  const base = { deliveryId: 'd', eventId: 'e', occurredAt: new Date(now) };
  it.each([
    ['incidents.incident-opened', {}, 'Incident 12 opened (error) in Shop: Load on host-1: 5 series'],
    ['incidents.incident-updated', {}, 'Incident 12 is open (error) in Shop'],
    [
      'incidents.incident-acknowledged',
      { status: 'acknowledged', acknowledgedBy: 'alice' },
      'Incident 12 acknowledged by alice (error)',
    ],
    [
      'incidents.incident-resolved',
      { status: 'resolved', resolution: 'calm' },
      'Incident 12 resolved by itself (error)',
    ],
    [
      'incidents.incident-resolved',
      { status: 'resolved', resolution: 'user', acknowledgedBy: 'alice' },
      'Incident 12 resolved by a person (error)',
    ],
    [
      'incidents.incident-resolved',
      { status: 'resolved', resolution: 'merged' },
      'Incident 12 resolved into an older incident (error)',
    ],
  ] as const)('%s %j', (type, change, expected) => {
    expect(lineOf({ ...base, type, incident: { ...incident, ...change } })).toContain(expected);
  });

  it('knows a test', () => {
    expect(lineOf({ ...base, type: 'notifications.test', incident: null })).toContain('Test notification');
  });
});
