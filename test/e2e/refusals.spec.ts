import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { mayRead } from '../support/other-user.js';
import { Product, temporaryDataDir } from '../support/product.js';

const NOBODY = 65_534;
const root = process.getuid?.() === 0;

describe('a start that cannot succeed', () => {
  let folder: string;

  beforeAll(() => {
    folder = temporaryDataDir();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** One reason, a cure, no stack, not a success, and nothing left behind. */
  function expectRefusal({ code, output, left }: Awaited<ReturnType<typeof Product.refuse>>, reason: RegExp): void {
    expect(output).toMatch(reason);
    expect(output).not.toMatch(/\n {4}at /);
    expect(output.trim().split('\n').length).toBeLessThanOrEqual(6);
    expect(code).toBe(1);
    expect(left).toEqual([]);
  }

  describe('for a port', () => {
    let taken: Server;
    let port: number;

    beforeAll(async () => {
      taken = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => taken.once('listening', resolve));
      ({ port } = taken.address() as AddressInfo);
    });
    afterAll(() => void taken.close());

    it('that is taken names it, and another to choose', async () => {
      const refused = await Product.refuse({ env: { HTTP_PORT: String(port) } });
      expectRefusal(refused, new RegExp(`^Port ${port} is taken by another program\\. .*HTTP_PORT=`));
    });

    it('of the second listener names its setting', async () => {
      const database = await createTestDatabase();
      try {
        const env = { HTTP_METRICS_PORT: String(port), HTTP_AI_PORT: '0' };
        const refused = await Product.refuse({
          databaseUrl: database.url,
          profile: 'experimental',
          env: { ...env, AUTH_JWT_SECRET: 'k'.repeat(20) + 'v'.repeat(20) },
        });
        expect(refused.output).toMatch(
          new RegExp(`Port ${port} on [\\d.]+ is taken by another program\\. .*HTTP_METRICS_PORT`),
        );
        expect(refused).toMatchObject({ code: 1, left: [] });
      } finally {
        await database.close();
      }
    });
  });

  it('on a data folder below a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    const refused = await Product.refuse({ dataDir: join(folder, 'file/data') });
    expectRefusal(refused, /file\/data is not a folder\. .*DSIM_DATA_DIR/);
  });

  it.skipIf(root && !mayRead(NOBODY))('on a data folder that this user may not write', async () => {
    const dataDir = join(folder, 'read-only');
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o555);
    const refused = await Product.refuse({ dataDir, uid: root ? NOBODY : undefined });
    expectRefusal(refused, /read-only cannot be written by this user/);
    expect(refused.output).toContain('DSIM_DATA_DIR');
  });

  it('on a data folder that another one uses', async () => {
    const product = await Product.start();
    try {
      const refused = await Product.launch({ dataDir: product.dataDir });
      await expect(refused.ended).resolves.toEqual({ code: 1, signal: null });
      expect(refused.output).toMatch(
        new RegExp(`Another DevOps Simulator \\(process ${product.pid}\\) uses the data folder`),
      );
      await expect(product.health('ready')).resolves.toMatchObject({ status: 200 });
    } finally {
      await product.dispose();
    }
  });

  it('on a database that a later release has migrated', async () => {
    const database = await createTestDatabase();
    try {
      await database.query(
        `INSERT INTO platform_migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`,
      );
      const refused = await Product.refuse({ databaseUrl: database.url });
      expectRefusal(refused, /Later9999999999999/);
      expect(refused.output).toMatch(/newer|later release/i);
    } finally {
      await database.close();
    }
  });

  it('on a database that does not answer, after waiting as long as it was told to', async () => {
    const refused = await Product.refuse({
      databaseUrl: 'postgresql://dsim@127.0.0.1:1/dsim',
      env: { DATABASE_START_TIMEOUT_MS: '1500' },
    });
    expect(refused.output).toContain('PostgreSQL does not answer yet; waiting for it.');
    expect(refused).toMatchObject({ code: 1, left: [] });
  });

  it.each([
    [
      'an unknown flag, with the one that was meant',
      { FEATURE_INCIDENT: 'true' },
      /FEATURE_INCIDENT .*Did you mean FEATURE_INCIDENTS\?/,
    ],
    [
      'a module whose dependency is off',
      { FEATURE_ANOMALY_DETECTION: 'false' },
      /incidents is on, but it needs anomaly-detection, which is off/,
    ],
    [
      'a part that cannot be turned off',
      { FEATURE_AUTH: 'false' },
      /auth is a part that the product cannot run without/,
    ],
    ['an unknown variable', { DSIM_DATADIR: '/tmp' }, /DSIM_DATADIR .*Did you mean DSIM_DATA_DIR\?/],
    [
      'an unknown profile',
      { DSIM_PROFILE: 'prod' },
      /must be one of production, development, experimental, got "prod"/,
    ],
  ])('with %s', async (_name, env, reason) => {
    expectRefusal(await Product.refuse({ env }), reason);
  });

  it('with several mistakes names them all at once', async () => {
    const { output, code } = await Product.refuse({
      env: { HTTP_BODY_LIMIT_BYTES: '1', QUEUE_BACKEND: 'kafka', FEATURE_LVE: 'true' },
    });
    for (const name of ['HTTP_BODY_LIMIT_BYTES', 'QUEUE_BACKEND', 'FEATURE_LVE']) expect(output).toContain(name);
    expect(output).toMatch(/^3 settings are wrong/);
    expect(code).toBe(1);
  });

  it('in production without the secret that signs sessions', async () => {
    const refused = await Product.refuse({ profile: 'production' });
    expectRefusal(refused, /AUTH_JWT_SECRET/);
  });

  it('in production with a well-known secret, which it does not repeat', async () => {
    const refused = await Product.refuse({
      profile: 'production',
      env: { AUTH_JWT_SECRET: 'change-me-change-me-change-me-change-me' },
    });
    expectRefusal(refused, /AUTH_JWT_SECRET\): this is a well-known value/);
    expect(refused.output).not.toContain('change-me-change');
  });
});
