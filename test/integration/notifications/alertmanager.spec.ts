import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PostableAlert } from '../../../src/modules/notifications/channels/alerts.js';
import { PruneDeliveriesProcessor } from '../../../src/modules/notifications/jobs/prune-deliveries.processor.js';
import { Receiver } from './support/receiver.js';
import { NotificationWorld, SECRET, START } from './support/world.js';

const MINUTE = 60_000;
const at = (minute: number) => new Date(START + minute * MINUTE).toISOString();

describe('Alertmanager deliveries', () => {
  let world: NotificationWorld;
  let first: Receiver;
  let second: Receiver;
  beforeAll(async () => {
    [first, second] = await Promise.all([Receiver.start(SECRET, () => 0), Receiver.start(SECRET, () => 0)]);
    world = await NotificationWorld.create({
      alertmanager: { urls: [first.url, `${second.url}/prefix/`], username: 'dsim', password: 'pass' },
      timeoutSeconds: 0.3,
    });
  });
  afterAll(async () => {
    await world.close();
    await Promise.all([first.close(), second.close()]);
  });
  beforeEach(async () => {
    first.reset();
    second.reset();
    await world.reset();
  });

  const alerts = (receiver: Receiver) =>
    receiver.received.map((request) => JSON.parse(request.body) as PostableAlert[]);

  it('posts an alert to every member, with credentials', async () => {
    const incident = world.snapshot();
    world.incidents.incidents = [incident];
    await world.subscriber.onOpened(world.event('opened', incident));
    await world.work();
    expect(first.received[0]).toMatchObject({ path: '/api/v2/alerts' });
    expect(second.received[0]).toMatchObject({ path: '/prefix/api/v2/alerts' });
    expect(first.received[0]!.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from('dsim:pass').toString('base64')}`,
    });
    expect(alerts(first)[0]).toMatchObject([
      {
        labels: {
          alertname: 'DevOpsSimulatorIncident',
          severity: 'warning',
          incident: '12',
          environment: 'Shop',
          job: 'node',
        },
        startsAt: incident.startedAt,
        endsAt: at(4),
        generatorURL: `https://dsim.example.org/#/incidents/${incident.incidentId}`,
      },
    ]);
    expect((await world.deliveries()).map((delivery) => delivery.status)).toEqual(['delivered', 'delivered']);
  });

  it('retries only the member that failed', async () => {
    second.answers(503);
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.work();
    world.clock.time += MINUTE;
    await world.work();
    expect([first.received.length, second.received.length]).toEqual([1, 2]);
  });

  it.each([
    [400, 'failed', 'client_error'],
    [429, 'pending', 'rate_limited'],
    [500, 'pending', 'server_error'],
  ])('takes %i as %s', async (status, state, reason) => {
    first.answers(status);
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.work();
    expect((await world.deliveries()).find((delivery) => delivery.destination === first.url)).toMatchObject({
      status: state,
      reason,
    });
  });

  it('tells the present state, however late a try succeeds', async () => {
    const incident = world.snapshot();
    await world.subscriber.onOpened(world.event('opened', incident));
    world.incidents.incidents = [{ ...incident, status: 'resolved', resolution: 'user', resolvedAt: at(1) }];
    world.clock.time += 60 * MINUTE;
    await world.work();
    expect(alerts(first)[0]![0]!.endsAt).toBe(at(1));
  });

  it('sends firing incidents again, and resolved ones for five minutes', async () => {
    const firing = world.snapshot({ number: 1 });
    const resolved = world.snapshot({ number: 2, status: 'resolved', resolution: 'calm', resolvedAt: at(0) });
    world.incidents.incidents = [firing, resolved];
    for (const minute of [1, 4.9, 5.1]) {
      world.clock.time = START + minute * MINUTE;
      await world.resend();
    }
    const sent = alerts(first).map((posted) => posted.map((alert) => [alert.labels['incident'], alert.endsAt]));
    expect(sent).toEqual([
      [
        ['1', at(5)],
        ['2', at(0)],
      ],
      [
        ['1', at(8.9)],
        ['2', at(0)],
      ],
      [['1', at(9.1)]],
    ]);
    expect(await world.deliveries()).toEqual([]);
  });

  it('resolves the alert under its old labels when severity or shared labels change', async () => {
    const incident = world.snapshot();
    world.incidents.incidents = [incident];
    await world.resend();
    world.incidents.incidents = [{ ...incident, severity: 'error', sharedLabels: { job: 'node' } }];
    world.clock.time = START + MINUTE;
    await world.resend();
    world.clock.time = START + 7 * MINUTE;
    await world.resend();
    const sent = alerts(first).map((posted) =>
      posted.map(({ labels, endsAt }) => [labels['severity'], labels['instance'], endsAt]),
    );
    expect(sent).toEqual([
      [['warning', 'host-1:9100', at(4)]],
      [
        ['warning', 'host-1:9100', at(1)],
        ['error', undefined, at(5)],
      ],
      [['error', undefined, at(11)]],
    ]);
  });

  it('fires again under labels that it had before', async () => {
    const incident = world.snapshot();
    for (const [minute, severity] of [
      [0, 'warning'],
      [1, 'error'],
      [2, 'warning'],
    ] as const) {
      world.clock.time = START + minute * MINUTE;
      world.incidents.incidents = [{ ...incident, severity }];
      await world.resend();
    }
    expect(alerts(first)[2]!.map(({ labels, endsAt }) => [labels['severity'], endsAt])).toEqual([
      ['error', at(2)],
      ['warning', at(6)],
    ]);
  });

  it('survives a member that is away while it sends again', async () => {
    world.incidents.incidents = [world.snapshot()];
    first.answers(() => undefined);
    await world.resend();
    expect(second.received).toHaveLength(1);
  });

  it('forgets the labels of incidents that are long over', async () => {
    world.incidents.incidents = [world.snapshot()];
    await world.resend();
    await world.app.get(PruneDeliveriesProcessor).process();
    expect(await world.database.query('SELECT 1 FROM notifications_alert_labels')).toHaveLength(1);
    world.incidents.incidents = [];
    await world.app.get(PruneDeliveriesProcessor).process();
    expect(await world.database.query('SELECT 1 FROM notifications_alert_labels')).toEqual([]);
  });
});
