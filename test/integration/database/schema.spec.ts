import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { describeSchema } from '../../../src/platform/database/describe-schema.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('describeSchema', () => {
  const databases: TestDatabase[] = [];
  const clients: Client[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await Promise.all(databases.splice(0).map((db) => db.close()));
  });

  async function connect(options: { empty?: boolean } = {}): Promise<Client> {
    const db = await createTestDatabase(options);
    databases.push(db);
    const client = new Client({ connectionString: db.url });
    await client.connect();
    clients.push(client);
    return client;
  }

  it('writes SQL that makes the same schema again', async () => {
    const text = await describeSchema(await connect());
    expect(text).toContain('CREATE TABLE platform_events (');
    const copy = await connect({ empty: true });
    await copy.query(text);
    expect(await describeSchema(copy)).toBe(text);
  });

  it('leaves out partitions, the table of migrations and other schemas', async () => {
    const client = await connect();
    const before = await describeSchema(client);
    expect(before).not.toContain('platform_migrations');
    await client.query(`
      CREATE TABLE parted (at timestamptz NOT NULL) PARTITION BY RANGE (at);
      CREATE TABLE parted_today PARTITION OF parted DEFAULT;
      CREATE INDEX parted_at ON parted (at);
      CREATE SCHEMA bullmq CREATE TABLE job (id text)`);
    const after = await describeSchema(client);
    expect(after).toContain('PARTITION BY RANGE (at);\nCREATE INDEX parted_at ON parted USING btree (at);');
    expect(after).not.toMatch(/parted_today|TABLE job/);
  });

  it('shows what a reviewer must see', async () => {
    const client = await connect({ empty: true });
    await client.query(`
      CREATE TYPE mood AS ENUM ('calm', 'tense');
      CREATE TABLE parents (id uuid PRIMARY KEY, name text COLLATE "C" NOT NULL DEFAULT 'x' CHECK (name <> ''));
      CREATE TABLE children (
        id bigint GENERATED ALWAYS AS IDENTITY, parent_id uuid REFERENCES parents ON DELETE CASCADE,
        feeling mood, twice integer GENERATED ALWAYS AS (1 + 1) STORED, UNIQUE (parent_id, feeling)
      ) WITH (fillfactor = 70);
      CREATE UNIQUE INDEX children_calm ON children (parent_id) WHERE feeling = 'calm';
      CREATE SEQUENCE numbers;
      CREATE VIEW calm AS SELECT id FROM children WHERE feeling = 'calm'`);
    const text = await describeSchema(client);
    for (const part of [
      `CREATE TYPE mood AS ENUM ('calm', 'tense');`,
      `name text COLLATE "C" DEFAULT 'x'::text NOT NULL`,
      'id bigint GENERATED ALWAYS AS IDENTITY NOT NULL',
      'twice integer GENERATED ALWAYS AS ((1 + 1)) STORED',
      'WITH (fillfactor=70);',
      `CREATE UNIQUE INDEX children_calm ON children USING btree (parent_id) WHERE (feeling = 'calm'::mood);`,
      'CREATE SEQUENCE numbers AS bigint',
      'CREATE VIEW calm AS',
      'FOREIGN KEY (parent_id) REFERENCES parents(id) ON DELETE CASCADE;',
      `CHECK ((name <> ''::text))`,
    ]) {
      expect(text).toContain(part);
    }
    const copy = await connect({ empty: true });
    await copy.query(text);
    expect(await describeSchema(copy)).toBe(text);
  });
});
