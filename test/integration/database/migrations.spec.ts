import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  loadMigrations,
  migrationState,
  runMigrations,
  type MigrationClass,
} from '../../../src/platform/database/migrations.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

class First1000000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE firsts (id integer)');
    await runner.query('SELECT pg_sleep(0.2)');
  }
  async down(): Promise<void> {}
}

class Second1000000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE seconds (id integer)');
  }
  async down(): Promise<void> {}
}

class Broken1000000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half_done (id integer)');
    await runner.query('CREATE TABLE this is wrong');
  }
  async down(): Promise<void> {}
}

describe('migrations', () => {
  let db: TestDatabase;

  beforeEach(async () => {
    db = await createTestDatabase({ empty: true });
  });

  afterEach(() => db.close());

  const run = (...migrations: MigrationClass[]): Promise<readonly string[]> => runMigrations(db.url, { migrations });

  it('run once, in order, and then find nothing left to do', async () => {
    expect(await run(First1000000000001, Second1000000000002)).toEqual(['First1000000000001', 'Second1000000000002']);
    expect(await run(First1000000000001, Second1000000000002)).toEqual([]);
  });

  it('may be started by several processes at once', async () => {
    const ran = await Promise.all([1, 2, 3].map(() => run(First1000000000001, Second1000000000002)));
    expect(ran.flat().sort()).toEqual(['First1000000000001', 'Second1000000000002']);
  });

  it('leave nothing of one that fails', async () => {
    await expect(run(First1000000000001, Broken1000000000003)).rejects.toThrow(/syntax error/);
    const tables = await db.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(tables.map(({ name }) => name).sort()).toEqual(['firsts', 'platform_migrations']);
  });

  it('refuse the database of a newer release, with the cure', async () => {
    await run(First1000000000001, Second1000000000002);
    await expect(run(First1000000000001)).rejects.toMatchObject({
      code: 'database.schema_is_newer',
      message: expect.stringMatching(/Second1000000000002.*Start that release/) as string,
    });
  });

  it('are not cut short by a statement timeout of our role', async () => {
    await db.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = 100', current_database()); END $$`,
    );
    expect(await run(First1000000000001)).toEqual(['First1000000000001']);
  });

  it('tell what is pending and what is unknown', async () => {
    await run(First1000000000001);
    const client = new Client({ connectionString: db.url });
    await client.connect();
    expect(await migrationState(client, [Second1000000000002])).toEqual({
      pending: ['Second1000000000002'],
      unknown: ['First1000000000001'],
    });
    await client.end();
  });

  it('of the product are found, in the order of their timestamps', async () => {
    const names = (await loadMigrations()).map(({ name }) => name);
    expect(names).toContain('CreatePlatformEvents1795219200000');
    const timestamps = names.map((name) => Number(name.slice(-13)));
    expect(timestamps).toEqual([...timestamps].sort((a, b) => a - b));
    expect(timestamps.every((timestamp) => timestamp > 1.7e12)).toBe(true);
  });
});
