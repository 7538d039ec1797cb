import { afterAll, beforeAll, describe } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { queueSuite } from './queue-suite.js';

describe('queue on PostgreSQL', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());
  queueSuite(() => ({ databaseUrl: db.url }));
});
