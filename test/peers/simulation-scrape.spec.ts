import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL_SCENARIO } from '../integration/simulation/support/scenario.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/embedded-server.js';
import { eventually } from '../support/eventually.js';
import { ask } from '../support/http-client.js';
import { describePeer, type PeerProcess, startPeer } from '../support/peers.js';
import { Product } from '../support/product.js';

/** As a user has it, written against real services: nothing in it knows of a simulator. */
const RULES = `
groups:
  - name: users-own
    interval: 1s
    rules:
      - alert: HighErrorRate
        expr: |
          sum by (service) (rate(http_requests_total{code=~"5.."}[15s]))
            / sum by (service) (rate(http_requests_total[15s])) > 0.05
        for: 3s
        labels: { severity: page }
        annotations: { summary: '{{ $labels.service }} fails {{ $value | humanizePercentage }} of its requests' }
`;

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
}

describePeer('prometheus', 'a real Prometheus that scrapes a simulated environment', (binary) => {
  const SCENARIO = SMALL_SCENARIO.replace('\nplatform:', '\ntelemetry: { scrapeInterval: 1s }\nplatform:');
  let database: TestDatabase;
  let product: Product;
  let prometheus: PeerProcess | undefined;
  let folder: string;
  let url: string;
  let environmentId: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dsim-test-scrape-'));
    database = await createTestDatabase();
    product = await Product.start({ databaseUrl: database.url, env: { TELEMETRY_HOST_SOURCE_ENABLED: 'false' } });
    await product.login();
    const created = await product.ok<{ environmentId: string }>('POST', 'simulations', { text: SCENARIO });
    environmentId = created.environmentId;
    const { token } = await product.ok<{ token: string }>('POST', 'api-tokens', {
      name: 'prometheus',
      permissions: ['telemetry:read'],
      environmentId,
    });
    writeFileSync(join(folder, 'rules.yml'), RULES);
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `
global: { scrape_interval: 1s, scrape_timeout: 1s }
rule_files: [rules.yml]
scrape_configs:
  - job_name: simulated
    honor_labels: true
    metrics_path: /api/v1/environments/${environmentId}/metrics
    authorization: { credentials: '${token}' }
    static_configs: [{ targets: ['127.0.0.1:${product.port}'] }]
`,
    );
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    prometheus = await startPeer(
      binary('prometheus'),
      [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=${address}`,
      ],
      async () => (await ask(`${url}/-/ready`)).status === 200,
    );
  });
  afterAll(async () => {
    await prometheus?.stop('SIGKILL');
    await product?.dispose();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function query(expression: string): Promise<{ metric: Record<string, string>; value: number }[]> {
    const { body } = await ask<{ data: { result: { metric: Record<string, string>; value: [number, string] }[] } }>(
      `${url}/api/v1/query?query=${encodeURIComponent(expression)}`,
    );
    return body.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  async function alerts(): Promise<readonly Alert[]> {
    const { body } = await ask<{ data: { alerts: readonly Alert[] } }>(`${url}/api/v1/alerts`);
    return body.data.alerts;
  }

  it('sees the simulated exporters under their own names', async () => {
    const rate = await eventually('requests flow', async () => {
      const [found] = await query('sum(rate(http_requests_total{service="web"}[10s]))');
      return found !== undefined && found.value > 10 ? found.value : undefined;
    });
    // 20 a second, Poisson.
    expect(rate).toBeLessThan(30);
    const jobs = await query('count by (job) (up)');
    expect(jobs.map(({ metric }) => metric['job']).toSorted()).toEqual(expect.arrayContaining(['api', 'web']));
    expect(await query('{exported_job!=""}')).toEqual([]);
    expect(await query('count(http_requests_total{pod=~"web-.*", instance=~".+:8080"})')).toMatchObject([
      { value: expect.any(Number) },
    ]);
    const { body } = await ask<{ data: { activeTargets: { health: string; lastError: string }[] } }>(
      `${url}/api/v1/targets`,
    );
    expect(body.data.activeTargets).toMatchObject([{ health: 'up', lastError: '' }]);
  });

  it('fires the rule of a user on an injected fault, and no sooner or longer', async () => {
    expect(await alerts()).toEqual([]);
    await product.ok('POST', `simulations/${environmentId}/faults`, {
      name: 'api-down',
      kind: 'dependency-down',
      target: { service: 'api' },
    });
    const firing = await eventually(
      'the alert fires',
      async () => (await alerts()).find(({ state, labels }) => state === 'firing' && labels['service'] === 'web'),
      { withinMs: 60_000 },
    );
    expect(firing.labels).toMatchObject({ alertname: 'HighErrorRate', severity: 'page' });

    const cleared = await product.api('DELETE', `simulations/${environmentId}/faults/api-down`);
    expect(cleared.status).toBe(202);
    await eventually('the alert is over', async () => (await alerts()).length === 0, { withinMs: 60_000 });
  });

  it('accepts every sample', async () => {
    const { text } = await ask(`${url}/metrics`);
    for (const why of ['out_of_order', 'out_of_bounds', 'duplicate_timestamp']) {
      expect(text).toMatch(new RegExp(`^prometheus_target_scrapes_sample_${why}_total 0$`, 'm'));
    }
  });

  it('is not told that a fleet that stands still is one where nothing happens', async () => {
    await product.ok('PATCH', `simulations/${environmentId}`, { paused: true });
    const paused = await eventually('the samples carry their time', async () => {
      const { text } = await product.api('GET', `environments/${environmentId}/metrics`);
      return /^up\{[^}]*\} 1 (\d{13})$/m.exec(text)?.[1];
    });
    const { eventTime } = await product.ok<{ eventTime: string }>('GET', `simulations/${environmentId}`);
    expect(Math.abs(Number(paused) - Date.parse(eventTime))).toBeLessThanOrEqual(1_000);
  });
});
