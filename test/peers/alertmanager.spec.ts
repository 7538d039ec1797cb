import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { IncidentSnapshot } from '../../src/modules/incidents/index.js';
import { ChannelTests } from '../../src/modules/notifications/deliveries/channel-tests.service.js';
import { NotificationWorld } from '../integration/notifications/support/world.js';
import { SettableClock } from '../integration/incidents/support/fakes.js';
import { describePeer, type PeerProcess, startPeer } from '../support/peers.js';

const MINUTE = 60_000;

interface GettableAlert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly status: { readonly state: string };
}

describePeer('prometheus-alertmanager', 'a real Alertmanager', (binary) => {
  let alertmanager: PeerProcess;
  let folder: string;
  let url: string;
  let world: NotificationWorld;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsim-alertmanager-'));
    const config = join(folder, 'alertmanager.yml');
    await writeFile(config, 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
    url = `http://127.0.0.1:${await freePort()}`;
    alertmanager = await startPeer(
      binary('prometheus-alertmanager'),
      [
        `--config.file=${config}`,
        `--storage.path=${folder}`,
        `--web.listen-address=${url.slice('http://'.length)}`,
        '--cluster.listen-address=',
      ],
      async () => (await fetch(`${url}/-/ready`)).ok,
    );
    // Alertmanager lives in real time.
    world = await NotificationWorld.create({ alertmanager: { urls: [url] } }, new SettableClock(Date.now()));
  });
  afterAll(async () => {
    await world?.close();
    await alertmanager?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function firing(number: number): Promise<GettableAlert[]> {
    const filter = encodeURIComponent(`incident="${number}"`);
    const response = await fetch(`${url}/api/v2/alerts?filter=${filter}`);
    return (await response.json()) as GettableAlert[];
  }

  async function tell(what: 'opened' | 'updated' | 'resolved', incident: IncidentSnapshot): Promise<void> {
    world.clock.time = Date.now();
    world.incidents.incidents = [incident];
    const event = world.event(what, incident);
    if (what === 'opened') await world.subscriber.onOpened(event);
    else if (what === 'updated') await world.subscriber.onUpdated(event);
    else await world.subscriber.onResolved(event);
    await world.work();
    const delivery = (await world.deliveries()).find(({ eventId }) => eventId === event.id);
    expect(delivery).toMatchObject({ status: 'delivered' });
  }

  it('shows an incident while it is open, and not after', async () => {
    const incident = world.snapshot({ number: 101 });
    await tell('opened', incident);
    const [alert, ...others] = await firing(101);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      status: { state: expect.stringMatching(/active|unprocessed/) },
      labels: {
        alertname: 'DevOpsSimulatorIncident',
        severity: 'warning',
        environment: 'Shop',
        job: 'node',
        instance: 'host-1:9100',
      },
      annotations: { summary: incident.title },
      generatorURL: `https://dsim.example.org/#/incidents/${incident.incidentId}`,
    });
    expect(Date.parse(alert!.startsAt)).toBe(Date.parse(incident.startedAt));
    expect(Date.parse(alert!.endsAt) - Date.now()).toBeGreaterThan(3 * MINUTE);

    const resolvedAt = new Date().toISOString();
    await tell('resolved', { ...incident, status: 'resolved', resolution: 'user', resolvedAt, updatedAt: resolvedAt });
    await vi.waitFor(async () => expect(await firing(101)).toEqual([]), { timeout: 5_000 });
  });

  it('keeps an alert alive by sending it again', async () => {
    const incident = world.snapshot({ number: 102 });
    await tell('opened', incident);
    const before = Date.parse((await firing(102))[0]!.endsAt);
    world.clock.time = Date.now() + MINUTE;
    await world.resend();
    world.clock.time = Date.now();
    const [alert, ...others] = await firing(102);
    expect(others).toEqual([]);
    expect(Date.parse(alert!.endsAt) - before).toBeGreaterThanOrEqual(MINUTE);
    expect(Date.parse(alert!.startsAt)).toBe(Date.parse(incident.startedAt));
  });

  it('has one alert, not two, after the severity rose', async () => {
    const incident = world.snapshot({ number: 103 });
    await tell('opened', incident);
    await tell('updated', { ...incident, severity: 'critical', updatedAt: new Date().toISOString() });
    await vi.waitFor(
      async () => expect((await firing(103)).map((alert) => alert.labels['severity'])).toEqual(['critical']),
      { timeout: 5_000 },
    );
  });

  it('takes a resolved incident that it never saw firing, and one whose clock is off', async () => {
    const resolvedAt = new Date(Date.now() - 10 * MINUTE).toISOString();
    await tell(
      'resolved',
      world.snapshot({
        number: 104,
        status: 'resolved',
        resolution: 'calm',
        resolvedAt,
        startedAt: new Date().toISOString(),
      }),
    );
    expect(await firing(104)).toEqual([]);
  });

  it('takes labels and annotations with any text', async () => {
    const labels = { job: 'nœud "x"\n', instance: 'ホスト' };
    await tell('opened', world.snapshot({ number: 105, sharedLabels: labels, title: '<b>"Load"</b> \\ 100 %' }));
    expect((await firing(105))[0]!.labels).toMatchObject(labels);
  });

  it('takes a test alert', async () => {
    world.clock.time = Date.now();
    await world.app
      .get(ChannelTests)
      .send('alertmanager', { kind: 'user', id: 'u', name: 'alice', permissions: new Set(), environmentId: null });
    await world.work();
    const response = await fetch(
      `${url}/api/v2/alerts?filter=${encodeURIComponent('alertname="DevOpsSimulatorTest"')}`,
    );
    expect(await response.json()).toHaveLength(1);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
