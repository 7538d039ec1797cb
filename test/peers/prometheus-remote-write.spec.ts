import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/kernel/clock.js';
import { type Labels, formatSeries } from '../../src/kernel/time-series.js';
import type { Environment } from '../../src/modules/environments/index.js';
import { PackService } from '../../src/modules/telemetry/storage/pack.service.js';
import { TelemetryReader } from '../../src/modules/telemetry/telemetry.reader.js';
import { startHttpTelemetry } from '../integration/telemetry/support/http.js';
import { KnownEnvironments, createEnvironment } from '../integration/telemetry/support/telemetry-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/embedded-server.js';

const installed = spawnSync('prometheus', ['--version']).status === 0;
const SCRAPE_FOR_MS = 12_000;

describe.skipIf(!installed)('Prometheus that writes to us', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let environment: Environment;
  let prometheus: ChildProcess;
  let folder: string;
  let base: string;
  const environments = new KnownEnvironments();

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startHttpTelemetry({ databaseUrl: database.url, clock: new SystemClock(), environments });
    await app.listen(0, '127.0.0.1');
    environment = await createEnvironment(database, environments);
    const { port } = app.getHttpServer().address() as { port: number };
    folder = mkdtempSync(join(tmpdir(), 'dsim-prometheus-'));
    const own = await freePort();
    base = `http://127.0.0.1:${own}`;
    writeFileSync(join(folder, 'prometheus.yml'), configuration(port, own, environment.id));
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${own}`,
      ],
      { stdio: 'ignore' },
    );
  });

  afterAll(async () => {
    if (prometheus && prometheus.exitCode === null) {
      const gone = new Promise((resolve) => prometheus.once('exit', resolve));
      prometheus.kill('SIGKILL');
      await gone;
    }
    await app?.close();
    await database?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('finds every one of its samples here, and none was failed or dropped', async () => {
    await sleep(SCRAPE_FOR_MS / 2);
    await app.get(PackService).pack(environment);
    await sleep(SCRAPE_FOR_MS / 2);
    const until = Math.floor(Date.now() / 1000) - 1;
    const sent = await samplesOfPrometheus(until);
    expect(sent.size).toBeGreaterThan(300);
    await caughtUp(until * 1000);

    const { items } = await app.get(TelemetryReader).findSeries(environment.id, { selectors: [], limit: 10_000 });
    const names = new Map(items.map(({ id, labels }) => [id, formatSeries(labels)]));
    const range = { from: 0, to: until * 1000 + 1 };
    const windows = await app.get(TelemetryReader).readSamples(environment.id, [...names.keys()], range);
    const received = new Map([...windows].map(([id, { times, values }]) => [names.get(id)!, pairs(times, values)]));
    expect([...received.keys()].sort()).toEqual([...sent.keys()].sort());
    for (const [series, samples] of sent) expect(received.get(series), series).toEqual(samples);

    const metrics = await (await fetch(`${base}/metrics`)).text();
    for (const name of ['samples_failed_total', 'samples_dropped_total', 'metadata_failed_total']) {
      expect(metrics).toMatch(new RegExp(`^prometheus_remote_storage_${name}\\{[^}]*\\} 0$`, 'm'));
    }
  });

  it('knows the types that Prometheus told it', async () => {
    const deadline = Date.now() + 15_000;
    for (;;) {
      const { items } = await app.get(TelemetryReader).findSeries(environment.id, { selectors: [], limit: 10_000 });
      const types = new Map(items.map(({ labels, metricType }) => [labels['__name__'], metricType]));
      const found = [
        'go_goroutines',
        'prometheus_http_requests_total',
        'prometheus_http_request_duration_seconds_bucket',
      ].map((name) => types.get(name));
      if (found.every((type) => type !== 'unknown') || Date.now() > deadline) {
        expect(found).toEqual(['gauge', 'counter', 'histogram']);
        return;
      }
      await sleep(250);
    }
  });

  /** Raw samples up to a second, by series. */
  async function samplesOfPrometheus(untilSeconds: number): Promise<Map<string, [number, number][]>> {
    const query = encodeURIComponent('{job=~".+"}[1h]');
    const response = await fetch(`${base}/api/v1/query?query=${query}&time=${untilSeconds}`);
    const { data } = (await response.json()) as { data: { result: { metric: Labels; values: [number, string][] }[] } };
    return new Map(
      data.result.map(({ metric, values }) => [
        formatSeries(metric),
        values.map(([seconds, text]) => [Math.round(seconds * 1000), Number(text.replace('Inf', 'Infinity'))]),
      ]),
    );
  }

  /** Until Prometheus has sent everything up to this time. */
  async function caughtUp(untilMs: number): Promise<void> {
    for (let i = 0; i < 200; i++) {
      const last = await app.get(TelemetryReader).lastSampleAt(environment.id);
      if (last && last.getTime() > untilMs + 2_500) return;
      await sleep(100);
    }
    throw new Error('Prometheus did not catch up');
  }
});

function pairs(times: Float64Array, values: Float64Array): [number, number][] {
  return Array.from(times, (time, i) => [time, values[i]!]);
}

function configuration(port: number, own: number, token: string): string {
  return `
global: { scrape_interval: 1s, external_labels: {} }
scrape_configs:
  - job_name: prometheus
    static_configs: [{ targets: ['127.0.0.1:${own}'] }]
remote_write:
  - url: http://127.0.0.1:${port}/api/v1/write
    authorization: { credentials: '${token}' }
    queue_config: { batch_send_deadline: 500ms, max_samples_per_send: 500 }
    metadata_config: { send: true, send_interval: 2s }
`;
}
