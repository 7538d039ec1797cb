import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedServer } from '../support/embedded-server.js';
import { eventually } from '../support/eventually.js';
import { descendantsOf, listProcesses } from '../support/process-tree.js';
import { Product } from '../support/product.js';

type Checks = Readonly<Record<string, { readonly status: string; readonly reason?: string }>>;

describe('while PostgreSQL is away', () => {
  let postgres: EmbeddedServer;
  let product: Product;

  beforeAll(async () => {
    postgres = await EmbeddedServer.start();
    product = await Product.start({ databaseUrl: postgres.url(), env: { TELEMETRY_HOST_SOURCE_ENABLED: 'false' } });
    await product.login();
  });
  afterAll(async () => {
    await product?.dispose();
    await postgres?.stop();
  });

  async function expectNotReady(reason: RegExp): Promise<void> {
    const { body } = await eventually('ready turns 503', async () => {
      const answer = await product.health('ready');
      return answer.status === 503 && answer;
    });
    const { details } = body as { details: Checks };
    expect(details['database']).toMatchObject({ status: 'down', reason: expect.stringMatching(reason) as string });
    // A process that others wait for must not be restarted for it.
    expect((await product.health('live')).status).toBe(200);
  }

  async function expectProblems(): Promise<void> {
    const { status, headers } = await product.api('GET', 'environments', undefined, { timeoutMs: 60_000 });
    expect(status).toBe(503);
    expect(headers['content-type']).toContain('application/problem+json');
  }

  async function expectRecovery(): Promise<void> {
    await product.ready(30_000);
    await product.ok('GET', 'environments');
    await eventually('the worker is well again', async () => {
      const { details } = (await product.health('ready')).body as { details: Checks };
      return details['worker']?.status === 'up';
    });
  }

  it('because it was killed, says so, stays alive, and recovers by itself', async () => {
    const pid = product.pid;
    await postgres.kill();
    await expectNotReady(/^PostgreSQL does not answer/);
    await expectProblems();
    await postgres.run();
    await expectRecovery();
    expect(product.pid).toBe(pid);
  });

  it('because it hangs, says so, stays alive, and recovers by itself', async () => {
    const postmaster = listProcesses().find(({ command }) => command.includes(`port=${postgres.port} `))!;
    const server = [postmaster, ...descendantsOf(postmaster.pid)];
    for (const { pid } of server) process.kill(pid, 'SIGSTOP');
    try {
      await expectNotReady(/No answer|does not answer/);
      await expectProblems();
    } finally {
      for (const { pid } of server) process.kill(pid, 'SIGCONT');
    }
    await expectRecovery();
  });

  it('can be stopped, and does not hang', async () => {
    await postgres.kill();
    await expectNotReady(/^PostgreSQL does not answer/);
    expect(await product.stop()).toEqual({ code: 0, signal: null });
    await postgres.run();
  });
});
