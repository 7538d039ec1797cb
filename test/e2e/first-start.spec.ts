import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { descendantsOf, listProcesses, type RunningProcess } from '../support/process-tree.js';
import { Product } from '../support/product.js';

const NOTICE = /administrator admin, password (\S+) \(shown only this once\)/;

interface Environment {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
}

/** One installation on its embedded database, from its first start over a crash to its last. The tests build on each other. */
describe('an installation of its own', () => {
  let product: Product;
  let password: string;
  let created: Environment;

  const environments = async (): Promise<readonly Environment[]> => {
    const { items } = await product.ok<{ items: Environment[] }>('GET', 'environments');
    return items;
  };

  beforeAll(async () => {
    product = await Product.start({ env: { AUTH_ADMIN_PASSWORD: undefined } });
  });
  afterAll(() => product?.dispose());

  it('tells the password of its administrator once, and it works', async () => {
    const notices = product.output.match(new RegExp(NOTICE, 'g'));
    expect(notices).toHaveLength(1);
    password = NOTICE.exec(product.output)![1]!;
    expect(password.length).toBeGreaterThanOrEqual(20);
    await product.login('admin', password);
    await expect(product.login('admin', `${password}x`)).rejects.toThrow(/login: 401/);
  });

  it('watches the machine it runs on', async () => {
    const host = await eventually('an environment for the host', async () =>
      (await environments()).find(({ kind }) => kind === 'host'),
    );
    await eventually('samples of the host', async () => {
      const { state } = await product.ok<{ state: string }>('GET', `environments/${host.id}/status`);
      return state === 'receiving';
    });
    const { items } = await product.ok<{ items: unknown[] }>(
      'GET',
      `environments/${host.id}/series?match[]=node_cpu_seconds_total`,
    );
    expect(items.length).toBeGreaterThan(0);
  });

  it('runs as three: itself, its worker, its database', async () => {
    created = await product.ok<Environment>('POST', 'environments', { name: 'Kept over restarts' });
    expect(product.processes().filter(({ command }) => command.includes('dist/main.js'))).toHaveLength(2);
    expect(workerOf(product)).toBeDefined();
    expect(postmasterOf(product)).toBeDefined();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops on %s with everything that belongs to it, as a success',
    async (signal) => {
      const below = descendantsOf(product.pid);
      expect(await product.stop(signal)).toEqual({ code: 0, signal: null });
      expect(product.processes()).toEqual([]);
      const running = new Set(listProcesses().map(({ pid, command }) => `${pid} ${command}`));
      expect(below.filter(({ pid, command }) => running.has(`${pid} ${command}`))).toEqual([]);
      await product.restart();
    },
  );

  it('finds its data again and tells no password a second time', async () => {
    expect(product.output).not.toMatch(/password/i);
    expect(product.output).not.toContain('Creating the database');
    await product.login('admin', password);
    expect(await environments()).toContainEqual(
      expect.objectContaining({ id: created.id, name: 'Kept over restarts' }),
    );
    expect((await environments()).filter(({ kind }) => kind === 'host')).toHaveLength(1);
  });

  it.each(['its worker still starts', 'its worker runs'])(
    'leaves neither worker nor database behind when it is killed while %s',
    async (moment) => {
      if (moment === 'its worker runs')
        await eventually('the worker runs', async () => (await stateOfWorker()) === 'up');
      expect(await product.kill9()).toEqual({ code: null, signal: 'SIGKILL' });
      await eventually('worker and database end', () => product.processes().length === 0, { withinMs: 15_000 });
      await product.restart();
      await product.login('admin', password);
      expect((await environments()).map(({ id }) => id)).toContain(created.id);
    },
  );

  it('starts at once on what a killed one leaves, without waiting for it to be gone', async () => {
    await product.kill9();
    await product.restart();
    await product.login('admin', password);
    expect((await environments()).map(({ id }) => id)).toContain(created.id);
  });

  it('replaces a worker that was killed', async () => {
    const worker = workerOf(product)!;
    process.kill(worker.pid, 'SIGKILL');
    await eventually('another worker', () => (workerOf(product)?.pid ?? worker.pid) !== worker.pid);
    expect(product.output).toMatch(/The worker process ended \(SIGKILL\)/);
    await eventually('it is up', async () => (await stateOfWorker()) === 'up');
  });

  it('replaces a database that was killed', async () => {
    const postmaster = postmasterOf(product)!;
    process.kill(postmaster.pid, 'SIGKILL');
    await eventually('another database', () => (postmasterOf(product)?.pid ?? postmaster.pid) !== postmaster.pid);
    expect((await product.health('live')).status).toBe(200);
    await eventually('it says so', () => product.output.includes('PostgreSQL runs again.'));
    await product.ready();
    expect((await environments()).map(({ id }) => id)).toContain(created.id);
    await eventually('its worker is up', async () => (await stateOfWorker()) === 'up');
  });

  it('refuses the data of another major version of PostgreSQL', async () => {
    const refused = await Product.refuse({ dataDir: folderOfPostgres('12') });
    expect(refused.output).toMatch(/were written by PostgreSQL 12, and this release embeds \d+\.\d+/);
    expect(refused).toMatchObject({ code: 1, left: [] });
  });

  async function stateOfWorker(): Promise<string | undefined> {
    const { body } = await product.health('ready');
    return (body as { details?: Record<string, { status: string }> }).details?.['worker']?.status;
  }

  function folderOfPostgres(version: string): string {
    const folder = join(product.dataDir, `postgres-${version}`);
    mkdirSync(join(folder, 'postgres/data'), { recursive: true });
    writeFileSync(join(folder, 'postgres/data/PG_VERSION'), `${version}\n`);
    return folder;
  }
});

function workerOf(product: Product): RunningProcess | undefined {
  return descendantsOf(product.pid).find(({ command }) => command.includes('dist/main.js'));
}

function postmasterOf(product: Product): RunningProcess | undefined {
  return descendantsOf(product.pid).find(({ command }) => /^\S+\/bin\/postgres -D/.test(command));
}
