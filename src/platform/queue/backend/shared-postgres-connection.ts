import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresConnection, PostgresQueueBackend } from 'bullmq';
import type { QueuePool } from './postgres-pools.js';

type ListenClient = Awaited<ReturnType<PostgresConnection['getListenClient']>>;

/**
 * BullMQ would open a pool and a listening connection for every queue and every worker. All of ours share this one,
 * so closing a queue must not close it.
 */
export class SharedPostgresConnection extends PostgresConnection {
  private readonly prepared = new WeakSet<ListenClient>();

  /** `pollMs` where the server cannot notify us: then workers look for themselves that often. */
  constructor(
    pool: QueuePool,
    readonly pollMs: number | undefined,
  ) {
    super(pool);
    this.setMaxListeners(0);
  }

  /** The schema was migrated before any queue was made; BullMQ would remember a failed check for ever. */
  override async waitUntilReady(): Promise<void> {}

  override async getListenClient(): Promise<ListenClient> {
    const client = await super.getListenClient();
    if (!this.prepared.has(client)) {
      this.prepared.add(client);
      (client as unknown as EventEmitter).setMaxListeners(0);
      queueUp(client);
    }
    return client;
  }

  override async close(): Promise<void> {}

  override async disconnect(): Promise<void> {}

  shutDown(): Promise<void> {
    return super.close();
  }
}

/** Every worker says LISTEN on this one client, and pg wants one query after the other. */
function queueUp(client: ListenClient): void {
  const query = client.query.bind(client) as ListenClient['query'];
  let last: Promise<unknown> = Promise.resolve();
  client.query = (...parameters) => {
    const next = last.then(() => query(...parameters));
    last = next.catch(() => undefined);
    return next as never;
  };
}

/** For connections without notices: an idle worker looks for jobs on a clock. */
export class PollingPostgresQueueBackend extends PostgresQueueBackend {
  private wake = new AbortController();

  override async waitForJob(blockTimeout: number): Promise<null> {
    const { pollMs } = this.connection as SharedPostgresConnection;
    await sleep(Math.min(blockTimeout * 1000, pollMs ?? 0), undefined, { signal: this.wake.signal }).catch(
      () => undefined,
    );
    return null;
  }

  override async disconnectBlocking(): Promise<void> {
    this.wake.abort();
  }

  override async reconnectBlocking(): Promise<void> {
    this.wake = new AbortController();
  }
}
