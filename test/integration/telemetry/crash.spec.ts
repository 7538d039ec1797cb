import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/kernel/clock.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { PackService } from '../../../src/modules/telemetry/storage/pack.service.js';
import { TelemetryReader } from '../../../src/modules/telemetry/telemetry.reader.js';
import { runMigrations } from '../../../src/platform/database/migrations.js';
import { EmbeddedServer } from '../../support/embedded-server.js';
import { WriteRequestEncoder, exampleSeries, writeHeaders } from '../../support/remote-write-sender.js';
import { startHttpTelemetry } from './support/http.js';
import { KnownEnvironments, createEnvironment, startTelemetryProcess } from './support/telemetry-process.js';

const SERIES = exampleSeries(50);
const START = Date.now() - 600_000;

let server: EmbeddedServer;
let app: NestFastifyApplication;
let environment: Environment;
const clock = new SystemClock();
const environments = new KnownEnvironments();

async function query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: server.url() });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...parameters])).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  // A server as users run it: a crash may lose nothing that was committed.
  server = await EmbeddedServer.start([]);
  await runMigrations(server.url());
  app = await startHttpTelemetry({ databaseUrl: server.url(), clock, environments });
  environment = await createEnvironment({ url: server.url(), query, close: async () => undefined }, environments);
});

afterAll(async () => {
  await app?.close();
  await server?.stop();
});

const encoder = new WriteRequestEncoder('v1', SERIES);

async function send(round: number) {
  const times = new Float64Array(SERIES.length).fill(START + round * 100);
  const values = Float64Array.from(SERIES, (_, i) => round * 1_000 + i);
  return app.inject({
    method: 'POST',
    url: '/api/v1/write',
    headers: { ...writeHeaders('v1'), authorization: `Bearer ${environment.id}` },
    payload: encoder.encodeCompressed(times, values),
  });
}

describe('a crash of PostgreSQL', () => {
  it('is answered with 503 and Retry-After, and loses nothing that was acknowledged', async () => {
    const acknowledged: number[] = [];
    const outcomes = new Set<number>();
    let round = 0;
    const sendFor = async (ms: number) => {
      const end = Date.now() + ms;
      while (Date.now() < end) {
        const mine = round++;
        const response = await send(mine);
        outcomes.add(response.statusCode);
        if (response.statusCode === 204) acknowledged.push(mine);
        else {
          expect(response.statusCode, response.body).toBe(503);
          expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
        }
      }
    };
    const sending = Promise.all([sendFor(1_500), sendFor(1_500), sendFor(1_500)]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await server.kill();
    await sending;
    expect(outcomes).toEqual(new Set([204, 503]));
    await server.run();
    expect((await send(round++)).statusCode).toBe(204);
    acknowledged.push(round - 1);

    // A process that knows nothing of the first one.
    const other = await startTelemetryProcess({ databaseUrl: server.url(), clock, environments });
    try {
      for (const packed of [false, true]) {
        if (packed) await other.get(PackService).pack(environment);
        const { items } = await other.get(TelemetryReader).findSeries(environment.id, { selectors: [], limit: 500 });
        expect(items).toHaveLength(SERIES.length);
        const ids = items.map(({ id }) => id);
        const windows = await other
          .get(TelemetryReader)
          .readSamples(environment.id, ids, { from: START, to: Date.now() });
        for (const id of ids) {
          const times = new Set(windows.get(id)!.times);
          const lost = acknowledged.filter((mine) => !times.has(START + mine * 100));
          expect(lost, `acknowledged rounds of series ${id} that are missing, packed: ${packed}`).toEqual([]);
        }
      }
    } finally {
      await other.close();
    }
  });
});
