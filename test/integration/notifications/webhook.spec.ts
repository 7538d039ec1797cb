import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliverNotificationProcessor } from '../../../src/modules/notifications/jobs/deliver-notification.processor.js';
import { DeliveryRepository } from '../../../src/modules/notifications/deliveries/delivery.repository.js';
import { encodeCursor } from '../../../src/platform/http/paging.js';
import { SettableClock } from '../incidents/support/fakes.js';
import { Receiver } from './support/receiver.js';
import { NotificationWorld, SECRET, START } from './support/world.js';

const MINUTE = 60_000;

describe('webhook deliveries', () => {
  let world: NotificationWorld;
  let receiver: Receiver;
  let elsewhere: Receiver;
  beforeAll(async () => {
    const clock = new SettableClock(START);
    receiver = await Receiver.start(SECRET, () => clock.time / 1_000);
    elsewhere = await Receiver.start(SECRET, () => clock.time / 1_000);
    world = await NotificationWorld.create(
      { webhook: { url: `${receiver.url}/hook?token=private`, secret: SECRET }, timeoutSeconds: 0.3 },
      clock,
    );
  });
  afterAll(async () => {
    await world.close();
    await receiver.close();
    await elsewhere.close();
  });
  beforeEach(async () => {
    receiver.reset();
    await world.reset();
  });

  async function only() {
    const [delivery, ...others] = await world.deliveries();
    expect(others).toEqual([]);
    return delivery!;
  }

  it('posts a signed envelope and lists it as delivered', async () => {
    const event = world.event('opened', world.snapshot());
    await world.subscriber.onOpened(event);
    expect(await only()).toMatchObject({
      status: 'pending',
      attempts: 0,
      channel: 'webhook',
      destination: receiver.url,
    });
    await world.work();
    const [request] = receiver.received;
    expect(request).toMatchObject({ path: '/hook?token=private', trusted: true, repeated: false });
    const delivery = await only();
    expect(request!.headers['x-dsim-delivery']).toBe(delivery.id);
    expect(JSON.parse(request!.body)).toEqual({
      version: '1',
      id: event.id,
      type: 'incidents.incident-opened',
      occurredAt: event.occurredAt.toISOString(),
      incident: event.payload,
    });
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, reason: null, incidentNumber: 12 });
    expect(JSON.stringify(delivery)).not.toContain('private');
  });

  it('sends once when the event arrives again, even at the same time', async () => {
    const event = world.event('opened', world.snapshot());
    await Promise.all([1, 2, 3].map(() => world.subscriber.onOpened(event)));
    expect(world.jobs.held.length).toBeGreaterThan(1);
    await world.work();
    await world.subscriber.onOpened(event);
    await world.work();
    expect(receiver.received).toHaveLength(1);
    expect((await only()).status).toBe('delivered');
  });

  it('tries again after 500 with the same id and a fresh signature', async () => {
    receiver.answers(500);
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.work();
    expect(await only()).toMatchObject({ status: 'pending', attempts: 1, reason: 'server_error' });
    expect(await world.work()).toBe(0);
    world.clock.time += 10 * MINUTE;
    expect(await world.work()).toBe(1);
    expect(await only()).toMatchObject({ status: 'delivered', attempts: 2, reason: null });
    const [first, second] = receiver.received;
    expect([second!.repeated, second!.trusted]).toEqual([true, true]);
    expect(second!.body).toBe(first!.body);
    expect(second!.headers['x-dsim-signature']).not.toBe(first!.headers['x-dsim-signature']);
  });

  it('gives up at once where a retry cannot help', async () => {
    receiver.answers(410);
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.work();
    expect(await only()).toMatchObject({ status: 'failed', attempts: 1, reason: 'gone', nextAttemptAt: null });
    expect(world.jobs.held).toEqual([]);
  });

  it('waits at least as long as Retry-After says', async () => {
    receiver.answers((response) => response.writeHead(429, { 'Retry-After': '600' }).end());
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.work();
    expect(await only()).toMatchObject({ reason: 'rate_limited', nextAttemptAt: new Date(START + 10 * MINUTE) });
    world.clock.time += 10 * MINUTE;
    await world.work();
    expect((await only()).status).toBe('delivered');
  });

  it('does not wait forever for a slow receiver', async () => {
    receiver.answers(() => undefined);
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.work();
    expect(await only()).toMatchObject({ status: 'pending', reason: 'timeout' });
  });

  it('does not carry the signed body to where a redirect points', async () => {
    receiver.answers((response) => response.writeHead(307, { Location: elsewhere.url }).end());
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.work();
    expect(elsewhere.received).toEqual([]);
    expect(await only()).toMatchObject({ status: 'failed', reason: 'redirect' });
  });

  it('gives up after hours of failing', async () => {
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    let tries = 0;
    while ((await only()).status === 'pending') {
      receiver.answers(503);
      tries += await world.work();
      world.clock.time += 30_000;
    }
    expect(world.clock.time - START).toBeGreaterThan(3.5 * 3_600_000);
    expect(world.clock.time - START).toBeLessThanOrEqual(4 * 3_600_000);
    expect(tries).toBeGreaterThan(15);
    expect(await only()).toMatchObject({ status: 'failed', reason: 'server_error', attempts: tries });
  });

  it('delivers again, with the same id, when the process died between sending and recording', async () => {
    const processor = world.app.get(DeliverNotificationProcessor);
    const repository = world.app.get(DeliveryRepository);
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    const { payload } = world.jobs.held.shift()!;
    const finish = repository.finish.bind(repository);
    repository.finish = async () => {
      throw new Error('killed');
    };
    await expect(processor.process(payload, { signal: new AbortController().signal })).rejects.toThrow('killed');
    repository.finish = finish;
    expect(receiver.received).toHaveLength(1);

    // The queue repeats the job; the try is still taken by the one that died.
    await processor.process(payload, { signal: new AbortController().signal });
    await world.sweep();
    expect([receiver.received.length, world.jobs.held.length]).toEqual([1, 0]);

    world.clock.time += MINUTE;
    await world.sweep();
    await world.work();
    expect(receiver.received.map((request) => request.repeated)).toEqual([false, true]);
    expect(await only()).toMatchObject({ status: 'delivered', attempts: 2 });
  });

  it('finds deliveries whose job was lost', async () => {
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    world.jobs.held = [];
    await world.sweep();
    expect(world.jobs.held).toEqual([]);
    world.clock.time += 6_000;
    await world.sweep();
    await world.work();
    expect((await only()).status).toBe('delivered');
  });

  it('tells of updates only where severity or status changed since it told last', async () => {
    const incident = world.snapshot();
    await world.subscriber.onOpened(world.event('opened', incident));
    world.clock.time += 1_000;
    await world.subscriber.onUpdated(world.event('updated', { ...incident, anomalyCount: 2 }));
    expect(await world.deliveries()).toHaveLength(1);
    const worse = world.event('updated', { ...incident, severity: 'error' });
    await world.subscriber.onUpdated(worse);
    world.clock.time += 1_000;
    await world.subscriber.onUpdated(worse);
    await world.subscriber.onUpdated(world.event('updated', { ...incident, severity: 'error', anomalyCount: 9 }));
    expect((await world.deliveries()).map((delivery) => delivery.type)).toEqual([
      'incidents.incident-updated',
      'incidents.incident-opened',
    ]);
    world.clock.time += 1_000;
    await world.subscriber.onResolved(world.event('resolved', { ...incident, severity: 'error', status: 'resolved' }));
    world.clock.time += 1_000;
    await world.subscriber.onUpdated(world.event('updated', { ...incident, severity: 'error' }));
    expect(await world.deliveries()).toHaveLength(4);
  });

  it('does not call an incident open again because an old update arrives late', async () => {
    const incident = world.snapshot();
    const late = world.event('updated', incident);
    world.clock.time += 1_000;
    const updatedAt = new Date(world.clock.time).toISOString();
    await world.subscriber.onResolved(world.event('resolved', { ...incident, status: 'resolved', updatedAt }));
    await world.subscriber.onUpdated(late);
    expect((await world.deliveries()).map((delivery) => delivery.type)).toEqual(['incidents.incident-resolved']);
  });

  it('lists by status, channel and incident, a page at a time', async () => {
    const incident = world.snapshot();
    for (const what of ['opened', 'resolved'] as const) {
      world.clock.time += 1_000;
      await world.subscriber.onOpened(world.event(what, incident));
    }
    await world.work();
    world.clock.time += 1_000;
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    const repository = world.app.get(DeliveryRepository);
    const first = await repository.page({ limit: 2 });
    const second = await repository.page({ limit: 2, cursor: first.nextCursor! });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
    const delivered = await repository.page({
      limit: 9,
      status: ['delivered'],
      channel: 'webhook',
      incidentId: incident.incidentId,
    });
    expect(delivered.items).toHaveLength(2);
    expect((await repository.page({ limit: 9, channel: 'console' })).items).toEqual([]);
    await expect(repository.page({ limit: 9, cursor: encodeCursor(['-'.repeat(36)]) })).rejects.toMatchObject({
      code: 'http.invalid_cursor',
    });
  });

  it('forgets deliveries of an environment with it', async () => {
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.database.query('DELETE FROM environments_environments');
    expect(await world.deliveries()).toEqual([]);
  });
});
