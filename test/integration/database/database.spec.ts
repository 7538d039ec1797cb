import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseConfig } from '../../../src/platform/database/database.config.js';
import { Database } from '../../../src/platform/database/database.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { HealthRegistry } from '../../../src/platform/observability/health-registry.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testPlatform } from '../../support/platform.js';

describe('Database', () => {
  let db: TestDatabase;
  let app: TestingModule;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase();
    app = await Test.createTestingModule({
      imports: [
        testConfiguration(section(databaseConfig, { url: db.url, statementTimeoutMs: 2_000 })),
        testPlatform,
        DatabaseModule.forRoot(),
      ],
    }).compile();
    await app.init();
    database = app.get(Database);
    await database.query('CREATE TABLE things (id integer PRIMARY KEY, name text)');
  });

  afterAll(async () => {
    await app.close();
    await db.close();
  });

  it('answers rows, also of UPDATE ... RETURNING', async () => {
    await database.query(`INSERT INTO things VALUES (1, 'a'), (2, 'b')`);
    expect(await database.query('SELECT * FROM things WHERE id = $1', [2])).toEqual([{ id: 2, name: 'b' }]);
    expect(await database.query(`UPDATE things SET name = 'c' WHERE id = 1 RETURNING name`)).toEqual([{ name: 'c' }]);
  });

  it('reports its health', async () => {
    const checks = app.get(HealthRegistry).forScope('ready');
    expect(checks.map((check) => check.name)).toEqual(['database', 'migrations']);
    for (const check of checks) expect(await check.check()).toMatchObject({ status: 'up' });
  });
});
