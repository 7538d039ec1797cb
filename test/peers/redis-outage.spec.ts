import type { TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { HealthRegistry } from '../../src/platform/observability/health-registry.js';
import { JobQueue } from '../../src/platform/queue/job-queue.js';
import { countThings, ThingCounter } from '../integration/queue/count-things.js';
import { startQueueProcess, until } from '../integration/queue/harness.js';
import { freePort } from '../support/embedded-server.js';
import { describePeer, startPeer, type PeerProcess } from '../support/peers.js';
import { RedisServer } from '../support/redis-server.js';

describePeer('redis-server', 'Redis that goes away', (binary) => {
  let redis: RedisServer;
  let app: TestingModule;
  const counter = new ThingCounter();

  beforeAll(async () => {
    redis = await RedisServer.start(binary('redis-server'));
    app = await startQueueProcess(
      { redisUrl: redis.url },
      { jobs: [countThings], processors: [counter], config: { enqueueTimeoutMs: 1_500 } },
    );
  });

  afterAll(async () => {
    await app.close();
    await redis.stop();
  });

  it('is reported, callers are told soon, and work goes on when it is back', async () => {
    const jobs = app.get(JobQueue);
    const health = async (): Promise<string> =>
      (
        await app
          .get(HealthRegistry)
          .forScope('ready')
          .find(({ name }) => name === 'queue')!
          .check()
      ).status;
    await jobs.enqueue(countThings, { thing: 'delayed' }, { delayMs: 2_500 });
    expect(await health()).toBe('up');
    await redis.kill();
    const started = Date.now();
    await expect(jobs.enqueue(countThings, { thing: 'away' })).rejects.toMatchObject({ code: 'queue.unavailable' });
    expect(Date.now() - started).toBeLessThan(2_500);
    expect(await health()).toBe('down');
    await redis.run();
    await until(health, (status) => status === 'up', 15_000);
    await jobs.enqueue(countThings, { thing: 'back' });
    await until(
      () => counter.runs.map(({ thing }) => thing),
      (things) => things.includes('back') && things.includes('delayed'),
      20_000,
    );
  });
});

describePeer('redis-server', 'other ways to run Redis', (binary) => {
  const peers: PeerProcess[] = [];
  const folders: string[] = [];
  let app: TestingModule | undefined;

  afterEach(async () => {
    await app?.close();
    app = undefined;
    await Promise.all(peers.splice(0).map((peer) => peer.stop()));
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'dsim-test-redis-'));
    folders.push(folder);
    return folder;
  }

  async function command(port: number, ...parts: [string, ...string[]]): Promise<unknown> {
    const client = new Redis({ port, lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(...parts);
    } finally {
      client.disconnect();
    }
  }

  async function launch(parameters: string[], port: number): Promise<void> {
    const ready = async (): Promise<boolean> => (await command(port, 'PING')) === 'PONG';
    peers.push(await startPeer(binary('redis-server'), parameters, ready));
  }

  async function provesItself(redis: NonNullable<Parameters<typeof startQueueProcess>[0]['redis']>): Promise<void> {
    const counter = new ThingCounter();
    app = await startQueueProcess({ redis }, { jobs: [countThings], processors: [counter] });
    await app.get(JobQueue).enqueue(countThings, { thing: 'apple' });
    await app.get(JobQueue).enqueue(countThings, { thing: 'later' }, { delayMs: 200 });
    await until(
      () => counter.runs.length,
      (count) => count === 2,
    );
  }

  describe('as a cluster', () => {
    it('runs jobs', async () => {
      const port = await freePort();
      await launch(
        [
          '--port',
          `${port}`,
          '--bind',
          '127.0.0.1',
          '--dir',
          newFolder(),
          '--cluster-enabled',
          'yes',
          '--cluster-announce-ip',
          '127.0.0.1',
          '--save',
          '',
        ],
        port,
      );
      await command(port, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
      await until(
        () => command(port, 'CLUSTER', 'INFO'),
        (info) => String(info).includes('cluster_state:ok'),
      );
      await provesItself({ clusterNodes: [`127.0.0.1:${port}`] });
    });
  });

  describe('behind Sentinel, with a password', () => {
    it('runs jobs', async () => {
      const port = await freePort();
      const sentinelPort = await freePort();
      const folder = newFolder();
      const file = join(folder, 'sentinel.conf');
      writeFileSync(
        file,
        `port ${sentinelPort}\nbind 127.0.0.1\ndir ${folder}\nsentinel monitor watched 127.0.0.1 ${port} 1\nsentinel auth-pass watched secret\n`,
      );
      const answersLocked = async (): Promise<boolean> =>
        command(port, 'PING').then(
          () => true,
          (error: Error) => error.message.includes('NOAUTH'),
        );
      peers.push(
        await startPeer(
          binary('redis-server'),
          ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', newFolder(), '--requirepass', 'secret', '--save', ''],
          answersLocked,
        ),
      );
      await launch([file, '--sentinel'], sentinelPort);
      await provesItself({ sentinels: [`127.0.0.1:${sentinelPort}`], sentinelMaster: 'watched', password: 'secret' });
    });
  });
});
