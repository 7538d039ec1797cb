import { afterAll, beforeAll, describe, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { rehearseMainJob } from '../support/main-job.js';
import { Product } from '../support/product.js';

describe('the main job, in one process with its worker', () => {
  let database: TestDatabase;
  let product: Product;

  beforeAll(async () => {
    database = await createTestDatabase();
    product = await Product.start({ databaseUrl: database.url, env: { TELEMETRY_HOST_SOURCE_ENABLED: 'false' } });
    await product.login();
  });
  afterAll(async () => {
    await product?.dispose();
    await database?.close();
  });

  it('turns a burst into anomalies and an incident that a person acknowledges and resolves', async () => {
    await rehearseMainJob(product, { resolution: 'user' });
  });
});
