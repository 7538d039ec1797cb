import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatSeries, type Labels } from '../../src/kernel/time-series.js';
import { freePort } from './embedded-server.js';
import { ask } from './http-client.js';
import { startPeer, type PeerProcess } from './peers.js';

/** Samples in the order of time: epoch milliseconds and value, null where JSON cannot say it. */
export type Samples = readonly (readonly [timeMs: number, value: number | null])[];

export interface PrometheusOptions {
  /** `host:port` by job name; itself is scraped in any case. */
  readonly targets: Readonly<Record<string, string>>;
  readonly scrapeSeconds: number;
  readonly remoteWrite: { readonly url: string; readonly token: string };
}

/** A real Prometheus that scrapes and writes on, with its own storage to compare with. */
export class PrometheusServer {
  private constructor(
    private readonly peer: PeerProcess,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  static async start(binary: string, options: PrometheusOptions): Promise<PrometheusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'dsim-test-prometheus-'));
    const address = `127.0.0.1:${await freePort()}`;
    writeFileSync(join(folder, 'prometheus.yml'), configuration(address, options));
    const url = `http://${address}`;
    const peer = await startPeer(
      binary,
      [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=${address}`,
      ],
      async () => (await ask(`${url}/-/ready`)).status === 200,
    );
    return new PrometheusServer(peer, folder, url);
  }

  /** Every sample it holds within a time, by series. */
  async samples(fromMs: number, toMs: number): Promise<ReadonlyMap<string, Samples>> {
    const window = Math.ceil((toMs - fromMs) / 1_000);
    const query = encodeURIComponent(`{job=~".+"}[${window}s]`);
    const { body } = await ask<{ data: { result: { metric: Labels; values: [number, string][] }[] } }>(
      `${this.url}/api/v1/query?query=${query}&time=${toMs / 1_000}`,
    );
    return new Map(
      body.data.result.map(({ metric, values }) => [
        formatSeries(metric),
        values.map(([seconds, text]) => [Math.round(seconds * 1_000), finite(text)] as const),
      ]),
    );
  }

  /** Sum over one of its own metrics, as it stands now. */
  async ownMetric(name: string): Promise<number> {
    const { text } = await ask(`${this.url}/metrics`);
    const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].map(([, value]) =>
      Number(value),
    );
    if (values.length === 0) throw new Error(`Prometheus has no metric ${name}`);
    return values.reduce((sum, value) => sum + value, 0);
  }

  async stop(): Promise<void> {
    await this.peer.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function finite(text: string): number | null {
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

function configuration(own: string, { targets, scrapeSeconds, remoteWrite }: PrometheusOptions): string {
  const jobs = Object.entries({ prometheus: own, ...targets }).map(
    ([name, address]) => `  - { job_name: ${name}, static_configs: [{ targets: ['${address}'] }] }`,
  );
  return `
global: { scrape_interval: ${scrapeSeconds}s, scrape_timeout: ${scrapeSeconds}s }
scrape_configs:
${jobs.join('\n')}
remote_write:
  - url: ${remoteWrite.url}
    authorization: { credentials: '${remoteWrite.token}' }
    queue_config: { batch_send_deadline: 1s, max_backoff: 1s }
    metadata_config: { send_interval: 5s }
`;
}
