import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatSeries, type Labels } from '../../src/kernel/time-series.js';
import { freePort } from '../support/embedded-server.js';
import { eventually } from '../support/eventually.js';
import { ask } from '../support/http-client.js';
import { describePeer, startPeer, type PeerProcess } from '../support/peers.js';
import { descendantsOf } from '../support/process-tree.js';
import { Product } from '../support/product.js';
import { PrometheusServer, type Samples } from '../support/prometheus-server.js';
import { SeriesWriter } from '../support/series-writer.js';

/** How long each part writes. `SOAK_MINUTES=5 npx vitest run --project peers prometheus-durability` for the long version. */
const SOAK_MS = Number(process.env['SOAK_MINUTES'] ?? 0) * 60_000 || 15_000;
const BETWEEN_KILLS_MS = Math.min(30_000, SOAK_MS / 3);
const LIMIT_MS = 4 * SOAK_MS + 120_000;
const SERIES_AT_ONCE = 100;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

describePeer(
  ['prometheus', 'prometheus-node-exporter'],
  'a Prometheus with node_exporter that writes to the product',
  (binary) => {
    let product: Product;
    let environmentId: string;
    let exporter: PeerProcess;
    let prometheus: PrometheusServer;
    let startedMs: number;

    beforeAll(async () => {
      // On its own embedded database, with everything as it comes: what is acknowledged is on disk.
      product = await Product.start({ env: { TELEMETRY_HOST_SOURCE_ENABLED: 'false' } });
      await product.login();
      environmentId = (await product.ok<{ id: string }>('POST', 'environments', { name: 'Prometheus' })).id;
      const address = `127.0.0.1:${await freePort()}`;
      exporter = await startPeer(
        binary('prometheus-node-exporter'),
        [`--web.listen-address=${address}`],
        async () => (await ask(`http://${address}/metrics`)).status === 200,
      );
      startedMs = Date.now();
      prometheus = await PrometheusServer.start(binary('prometheus'), {
        targets: { node: address },
        scrapeSeconds: 1,
        remoteWrite: { url: `${product.url}/api/v1/write`, token: await SeriesWriter.token(product, environmentId) },
      });
    });
    afterAll(async () => {
      await prometheus?.stop();
      await exporter?.stop();
      await product?.dispose();
    });

    it(
      'has no failed sample, and finds every sample again',
      async () => {
        await sleep(SOAK_MS);
        const { series, samples } = await expectNothingMissing();
        expect(series).toBeGreaterThan(500);
        expect(samples).toBeGreaterThan(series * 8);
        await expectNothingFailed();
      },
      LIMIT_MS,
    );

    it(
      'loses nothing over kill -9 of the product and of its database',
      async () => {
        const deadline = Date.now() + SOAK_MS;
        const kills = [killProduct, killDatabase, killEverything];
        for (let i = 0; i < kills.length || Date.now() < deadline; i++) {
          await kills[i % kills.length]!();
          await product.ready();
          await sleep(BETWEEN_KILLS_MS);
        }
        // Otherwise nothing was tested.
        expect(await prometheus.ownMetric('prometheus_remote_storage_samples_retried_total')).toBeGreaterThan(0);
        await product.login();
        await expectNothingMissing();
        await expectNothingFailed();
      },
      LIMIT_MS,
    );

    async function killProduct(): Promise<void> {
      await product.kill9();
      await sleep(2_000);
      await product.restart();
    }

    /** The server and all its backends at once, as when the machine loses power. The product starts it again. */
    async function killDatabase(): Promise<void> {
      const before = databaseProcesses();
      expect(before.length).toBeGreaterThan(3);
      for (const pid of before) process.kill(pid, 'SIGKILL');
      await eventually('another database', () => databaseProcesses().some((pid) => !before.includes(pid)));
    }

    async function killEverything(): Promise<void> {
      const all = product.processes().map(({ pid }) => pid);
      for (const pid of all) process.kill(pid, 'SIGKILL');
      await product.ended;
      await product.restart();
    }

    function databaseProcesses(): number[] {
      const processes = descendantsOf(product.pid);
      const postmaster = processes.find(({ command }) => /^\S+\/bin\/postgres -D/.test(command));
      return postmaster ? [postmaster.pid, ...descendantsOf(postmaster.pid).map(({ pid }) => pid)] : [];
    }

    async function expectNothingFailed(): Promise<void> {
      for (const name of ['samples_failed_total', 'samples_dropped_total', 'metadata_failed_total']) {
        expect([name, await prometheus.ownMetric(`prometheus_remote_storage_${name}`)]).toEqual([name, 0]);
      }
    }

    /** Waits until Prometheus has sent what it holds so far, then compares sample by sample. */
    async function expectNothingMissing(): Promise<{ series: number; samples: number }> {
      const untilMs = Date.now() - 1_000;
      await eventually(
        'Prometheus catches up',
        async () =>
          (await prometheus.ownMetric('prometheus_remote_storage_queue_highest_sent_timestamp_seconds')) * 1_000 >
          untilMs + 3_000,
        { withinMs: 60_000 },
      );
      const sent = await prometheus.samples(startedMs, untilMs);
      const received = await samplesOfProduct(startedMs, untilMs);
      const missing: string[] = [];
      let samples = 0;
      for (const [series, expected] of sent) {
        samples += expected.length;
        const found = new Map(received.get(series) ?? []);
        const lost = expected.filter(([time, value]) => found.get(time) !== value);
        if (lost.length > 0)
          missing.push(`${series}: ${lost.length} of ${expected.length}, first ${JSON.stringify(lost[0])}`);
        else if (found.size !== expected.length) missing.push(`${series}: ${found.size} instead of ${expected.length}`);
      }
      expect(missing).toEqual([]);
      console.log(`${samples} samples of ${sent.size} series compared`);
      return { series: sent.size, samples };
    }

    async function samplesOfProduct(fromMs: number, toMs: number): Promise<ReadonlyMap<string, Samples>> {
      const names = new Map<number, string>();
      for (let cursor: string | null = ''; cursor !== null;) {
        const path = `environments/${environmentId}/series?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`;
        const page: Page<{ id: number; labels: Labels }> = await product.ok('GET', path);
        for (const { id, labels } of page.items) names.set(id, formatSeries(labels));
        cursor = page.nextCursor;
      }
      const found = new Map<string, Samples>();
      const ids = [...names.keys()];
      for (let i = 0; i < ids.length; i += SERIES_AT_ONCE) {
        const wanted = ids.slice(i, i + SERIES_AT_ONCE).map((id) => `seriesId=${id}`);
        const range = `from=${fromMs / 1_000}&to=${(toMs + 1) / 1_000}&maxPoints=20000`;
        const { items } = await product.ok<{
          items: { seriesId: number; times: number[]; values: (number | null)[]; downsampled: boolean }[];
        }>('GET', `environments/${environmentId}/samples?${wanted.join('&')}&${range}`);
        for (const { seriesId, times, values, downsampled } of items) {
          expect(downsampled).toBe(false);
          found.set(
            names.get(seriesId)!,
            times.map((time, k) => [time, values[k]!] as const),
          );
        }
      }
      return found;
    }
  },
);
