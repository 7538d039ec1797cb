import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { AnomalyDetected, AnomalyEnded, LabelSources } from '../../../src/modules/anomaly-detection/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { EventBus } from '../../../src/platform/events/event-bus.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { Receiver } from '../notifications/support/receiver.js';
import { SECRET } from '../notifications/support/world.js';
import { WholeApplication } from './support/application.js';

describe('from anomaly to notification', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let app: WholeApplication;
  let environmentId: string;
  let otherId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    receiver = await Receiver.start(SECRET, () => Date.now() / 1_000);
    app = await WholeApplication.start(database.url, {
      incidents: { calmMinutes: 0, reopenMinutes: 0 },
      notifications: { webhook: { url: receiver.url, secret: SECRET } },
    });
    for (const name of ['Shop', 'Other']) {
      const created = await app.call('POST', 'environments', {
        body: { name, slug: name.toLowerCase(), kind: 'live' },
      });
      expect(created.status).toBe(201);
      if (name === 'Shop') environmentId = created.body.id;
      else otherId = created.body.id;
    }
  });
  afterAll(async () => {
    await app?.close();
    await receiver?.close();
    await database?.close();
  });

  function anomaly(instance: string, changes: object = {}) {
    const startedAt = new Date(Date.now() - 30_000).toISOString();
    return {
      anomalyId: newId(),
      environmentId,
      seriesId: 7,
      labels: { __name__: 'node_load1', job: `node on ${instance}`, instance },
      detector: 'robust-window@1',
      startedAt,
      peakAt: startedAt,
      score: 4,
      value: 8.4,
      yhat: 1.2,
      yhatLower: 0.3,
      yhatUpper: 2.1,
      ...changes,
    };
  }

  async function publish(event: typeof AnomalyDetected | typeof AnomalyEnded, payload: ReturnType<typeof anomaly>) {
    const bus = app.app.get(EventBus, { strict: false });
    await app.app
      .get(Database, { strict: false })
      .transaction((tx) => bus.publish(tx, event, payload as never, { environmentId }));
  }

  async function incident(query: string) {
    return vi.waitFor(
      async () => {
        const { body } = await app.call('GET', `incidents?environmentId=${environmentId}&${query}`);
        expect(body.items).toHaveLength(1);
        return body.items[0];
      },
      { timeout: 15_000, interval: 100 },
    );
  }

  it('opens, tells, is acknowledged, resolves by itself and tells again', async () => {
    const facts = anomaly('host-1:9100');
    await publish(AnomalyDetected, facts);
    const open = await incident('status=open,acknowledged&severity=warning');
    expect(open).toMatchObject({ severity: 'warning', environmentName: 'Shop', anomalyCount: 1 });

    const detail = await app.call('GET', `incidents/${open.incidentId}`);
    expect(detail.status).toBe(200);
    expect(detail.body.timeline.map((entry: { kind: string }) => entry.kind)).toEqual(['opened', 'evidence-added']);
    const { samples, scores } = detail.body.evidence[0].links;
    const url = new URL(scores, 'http://x');
    expect(url.pathname).toBe(`/api/v1/environments/${environmentId}/scores`);
    expect(url.searchParams.get('seriesId')).toBe('7');
    expect(Date.parse(url.searchParams.get('from')!)).toBe(Date.parse(facts.startedAt) - 30 * 60_000);
    expect(Date.parse(url.searchParams.get('to')!)).toBeGreaterThan(Date.now());
    expect(samples).toContain('/samples?seriesId=7&from=');
    expect((await app.call('GET', `incidents/${open.incidentId}`, { ifNoneMatch: detail.etag! })).status).toBe(304);

    const acknowledged = await app.call('POST', `incidents/${open.incidentId}/acknowledge`);
    expect(acknowledged).toMatchObject({ status: 200, body: { status: 'acknowledged', acknowledgedBy: 'admin' } });
    expect((await app.call('GET', `incidents/${open.incidentId}`, { ifNoneMatch: detail.etag! })).status).toBe(200);

    await publish(AnomalyEnded, { ...facts, endedAt: new Date().toISOString(), reason: 'calm' } as never);
    const resolved = await vi.waitFor(
      async () => {
        const { body } = await app.call('GET', `incidents/${open.incidentId}`);
        expect(body.status).toBe('resolved');
        return body;
      },
      { timeout: 25_000, interval: 250 },
    );
    expect(resolved).toMatchObject({ resolution: 'calm', resolvedBy: null, acknowledgedBy: 'admin' });

    const range = { from: Date.now() - 3_600_000, to: Date.now() };
    const labels = app.app.get(LabelSources, { strict: false });
    expect(
      await labels.labels('incidents', environmentId, range),
      'what a person acknowledged was wrong',
    ).toMatchObject([{ id: open.incidentId, kind: 'incident', services: null, from: Date.parse(open.startedAt) }]);
    expect(await labels.labels('incidents', otherId, range)).toEqual([]);

    await vi.waitFor(() => expect(receiver.received).toHaveLength(3), { timeout: 15_000, interval: 100 });
    expect(receiver.received.every((request) => request.trusted && !request.repeated)).toBe(true);
    expect(receiver.received.map((request) => JSON.parse(request.body).type)).toEqual([
      'incidents.incident-opened',
      'incidents.incident-acknowledged',
      'incidents.incident-resolved',
    ]);
    const deliveries = await vi.waitFor(async () => {
      const { body } = await app.call('GET', `notifications/deliveries?incidentId=${open.incidentId}&status=delivered`);
      expect(body.items).toHaveLength(3);
      return body.items;
    });
    expect(deliveries[0]).not.toHaveProperty('target');
  }, 60_000);

  it('answers conflicts, unknown ids and bad input with problems', async () => {
    await publish(AnomalyDetected, anomaly('host-2:9100'));
    const open = await incident('status=open');
    const path = `incidents/${open.incidentId}`;
    expect(
      (await app.call('POST', `${path}/acknowledge`, { body: { note: 'x'.repeat(2_001) } })).body.errors,
    ).toMatchObject([{ path: 'note' }]);
    for (const note of ['a\0b', 'a\ud800b']) {
      expect((await app.call('POST', `${path}/acknowledge`, { body: { note } })).body.errors, note).toMatchObject([
        { path: 'note' },
      ]);
    }
    expect((await app.call('POST', `${path}/resolve`, { body: { note: 'fixed' } })).body).toMatchObject({
      status: 'resolved',
      resolution: 'user',
    });
    for (const verb of ['acknowledge', 'mitigate', 'resolve']) {
      const refused = await app.call('POST', `${path}/${verb}`);
      expect(refused).toMatchObject({ status: 409, body: { code: 'incidents.already_resolved' } });
      expect(refused.body.detail).toContain('already resolved by admin');
    }
    expect(await app.call('GET', `incidents/${newId()}`)).toMatchObject({
      status: 404,
      body: { code: 'incidents.incident_not_found' },
    });
    for (const query of [
      'incidents?status=closed',
      'incidents?cursor=x',
      'incidents?limit=0',
      'incidents/12',
      'notifications/deliveries?status=x',
    ]) {
      expect((await app.call('GET', query)).status, query).toBe(400);
    }
    expect((await app.call('POST', 'notifications/channels/pager/test')).body.code).toBe(
      'notifications.channel_not_configured',
    );
    const audit = await app.call('GET', 'audit?action=incidents.resolve');
    expect(audit.body.items).toHaveLength(1);
  }, 30_000);

  it('shows a bound token its own environment only', async () => {
    const bound = async (id: string) => {
      const permissions = ['incidents:read', 'incidents:resolve'];
      const { status, body } = await app.call('POST', 'api-tokens', {
        body: { name: 'bound', permissions, environmentId: id },
      });
      expect(status).toBe(201);
      return body.token as string;
    };
    const [own, foreign] = [await bound(environmentId), await bound(otherId)];
    const all = (await app.call('GET', 'incidents', { token: own })).body.items;
    expect(all.length).toBeGreaterThan(0);
    const path = `incidents/${all[0].incidentId}`;
    expect((await app.call('GET', 'incidents', { token: foreign })).body.items).toEqual([]);
    expect((await app.call('GET', `incidents?environmentId=${environmentId}`, { token: foreign })).status).toBe(403);
    expect((await app.call('GET', path, { token: own })).status).toBe(200);
    expect((await app.call('GET', path, { token: foreign })).status).toBe(404);
    expect((await app.call('POST', `${path}/resolve`, { token: foreign })).status).toBe(404);
    expect((await app.call('POST', `${path}/acknowledge`, { token: own })).status).toBe(403);
    expect((await app.call('GET', 'notifications/deliveries', { token: own })).status).toBe(403);
  });

  it('sends a test notification and lists the channels', async () => {
    receiver.reset();
    expect((await app.call('GET', 'notifications/channels')).body.items).toEqual([
      { name: 'webhook', destination: receiver.url },
    ]);
    const test = await app.call('POST', 'notifications/channels/webhook/test');
    expect(test).toMatchObject({ status: 202, body: { deliveries: [{ channel: 'webhook', status: 'pending' }] } });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 15_000, interval: 100 });
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({ type: 'notifications.test', incident: null });
  }, 30_000);
});
