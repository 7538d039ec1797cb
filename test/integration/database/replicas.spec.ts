import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseConfig } from '../../../src/platform/database/database.config.js';
import { Database } from '../../../src/platform/database/database.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { freePort } from '../../support/embedded-server.js';
import { testLogger, testPlatform } from '../../support/platform.js';

/** Databases of different names stand for servers: what answers tells where a query went. */
describe('read replicas', () => {
  let primary: TestDatabase;
  let replicas: TestDatabase[];
  let app: TestingModule | undefined;

  beforeEach(async () => {
    primary = await createTestDatabase();
    replicas = [await createTestDatabase(), await createTestDatabase()];
  });

  afterEach(async () => {
    await app?.close();
    await Promise.all([primary, ...replicas].map((db) => db.close()));
  });

  async function connect(replicaUrls: string[]): Promise<Database> {
    app = await Test.createTestingModule({
      imports: [
        testConfiguration(section(databaseConfig, { url: primary.url, replicaUrls, connectTimeoutMs: 500 })),
        testPlatform,
        DatabaseModule.forRoot(),
      ],
    })
      .setLogger(testLogger())
      .compile();
    await app.init();
    return app.get(Database);
  }

  const nameOf = (url: string): string => new URL(url).pathname.slice(1);
  const where = 'SELECT current_database() AS name';

  it('get reads in turn, and nothing else', async () => {
    const database = await connect(replicas.map(({ url }) => url));
    const reads = await Promise.all([1, 2, 3, 4].map(() => database.read<{ name: string }>(where)));
    expect(reads.map(([row]) => row!.name)).toEqual([0, 1, 0, 1].map((index) => nameOf(replicas[index]!.url)));
    expect(await database.query(where)).toEqual([{ name: nameOf(primary.url) }]);
    expect(await database.transaction((tx) => tx.query(where))).toEqual([{ name: nameOf(primary.url) }]);
  });

  it('are not needed', async () => {
    const database = await connect([]);
    expect(await database.read(where)).toEqual([{ name: nameOf(primary.url) }]);
  });

  it('that are away, from the start or later, leave the work to the others and to the primary', async () => {
    const nobody = `postgresql://postgres@127.0.0.1:${await freePort()}/nothing`;
    const database = await connect([nobody, replicas[0]!.url]);
    for (let turn = 0; turn < 3; turn++)
      expect(await database.read(where)).toEqual([{ name: nameOf(replicas[0]!.url) }]);
    await replicas[0]!.close();
    expect(await database.read(where)).toEqual([{ name: nameOf(primary.url) }]);
  });

  it('report an error in the query itself', async () => {
    const database = await connect([replicas[0]!.url]);
    await expect(database.read('SELECT nonsense')).rejects.toThrow('column "nonsense" does not exist');
  });
});
