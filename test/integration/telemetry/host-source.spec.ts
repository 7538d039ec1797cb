import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SystemClock } from '../../../src/kernel/clock.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { TelemetryReader } from '../../../src/modules/telemetry/telemetry.reader.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { KnownEnvironments, createEnvironment, startTelemetryProcess } from './support/telemetry-process.js';

let database: TestDatabase;
let app: TestingModule;
let environment: Environment;

beforeAll(async () => {
  database = await createTestDatabase();
  const environments = new KnownEnvironments();
  environment = await createEnvironment(database, environments, { slug: 'this-machine', kind: 'host' });
  app = await startTelemetryProcess({
    databaseUrl: database.url,
    clock: new SystemClock(),
    environments,
    config: { hostSource: { enabled: true, intervalSeconds: 1 } },
  });
});

afterAll(async () => {
  await app?.close();
  await database?.close();
});

it('stores readings of this machine where the configuration wants them', async () => {
  const reader = app.get(TelemetryReader);
  const query = {
    selectors: [[{ name: '__name__', operator: '=' as const, value: 'node_cpu_seconds_total' }]],
    limit: 500,
  };
  for (let i = 0; i < 100; i++) {
    const { items } = await reader.latest(environment.id, query);
    if (items.length > 0) {
      expect(items[0]!.series).toMatchObject({ metricType: 'counter', labels: { mode: expect.any(String) } });
      expect(items[0]!.value).toBeGreaterThanOrEqual(0);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no reading within 10 s');
});
