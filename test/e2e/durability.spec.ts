import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { ask } from '../support/http-client.js';
import { descendantsOf } from '../support/process-tree.js';
import { Product } from '../support/product.js';
import { WriteRequestEncoder, writeHeaders } from '../support/remote-write-sender.js';
import { SeriesWriter } from '../support/series-writer.js';

/** Requests in flight at any time: a kill always hits some that have just been answered. */
const SENDERS = 4;

describe('what was answered with 204', () => {
  let product: Product;
  let sender: Sender;

  beforeAll(async () => {
    product = await Product.start({ env: { TELEMETRY_HOST_SOURCE_ENABLED: 'false' } });
    await product.login();
    const { id } = await product.ok<{ id: string }>('POST', 'environments', { name: 'Under fire' });
    sender = new Sender(product, id, await SeriesWriter.token(product, id));
  });
  afterAll(async () => {
    await sender?.stop();
    await product?.dispose();
  });

  it.each([
    ['product', () => product.kill9().then(() => product.restart())],
    ['database', () => killDatabase()],
    ['product and the database together', () => killEverything()],
  ])('is still there after kill -9 of the %s', async (_name, kill) => {
    sender.start();
    for (let i = 0; i < 3; i++) {
      const before = sender.acknowledged.size;
      await eventually('samples flow', () => sender.acknowledged.size > before + 50);
      await kill();
      await product.ready();
    }
    await sender.stop();
    // Readiness may be of a moment ago, from before the kill.
    await eventually('it answers', () => product.login().then(() => true));
    const stored = new Set(await sender.stored());
    expect([...sender.acknowledged].filter((time) => !stored.has(time))).toEqual([]);
    expect([...stored].filter((time) => !sender.sent.has(time))).toEqual([]);
  });

  async function killDatabase(): Promise<void> {
    const before = databaseProcesses();
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await eventually('another database', () => databaseProcesses().some((pid) => !before.includes(pid)));
  }

  async function killEverything(): Promise<void> {
    for (const { pid } of product.processes()) process.kill(pid, 'SIGKILL');
    await product.restart();
  }

  function databaseProcesses(): number[] {
    const postmaster = descendantsOf(product.pid).find(({ command }) => /^\S+\/bin\/postgres -D/.test(command));
    return postmaster ? [postmaster.pid, ...descendantsOf(postmaster.pid).map(({ pid }) => pid)] : [];
  }
});

/** Writes one sample per request, each at a time of its own, and remembers which were acknowledged. Never tries again. */
class Sender {
  readonly sent = new Set<number>();
  readonly acknowledged = new Set<number>();
  private readonly startedMs = Date.now() - 3_600_000;
  private running: Promise<unknown> | undefined;
  private stopping = false;

  constructor(
    private readonly product: Product,
    private readonly environmentId: string,
    private readonly token: string,
  ) {}

  start(): void {
    this.stopping = false;
    this.running = Promise.all(Array.from({ length: SENDERS }, () => this.run()));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** Times of the stored samples. */
  async stored(): Promise<readonly number[]> {
    const path = `environments/${this.environmentId}`;
    const { items } = await this.product.ok<{ items: { id: number }[] }>('GET', `${path}/series`);
    const range = `from=${this.startedMs / 1_000}&to=${Date.now() / 1_000}&maxPoints=20000`;
    const answer = await this.product.ok<{ items: { times: number[]; downsampled: boolean }[] }>(
      'GET',
      `${path}/samples?seriesId=${items[0]!.id}&${range}`,
    );
    expect(answer.items.map(({ downsampled }) => downsampled)).toEqual([false]);
    return answer.items[0]!.times;
  }

  private async run(): Promise<void> {
    const encoder = new WriteRequestEncoder('v1', [{ labels: [['__name__', 'written_under_fire']] }]);
    const headers = { ...writeHeaders('v1'), authorization: `Bearer ${this.token}` };
    while (!this.stopping) {
      const time = this.startedMs + this.sent.size;
      this.sent.add(time);
      const body = encoder.encodeCompressed(Float64Array.of(time), Float64Array.of(time));
      const url = `${this.product.url}/api/v1/write`;
      const status = await ask(url, { method: 'POST', headers, body }).then(
        (answer) => answer.status,
        () => undefined,
      );
      if (status === 204) this.acknowledged.add(time);
      else await sleep(20);
    }
  }
}
