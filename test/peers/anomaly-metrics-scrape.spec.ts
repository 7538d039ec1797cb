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

interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

describePeer('prometheus', 'a real Prometheus that scrapes what detection recorded', (binary) => {
  let database: TestDatabase;
  let product: Product;
  let prometheus: PeerProcess | undefined;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dsim-test-anomaly-metrics-'));
    database = await createTestDatabase();
    const env = { TELEMETRY_HOST_SOURCE_ENABLED: 'false', ANOMALY_DETECTION_SCORE_PODS: 'true' };
    product = await Product.start({ databaseUrl: database.url, env });
    await product.login();
    const { environmentId } = await product.ok<{ environmentId: string }>('POST', 'simulations', {
      text: SMALL_SCENARIO,
      speed: 20,
    });
    const { token } = await product.ok<{ token: string }>('POST', 'api-tokens', {
      name: 'prometheus',
      permissions: ['telemetry:read'],
      environmentId,
    });
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: dsim-anomalies
    honor_labels: true
    metrics_path: /api/v1/environments/${environmentId}/anomaly-metrics
    params: { 'match[]': ['anomaly_score', 'yhat_upper', '{__name__=~"service:.+"}'] }
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
  }, 180_000);

  afterAll(async () => {
    await prometheus?.stop('SIGKILL');
    await product?.dispose();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function query(promql: string): Promise<readonly Found[]> {
    const answer = await ask<{ data: { result: readonly Found[] } }>(
      `${url}/api/v1/query?query=${encodeURIComponent(promql)}`,
    );
    return answer.body.data.result;
  }

  it('keeps the labels of the scored series, and knows for which metric a score is', async () => {
    const scores = await eventually(
      'scores are in Prometheus',
      async () => {
        const found = await query('anomaly_score{for="http_requests_total"}');
        return found.length > 0 ? found : undefined;
      },
      { withinMs: 120_000 },
    );
    const { metric } = scores[0]!;
    expect(metric).toMatchObject({ __name__: 'anomaly_score', for: 'http_requests_total' });
    expect(metric['service']).not.toBe(undefined);
    expect(metric['job']).not.toBe('dsim-anomalies');
    expect((await query('count(anomaly_score) == count(yhat_upper)')).length).toBe(1);
  }, 150_000);

  it('has signals of services beside them', async () => {
    const found = await eventually(
      'signals are in Prometheus',
      async () => {
        const signals = await query('{__name__="service:http_requests_total:rate"}');
        return signals.length > 0 ? signals : undefined;
      },
      { withinMs: 60_000 },
    );
    expect(found.every(({ value }) => Number(value[1]) >= 0)).toBe(true);
    expect(await query('up{job="dsim-anomalies"} == 0')).toEqual([]);
  }, 90_000);
});
