import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { ChannelRegistry } from '../../../src/modules/notifications/channels/channel-registry.js';
import type { Channel, Notification, Outcome } from '../../../src/modules/notifications/channels/notifier.js';
import { ChannelTests } from '../../../src/modules/notifications/deliveries/channel-tests.service.js';
import { PruneDeliveriesProcessor } from '../../../src/modules/notifications/jobs/prune-deliveries.processor.js';
import type { Permission, Principal } from '../../../src/platform/http/access.js';
import { NotificationWorld, START } from './support/world.js';

const principal: Principal = {
  kind: 'user',
  id: newId(),
  name: 'alice',
  permissions: new Set<Permission>(),
  environmentId: null,
};
const DAY = 86_400_000;

function fake(name: string, deliver: (notification: Notification) => Promise<Outcome>): Channel {
  return { name, target: 'test', destination: 'test', notifier: { deliver } };
}

describe('without a configured channel', () => {
  it('writes down nothing and sends nothing', async () => {
    const world = await NotificationWorld.create({});
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.subscriber.onUpdated(world.event('updated', world.snapshot()));
    await world.resend();
    expect([await world.deliveries(), world.jobs.held]).toEqual([[], []]);
    await expect(world.app.get(ChannelTests).send('webhook', principal)).rejects.toMatchObject({
      code: 'notifications.channel_not_configured',
      message: expect.stringContaining('None is configured'),
    });
    await world.close();
  });
});

describe('channels', () => {
  let world: NotificationWorld;
  const told: Notification[] = [];
  let answer: () => Promise<Outcome>;
  beforeAll(async () => {
    world = await NotificationWorld.create({ console: { enabled: true } });
    answer = async () => ({ outcome: 'delivered' });
    world.app.get(ChannelRegistry).register(
      fake('chat', async (notification) => {
        told.push(notification);
        return answer();
      }),
    );
  });
  afterAll(() => world.close());
  afterEach(async () => {
    told.length = 0;
    answer = async () => ({ outcome: 'delivered' });
    await world.reset();
  });

  it('get a delivery each; one failing does not hold the other up', async () => {
    answer = async () => {
      throw new Error('a bug in the notifier');
    };
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.work();
    const states = (await world.deliveries()).map(({ channel, status, reason }) => [channel, status, reason]);
    expect(states.sort()).toEqual([
      ['chat', 'pending', 'internal'],
      ['console', 'delivered', null],
    ]);
  });

  it('refuse to be registered twice', () => {
    expect(() => world.app.get(ChannelRegistry).register(fake('chat', async () => ({ outcome: 'delivered' })))).toThrow(
      'registered twice',
    );
  });

  it('take a test notification, which is audited', async () => {
    const deliveries = await world.app.get(ChannelTests).send('chat', principal);
    expect(deliveries).toMatchObject([{ channel: 'chat', status: 'pending', type: 'notifications.test' }]);
    await world.work();
    expect(told).toMatchObject([{ type: 'notifications.test', incident: null, deliveryId: deliveries[0]!.id }]);
    expect(world.audit.entries).toMatchObject([{ action: 'notifications.test-channel', subjectId: 'chat' }]);
    const bound = { ...principal, environmentId: world.environmentId };
    await expect(world.app.get(ChannelTests).send('chat', bound)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.app.get(ChannelTests).send('pager', principal)).rejects.toMatchObject({
      message: expect.stringContaining('Configured are: console, chat'),
    });
  });

  it('that are no longer configured fail their deliveries for good', async () => {
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.database.query(`UPDATE notifications_deliveries SET target = 'gone' WHERE channel = 'chat'`);
    await world.work();
    const chat = (await world.deliveries()).find((delivery) => delivery.channel === 'chat');
    expect(chat).toMatchObject({ status: 'failed', reason: 'channel_removed' });
    expect(told).toEqual([]);
  });

  it('lose their finished deliveries after the retention, and no others', async () => {
    await world.subscriber.onOpened(world.event('opened', world.snapshot()));
    await world.work();
    world.clock.time = START + 29 * DAY;
    await world.app.get(PruneDeliveriesProcessor).process();
    expect(await world.deliveries()).toHaveLength(2);
    await world.database.query(
      `UPDATE notifications_deliveries SET status = 'pending', finished_at = NULL, next_attempt_at = now() WHERE channel = 'chat'`,
    );
    world.clock.time = START + 31 * DAY;
    await world.app.get(PruneDeliveriesProcessor).process();
    expect((await world.deliveries()).map((delivery) => delivery.channel)).toEqual(['chat']);
  });
});
