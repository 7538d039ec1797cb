import { Test, type TestingModule } from '@nestjs/testing';
import { register } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CommitHooks } from '../../../src/platform/database/commit-hooks.js';
import { databaseConfig } from '../../../src/platform/database/database.config.js';
import { Database } from '../../../src/platform/database/database.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { HealthRegistry } from '../../../src/platform/observability/health-registry.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testLogger, testPlatform } from '../../support/platform.js';
import { binaryCopy } from './binary-copy.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('Database', () => {
  let db: TestDatabase;
  let app: TestingModule;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase();
    app = await Test.createTestingModule({
      imports: [
        testConfiguration(
          section(databaseConfig, { url: db.url, statementTimeoutMs: 2_000, poolSize: 4, connectTimeoutMs: 1_000 }),
        ),
        testPlatform,
        DatabaseModule.forRoot(),
      ],
    })
      .setLogger(testLogger())
      .compile();
    await app.init();
    database = app.get(Database);
    await database.query('CREATE TABLE things (id integer PRIMARY KEY, name text)');
  });

  afterAll(async () => {
    await app.close();
    await db.close();
  });

  beforeEach(async () => {
    await database.query('TRUNCATE things');
  });

  const names = async (): Promise<string[]> =>
    (await database.query<{ name: string }>('SELECT name FROM things ORDER BY id')).map(({ name }) => name);

  it('answers rows, also of UPDATE ... RETURNING, and none of statements without', async () => {
    expect(await database.query(`INSERT INTO things VALUES (1, 'a'), (2, 'b')`)).toEqual([]);
    expect(await database.query('SELECT * FROM things WHERE id = $1', [2])).toEqual([{ id: 2, name: 'b' }]);
    expect(await database.query(`UPDATE things SET name = 'c' WHERE id = 1 RETURNING name`)).toEqual([{ name: 'c' }]);
    expect(await database.query('SELECT $1::int[] AS list', [[1, 2]])).toEqual([{ list: [1, 2] }]);
  });

  describe('transactions', () => {
    it('commit what resolves and roll back what throws', async () => {
      const result = await database.transaction(async (tx) => {
        await tx.query(`INSERT INTO things VALUES (1, 'kept')`);
        return 'done';
      });
      expect(result).toBe('done');
      const failing = database.transaction(async (tx) => {
        await tx.query(`INSERT INTO things VALUES (2, 'lost')`);
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await names()).toEqual(['kept']);
    });

    it('run again once after a deadlock', async () => {
      await database.query(`INSERT INTO things VALUES (1, 'a'), (2, 'b')`);
      let runs = 0;
      const bothHaveOne = gate(2);
      const swap = (first: number, second: number): Promise<void> =>
        database.transaction(async (tx) => {
          runs++;
          await tx.query(`UPDATE things SET name = name || '.' WHERE id = $1`, [first]);
          await bothHaveOne();
          await tx.query(`UPDATE things SET name = name || '.' WHERE id = $1`, [second]);
        });
      await Promise.all([swap(1, 2), swap(2, 1)]);
      expect(runs).toBe(3);
      expect(await names()).toEqual(['a..', 'b..']);
    });

    it('give up when the second run fails as well', async () => {
      let runs = 0;
      const failing = database.transaction(async (tx) => {
        runs++;
        await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
      });
      await expect(failing).rejects.toThrow('again');
      expect(runs).toBe(2);
    });

    it('do not repeat other failures', async () => {
      let runs = 0;
      const failing = database.transaction(async (tx) => {
        runs++;
        await tx.query('SELECT 1 / 0');
      });
      await expect(failing).rejects.toThrow('division by zero');
      expect(runs).toBe(1);
    });

    it('run hooks after the commit only', async () => {
      const hooks = app.get(CommitHooks);
      const seen: string[] = [];
      await database.transaction(async (tx) => {
        hooks.afterCommit(tx, () => seen.push('committed'));
        expect(seen).toEqual([]);
      });
      await database
        .transaction(async (tx) => {
          hooks.afterCommit(tx, () => seen.push('never'));
          throw new Error('no');
        })
        .catch(() => undefined);
      expect(seen).toEqual(['committed']);
    });
  });

  describe('locks', () => {
    it('exclude each other by name until the transaction ends', async () => {
      const order: string[] = [];
      const hold = database.transaction(async (tx) => {
        await database.lock(tx, 'one');
        order.push('held');
        await pause(200);
        order.push('released');
      });
      await pause(50);
      await database.transaction(async (tx) => {
        expect(await database.tryLock(tx, 'one')).toBe(false);
        expect(await database.tryLock(tx, 'two')).toBe(true);
        await database.lock(tx, 'one');
        order.push('taken over');
      });
      await hold;
      expect(order).toEqual(['held', 'released', 'taken over']);
    });
  });

  describe('COPY', () => {
    it('writes a binary stream inside the transaction', async () => {
      const rows = Array.from({ length: 10_000 }, (_, id) => [id, `thing ${id}`] as const);
      await database.transaction((tx) =>
        database.copyIn(tx, 'COPY things FROM STDIN (FORMAT binary)', binaryCopy(rows)),
      );
      expect(await database.query('SELECT count(*)::int AS count, max(name) AS last FROM things')).toEqual([
        { count: 10_000, last: 'thing 9999' },
      ]);
    });

    it('leaves nothing behind when the stream is bad, and the connection works on', async () => {
      const broken = database.transaction((tx) =>
        database.copyIn(tx, 'COPY things FROM STDIN (FORMAT binary)', [Buffer.from('this is no COPY stream at all')]),
      );
      await expect(broken).rejects.toThrow(/COPY file signature not recognized/);
      const failing = function* (): Iterable<Buffer> {
        yield binaryCopy([[1, 'x']])[0]!;
        throw new Error('source dried up');
      };
      await expect(
        database.transaction((tx) => database.copyIn(tx, 'COPY things FROM STDIN (FORMAT binary)', failing())),
      ).rejects.toThrow();
      for (let use = 0; use < 8; use++) expect(await names()).toEqual([]);
    });
  });

  describe('limits', () => {
    it('has the server cancel statements that run too long', async () => {
      const started = Date.now();
      await expect(database.query('SELECT pg_sleep(5)')).rejects.toThrow(/statement timeout/);
      expect(Date.now() - started).toBeLessThan(4_000);
    });

    it('tells a caller that gets no connection, and works on', async () => {
      const holders = Array.from({ length: 4 }, () => database.transaction(() => pause(1_500)));
      await pause(50);
      await expect(database.query('SELECT 1')).rejects.toThrow(/timeout exceeded when trying to connect/);
      await Promise.all(holders);
      expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });
  });

  it('reports its health and its pool', async () => {
    const checks = app.get(HealthRegistry).forScope('ready');
    expect(checks.map((check) => check.name)).toEqual(['database', 'migrations']);
    for (const check of checks) expect(await check.check()).toMatchObject({ status: 'up' });
    const text = await register.metrics();
    expect(text).toMatch(/dsim_database_pool_connections\{server="primary",state="total"\} [1-4]\n/);
    expect(text).toMatch(/dsim_database_pool_waiting_requests\{server="primary"\} 0\n/);
  });
});

/** Resolves for everybody when `count` have come; later ones pass. */
function gate(count: number): () => Promise<void> {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let come = 0;
  return () => {
    if (++come >= count) open();
    return opened;
  };
}
