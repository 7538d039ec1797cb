import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { Clock } from '../../src/kernel/clock.js';
import { parseSelector } from '../../src/kernel/series-selector-parser.js';
import { MergeService } from '../../src/modules/telemetry/storage/merge.service.js';
import { PackService } from '../../src/modules/telemetry/storage/pack.service.js';
import { TelemetryReader } from '../../src/modules/telemetry/telemetry.reader.js';
import { TelemetryWriter } from '../../src/modules/telemetry/telemetry.writer.js';
import { runMigrations } from '../../src/platform/database/migrations.js';
import {
  KnownEnvironments,
  createEnvironment,
  startTelemetryProcess,
} from '../integration/telemetry/support/telemetry-process.js';
import { EmbeddedServer } from '../support/embedded-server.js';
import { exampleSeries } from '../support/remote-write-sender.js';

const STEP_MS = 15_000;
const HOUR_MS = 3_600_000;
const SAMPLED_SERIES = 10_000;
const HOURS = 3;

class SettableClock extends Clock {
  time = Date.UTC(2026, 10, 21, 10);
  override now(): number {
    return this.time;
  }
}

export async function run(seriesCount: number): Promise<void> {
  Logger.overrideLogger(false);
  const postgres = await EmbeddedServer.start(['shared_buffers=128MB', 'max_wal_size=2GB']);
  const client = new Client({ connectionString: postgres.url() });
  try {
    await runMigrations(postgres.url());
    await client.connect();
    const query = async <Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> =>
      (await client.query<Row>(sql, [...parameters])).rows;
    const environments = new KnownEnvironments();
    const clock = new SettableClock();
    const environment = await createEnvironment(
      { url: postgres.url(), query, close: async () => undefined },
      environments,
      { maxSeries: 1_000_000 },
    );
    const app = await startTelemetryProcess({ databaseUrl: postgres.url(), clock, environments });
    const writer = app.get(TelemetryWriter);
    const reader = app.get(TelemetryReader);

    const descriptions = exampleSeries(seriesCount).map(({ labels }) => ({ labels: Object.fromEntries(labels) }));
    const ids: number[] = [];
    await timed(`create ${seriesCount} series, 2,000 per request`, async () => {
      for (let i = 0; i < seriesCount; i += 2_000) {
        ids.push(...(await writer.resolveSeries(environment.id, descriptions.slice(i, i + 2_000))));
      }
    });
    await client.query('ANALYZE telemetry_series');
    for (const selector of [
      'http_request_duration_seconds_3_total{pod="checkout-7d9f8b6c5d-xxxrs"}',
      '{pod="checkout-7d9f8b6c5d-xxxrs"}',
      '{job="kubernetes-pods"}',
      'http_request_duration_seconds_3_total',
      '{pod=~"checkout-.*-xxxr[0-9]"}',
      '{pod="absent"}',
      '{pod=~"absent.*"}',
    ]) {
      const selectors = [parseSelector(selector)];
      await measured(`find series ${selector}`, () => reader.findSeries(environment.id, { selectors, limit: 50 }));
    }
    await measured('list series', () => reader.findSeries(environment.id, { selectors: [], limit: 50 }));
    await measured('count series', () => reader.countSeries(environment.id));

    const sampled = Int32Array.from(ids.slice(0, SAMPLED_SERIES));
    const start = clock.time - HOURS * HOUR_MS;
    const values = Float64Array.from(sampled, (_, i) => i);
    clock.time = start;
    let packSeconds = 0;
    let packed = 0;
    for (let time = start; time < start + HOURS * HOUR_MS; time += STEP_MS) {
      clock.time = time;
      for (let i = 0; i < values.length; i++) values[i] = nextValue(i, values[i]!, time);
      await writer.append(environment.id, {
        seriesIds: sampled,
        times: new Float64Array(sampled.length).fill(time),
        values,
      });
      if (((time - start) / STEP_MS) % 8 !== 7) continue;
      const from = performance.now();
      packed += await app.get(PackService).pack(environment);
      packSeconds += (performance.now() - from) / 1000;
    }
    console.log(
      `pack ${packed} samples in 2-minute chunks: ${Math.round(packed / packSeconds).toLocaleString('en')} samples/s`,
    );
    const samples = sampled.length * HOURS * (HOUR_MS / STEP_MS);
    await sizes('recent', 'telemetry_chunks_recent');
    await reads('unmerged');
    clock.time = start + (HOURS + 1) * HOUR_MS;
    const from = performance.now();
    await app.get(MergeService).merge(environment);
    const seconds = (performance.now() - from) / 1000;
    console.log(
      `merge ${HOURS} hours of ${sampled.length} series: ${(seconds / HOURS).toFixed(2)} s each, ${Math.round(samples / seconds).toLocaleString('en')} samples/s`,
    );
    await sizes('hourly', 'telemetry_chunks');
    await reads('merged');
    await app.close();

    async function sizes(name: string, root: string): Promise<void> {
      const [row] = await query<{ bytes: number }>(
        `SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::float8 AS bytes FROM pg_partition_tree('${root}')`,
      );
      console.log(`${name}: ${(row!.bytes / samples).toFixed(2)} bytes per sample with indexes`);
    }

    async function reads(name: string): Promise<void> {
      const range = { from: start, to: start + HOURS * HOUR_MS };
      for (const count of [1, 50, 512]) {
        const some = [...sampled.slice(1_000, 1_000 + count)];
        await measured(`read ${HOURS} h of ${count} series, ${name}`, () =>
          reader.readSamples(environment.id, some, range),
        );
      }
    }
  } finally {
    await client.end();
    await postgres.stop();
  }
}

/** A mix of 40 % counters, 25 % gauges, 20 % flags and 15 % noise: made up, but not flattering. */
function nextValue(i: number, value: number, time: number): number {
  const noise = Math.sin(i * 12.9898 + time * 0.0000781) * 43_758.5453;
  const random = noise - Math.floor(noise);
  const kind = i % 20;
  if (kind < 8) return Math.floor(value) + Math.floor(random * 40);
  if (kind < 13) return Math.round((50 + 10 * Math.sin(time / 600_000) + random) * 100) / 100;
  if (kind < 17) return random < 0.02 ? 1 : 0;
  return random * Math.PI;
}

async function timed(name: string, work: () => Promise<void>): Promise<void> {
  const from = performance.now();
  await work();
  console.log(`${name}: ${((performance.now() - from) / 1000).toFixed(2)} s`);
}

async function measured(name: string, work: () => Promise<unknown>): Promise<void> {
  const durations: number[] = [];
  for (let i = 0; i < 25; i++) {
    const from = performance.now();
    await work();
    if (i >= 5) durations.push(performance.now() - from);
  }
  durations.sort((a, b) => a - b);
  console.log(
    `${name.padEnd(84)} p50 ${durations[10]!.toFixed(1).padStart(7)} ms, worst ${durations.at(-1)!.toFixed(1).padStart(7)} ms`,
  );
}
