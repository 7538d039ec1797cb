import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import type { IncidentSnapshot } from '../../../src/modules/incidents/index.js';
import { IncidentWorld, MINUTE, START } from './support/world.js';

const HOST_2 = { job: 'other', instance: 'host-2:9100' };

describe('anomalies become incidents', () => {
  let world: IncidentWorld;
  beforeAll(async () => {
    world = await IncidentWorld.create();
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  it('opens one with severity, title, evidence and a timeline that shows the numbers', async () => {
    world.clock.time = START + 3 * MINUTE;
    await world.detect({ from: 2, score: 3.5 });
    const [incident] = await world.list();
    expect(incident).toMatchObject({
      status: 'open',
      severity: 'warning',
      title: 'Load on host-1: 1 series off its expected band since 14:02 UTC',
      environmentName: 'Shop',
      sharedLabels: { job: 'node', instance: 'host-1:9100' },
      startedAt: '2026-11-03T14:02:00.000Z',
      anomalyCount: 1,
      resolvedAt: null,
    });
    expect(incident!.evidence[0]).toMatchObject({
      series: 'node_load1{instance="host-1:9100",job="node"}',
      value: 8.4,
      yhat: 1.2,
    });
    const { timeline } = await world.incidents.detail(incident!.incidentId, null);
    expect(timeline.map((entry) => entry.text)).toEqual([
      'Opened as warning: 1 series, peak score 3.5 (3 or more), no signal that users feel directly',
      'node_load1{instance="host-1:9100",job="node"} at 8.4, expected 1.2 (band 0.3 to 2.1), score 3.5, since 14:02:00 UTC',
    ]);
    expect(world.bus.types()).toEqual(['opened']);
    expect(world.bus.published[0]).toMatchObject({
      environmentId: world.environment.id,
      payload: { incidentId: incident!.incidentId },
    });
  });

  it('adds related anomalies, and keeps title, severity, start and shared labels true', async () => {
    await world.detect({ from: 2 });
    await world.detect({
      from: 1,
      seriesId: 2,
      metric: 'node_cpu_seconds_total',
      score: 12,
      labels: { job: 'node', instance: 'host-2:9100' },
    });
    const [incident, ...others] = await world.list();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      title: 'CPU and load in job node: 2 series off their expected band since 14:01 UTC',
      severity: 'warning',
      sharedLabels: { job: 'node' },
      anomalyCount: 2,
    });
    expect(world.bus.types()).toEqual(['opened', 'updated']);
    const { timeline } = await world.incidents.detail(incident!.incidentId, null);
    expect(timeline.find((entry) => entry.kind === 'severity-changed')?.text).toContain(
      'from info to warning: 2 series, peak score 12.0',
    );
  });

  it('takes anomalies of one group as one incident, which is over when the last of them is', async () => {
    const groupId = newId();
    const database = { job: 'postgres-exporter', instance: 'cart-db:9187', service: 'cart-db' };
    const cart = { job: 'cart', instance: '10.0.0.7:8080', service: 'cart' };
    const [first, second] = [newId(), newId()];
    await world.detect({ id: first, from: 1, labels: database, groupId });
    await world.detect({ id: second, from: 2, seriesId: 2, labels: cart, groupId });
    await world.detect({ from: 2, seriesId: 3, labels: HOST_2, groupId: newId() });
    const list = await world.list();
    expect(list.map(({ anomalyCount }) => anomalyCount).sort()).toEqual([1, 2]);
    const joined = list.find(({ anomalyCount }) => anomalyCount === 2)!;
    await world.end({ id: first, from: 1, to: 5, labels: database, groupId });
    await world.resolveCalm(30);
    expect((await world.list()).find(({ incidentId }) => incidentId === joined.incidentId)!.status).toBe('open');
    await world.end({ id: second, from: 2, seriesId: 2, to: 31, labels: cart, groupId });
    await world.resolveCalm(60);
    expect((await world.list()).find(({ incidentId }) => incidentId === joined.incidentId)!.status).toBe('resolved');
  });

  it('keeps environments and unrelated hosts apart', async () => {
    await world.detect({ from: 1 });
    await world.detect({ from: 1, seriesId: 2, labels: HOST_2 });
    await world.detect({ from: 1, seriesId: 3, environmentId: world.other.id });
    expect(await world.list()).toHaveLength(3);
  });

  it('opens one incident when many related anomalies are delivered at once', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => world.detect({ from: index / 10, seriesId: index })));
    const incidents = await world.list();
    expect(incidents.map((incident) => incident.anomalyCount)).toEqual([12]);
    expect(world.bus.types().filter((type) => type === 'opened')).toHaveLength(1);
  });

  it('changes nothing when an event arrives again, even at the same time', async () => {
    await Promise.all([1, 2, 3].map(() => world.detect({ id: 'a', from: 1 })));
    await Promise.all([1, 2, 3].map(() => world.end({ id: 'a', from: 1, to: 2 })));
    await world.detect({ id: 'a', from: 1 });
    const [incident, ...others] = await world.list();
    expect(others).toEqual([]);
    expect(incident!.anomalyCount).toBe(1);
    expect(world.bus.types()).toEqual(['opened', 'updated']);
    const { timeline, incident: row } = await world.incidents.detail(incident!.incidentId, null);
    expect(timeline.map((entry) => entry.kind)).toEqual(['opened', 'evidence-added', 'evidence-ended']);
    expect(row.reach.map((reach) => reach.open)).toEqual([0, 0]);
  });

  it('understands an end that arrives before its start', async () => {
    await world.end({ id: 'a', from: 1, to: 2, score: 4 });
    await world.detect({ id: 'a', from: 1, score: 2 });
    const [incident] = await world.list();
    expect(incident!.evidence[0]).toMatchObject({ endedAt: '2026-11-03T14:02:00.000Z', score: 4 });
    const { incident: row } = await world.incidents.detail(incident!.incidentId, null);
    expect(row.reach.every((reach) => reach.open === 0)).toBe(true);
    await world.resolveCalm(7);
    expect((await world.list())[0]!.status).toBe('resolved');
  });

  it('keeps the facts of the highest peak', async () => {
    await world.detect({ id: 'a', from: 1, score: 2 });
    await world.end({ id: 'a', from: 1, to: 3, score: 11 });
    const [incident] = await world.list();
    expect(incident!.evidence[0]!.score).toBe(11);
    expect(incident!.severity).toBe('warning');
  });

  it('merges incidents that an anomaly links; the older survives and takes the evidence', async () => {
    await world.detect({ from: 1, labels: { instance: 'host-1' } });
    await world.detect({ from: 1, seriesId: 2, labels: { instance: 'host-2' } });
    const [second, first] = await world.list();
    await world.actions.acknowledge(second!.incidentId, world.principal('bob'));
    await world.detect({ from: 3, seriesId: 3, labels: { instance: 'host-1', service: 'web' } });
    await world.detect({ from: 4, seriesId: 4, labels: { instance: 'host-2', service: 'web' } });

    const [merged, survivor, ...others] = await world.list();
    expect(others).toEqual([]);
    expect(survivor).toMatchObject({
      incidentId: first!.incidentId,
      status: 'open',
      anomalyCount: 4,
      sharedLabels: {},
    });
    expect(merged).toMatchObject({
      status: 'resolved',
      resolution: 'merged',
      mergedInto: first!.incidentId,
      anomalyCount: 0,
    });
    const resolved = world.bus.published.find((event) => event.type === 'incidents.incident-resolved')!;
    expect((resolved.payload as IncidentSnapshot).incidentId).toBe(second!.incidentId);
    const { timeline } = await world.incidents.detail(first!.incidentId, null);
    expect(timeline.find((entry) => entry.kind === 'merged')?.text).toContain('acknowledged by bob');
    await expect(world.actions.resolve(second!.incidentId, world.principal())).rejects.toThrow(
      'became part of an older incident',
    );
  });

  it('drops an anomaly of an environment that is gone', async () => {
    await world.detect({ from: 1, environmentId: '00000000-0000-7000-8000-000000000000' });
    expect(await world.list()).toEqual([]);
  });

  it('leaves nothing behind when the event cannot be published, and works on redelivery', async () => {
    world.bus.failNext = true;
    await expect(world.detect({ id: 'a', from: 1 })).rejects.toThrow('connection lost');
    expect(await world.list()).toEqual([]);
    await world.detect({ id: 'a', from: 1 });
    expect((await world.list()).map((incident) => incident.anomalyCount)).toEqual([1]);
  });

  it('carries at most ten pieces of evidence in a snapshot, the strongest first, and all in the detail', async () => {
    for (let index = 0; index < 13; index++) await world.detect({ from: 1, seriesId: index, score: 1 + index });
    const [incident] = await world.list();
    expect(incident!.evidence.map((item) => item.score)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
    expect(incident!.anomalyCount).toBe(13);
    expect((await world.incidents.detail(incident!.incidentId, null)).evidence).toHaveLength(13);
  });
});
