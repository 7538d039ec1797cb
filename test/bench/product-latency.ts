import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { exampleSeries } from '../support/remote-write-sender.js';
import type { Product } from '../support/product.js';
import { SeriesWriter } from '../support/series-writer.js';
import { withPostgres, withProduct } from './support/bench-product.js';
import { cpuOf, difference } from './support/cpu-time.js';
import { timeRequests, type Latency } from './support/request-timer.js';

const HISTORY_SECONDS = 30;
const IDLE_MS = 20_000;
const WARM_UP_MS = 5_000;
const SERIES_PER_WRITER = 1_000;

interface Settings {
  readonly series: number;
  readonly backlogSeconds: number;
  readonly rate: number;
}

/**
 * API and worker as in a cluster, two processes on one PostgreSQL. The backlog is real: the worker is stopped while
 * samples go on arriving every second, and then has to make up for all the ticks that it missed.
 */
export async function run({ series, backlogSeconds, rate }: Settings): Promise<void> {
  console.log(
    `GET /api/v1/environments with a session, ${rate} requests/s; backlog: ${series.toLocaleString('en')} series, ${backlogSeconds} ticks of 1 s`,
  );
  await withPostgres((postgres) =>
    withProduct({ databaseUrl: postgres.url(), role: 'api' }, async (api) => {
      const startWorker = <T>(work: (worker: Product) => Promise<T>): Promise<T> =>
        withProduct({ databaseUrl: postgres.url(), role: 'worker' }, work);
      const url = `${api.url}/api/v1/environments`;
      const time = (until: (elapsedMs: number) => boolean): Promise<Latency> =>
        timeRequests(url, api.authorization!, { rate, until });
      await time((elapsedMs) => elapsedMs > WARM_UP_MS);

      const { id } = await api.ok<{ id: string }>('POST', 'environments', { name: 'Bench', tickSeconds: 1 });
      const token = await SeriesWriter.token(api, id);
      const writers = writersOf(api, token, series);
      await startWorker(async () => {
        for (const writer of writers) await writer.backfill(HISTORY_SECONDS);
        await eventually('every series is scored', async () => (await detectionOf(api, id)).states['ok'] === series, {
          withinMs: 120_000,
        });
      });
      for (const writer of writers) writer.start();
      await sleep(backlogSeconds * 1_000);
      await Promise.all(writers.map((writer) => writer.stop()));

      const idle = await time((elapsedMs) => elapsedMs > IDLE_MS);
      report('idle', idle);
      const behind = await detectionOf(api, id);
      await startWorker(async (worker) => {
        await eventually(
          'scoring begins',
          async () => (await detectionOf(api, id)).scoredUntil !== behind.scoredUntil,
          {
            everyMs: 20,
            withinMs: 60_000,
          },
        );
        const before = cpuOf({ worker: worker.pid });
        const started = performance.now();
        let done = false;
        const watching = eventually('the backlog is scored', async () => (await detectionOf(api, id)).lagSeconds! < 5, {
          withinMs: 300_000,
          everyMs: 500,
        }).finally(() => (done = true));
        const scoring = await time(() => done);
        await watching;
        const seconds = (performance.now() - started) / 1_000;
        const { worker: cpu } = difference(before, cpuOf({ worker: worker.pid }));
        report('while the worker scores', scoring);
        console.log(
          `  scored for ${seconds.toFixed(1)} s, worker at ${((cpu! / seconds) * 100).toFixed(0)} % of a core\n` +
            `  p99 while scoring / idle: ${(scoring.p99Ms / idle.p99Ms).toFixed(2)} (aim 1.5), p99 ${scoring.p99Ms.toFixed(1)} ms (aim 20)`,
        );
      });
    }),
  );
}

function writersOf(api: Product, token: string, series: number): SeriesWriter[] {
  const all = exampleSeries(series).map((one) => ({ ...one, metricType: 2 }));
  return Array.from({ length: Math.ceil(series / SERIES_PER_WRITER) }, (_, w) => {
    const own = all.slice(w * SERIES_PER_WRITER, (w + 1) * SERIES_PER_WRITER);
    // Counters that grow evenly, with noise.
    return new SeriesWriter(
      api.url,
      token,
      own,
      (i, timeMs) => (timeMs / 1_000) * (5 + (i % 7)) + 3 * Math.sin(timeMs / 7_000 + i),
    );
  });
}

interface Detection {
  readonly states: Readonly<Record<string, number>>;
  readonly scoredUntil: string | null;
  readonly lagSeconds: number | null;
}

function detectionOf(api: Product, environmentId: string): Promise<Detection> {
  return api.ok<Detection>('GET', `environments/${environmentId}/detection`);
}

function report(name: string, { requests, p50Ms, p99Ms, worstMs }: Latency): void {
  console.log(
    `${name.padEnd(26)} p50 ${p50Ms.toFixed(1).padStart(6)} ms   p99 ${p99Ms.toFixed(1).padStart(6)} ms   worst ${worstMs.toFixed(0).padStart(5)} ms   (${requests} requests)`,
  );
}
