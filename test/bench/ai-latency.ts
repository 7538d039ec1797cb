import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import type { Product } from '../support/product.js';
import { exampleSeries } from '../support/remote-write-sender.js';
import { SeriesWriter } from '../support/series-writer.js';
import { withPostgres, withProduct } from './support/bench-product.js';
import { timeCallers } from './support/callers.js';
import { cpuOf, difference } from './support/cpu-time.js';
import type { Latency } from './support/request-timer.js';

const HISTORY_SECONDS = 30;
const MEASURE_MS = 15_000;
const WARM_UP_MS = 4_000;
const SERIES_PER_WRITER = 1_000;

interface Settings {
  readonly callers: number;
  readonly rate: number;
  readonly points: number;
  readonly series: number;
  readonly backlog: number;
}

/** API and worker as in a cluster on one PostgreSQL; every request holds windows that no request held before. */
export async function run({ callers, rate, points, series, backlog }: Settings): Promise<void> {
  console.log(
    `POST /api/v1/ai/score, one series of ${points} points, ${callers} callers with ${rate} requests/s each, no answer from the cache`,
  );
  await withPostgres((postgres) =>
    withProduct(
      { databaseUrl: postgres.url(), role: 'api', env: { FEATURE_AI_API: 'true', HTTP_AI_PORT: '0' } },
      async (api) => {
        const url = `${api.url}/api/v1/ai/score`;
        const body = (n: number): string => requestOf(n, points);
        const time = (until: (elapsedMs: number) => boolean, pace = rate) =>
          timeCallers(url, api.authorization!, { callers, rate: pace, until, body });
        const forMs = (ms: number) => (elapsedMs: number) => elapsedMs > ms;
        await time(forMs(WARM_UP_MS));
        const cpuBefore = cpuOf({ api: api.pid });
        const idle = await time(forMs(MEASURE_MS));
        const { api: cpu } = difference(cpuBefore, cpuOf({ api: api.pid }));
        report('idle', idle);
        console.log(`  ${((cpu! * 1_000) / idle.requests).toFixed(2)} ms of CPU of the API for each request`);

        // The example series are of pods.
        const env = { ANOMALY_DETECTION_SCORE_PODS: 'true' };
        const worker = { databaseUrl: postgres.url(), role: 'worker' as const, env };
        const { id } = await api.ok<{ id: string }>('POST', 'environments', { name: 'Bench', tickSeconds: 1 });
        const token = await SeriesWriter.token(api, id);
        const writers = writersOf(api, token, series);
        await withProduct(worker, async () => {
          for (const writer of writers) await writer.backfill(HISTORY_SECONDS);
          const detection = () => api.ok<{ states: Record<string, number> }>('GET', `environments/${id}/detection`);
          await eventually('series are scored', async () => ((await detection()).states['ok'] ?? 0) > series / 2, {
            withinMs: 180_000,
          });
        });
        for (const writer of writers) writer.start();
        await sleep(backlog * 1_000);
        await Promise.all(writers.map((writer) => writer.stop()));
        await withProduct(worker, async ({ pid }) => {
          const detection = () => api.ok<{ lagSeconds: number | null }>('GET', `environments/${id}/detection`);
          let done = false;
          const before = cpuOf({ worker: pid });
          const started = performance.now();
          const watching = eventually('the backlog is scored', async () => (await detection()).lagSeconds! < 5, {
            withinMs: 120_000,
            everyMs: 500,
          })
            .catch(() => undefined)
            .finally(() => (done = true));
          const scoring = await time(() => done);
          await watching;
          const seconds = (performance.now() - started) / 1_000;
          const { worker: cpu } = difference(before, cpuOf({ worker: pid }));
          report('while the worker scores', scoring);
          console.log(
            `  worker at ${((cpu! / seconds) * 100).toFixed(0)} % of a core for ${seconds.toFixed(1)} s; p99 ${scoring.p99Ms.toFixed(1)} ms (aim 20)`,
          );
        });
        report('idle, callers without pause', await time(forMs(MEASURE_MS), 0));
      },
    ),
  );
}

function requestOf(n: number, points: number): string {
  const values = Array.from({ length: points }, (_, i) => Math.round(1e3 * (50 + 5 * Math.sin(i * 1.7 + n))) / 1e3);
  return JSON.stringify({ series: [{ labels: { __name__: 'queue_depth', caller: `${n}` }, values }] });
}

function writersOf(api: Product, token: string, series: number): SeriesWriter[] {
  const all = exampleSeries(series).map((one) => ({ ...one, metricType: 2 }));
  return Array.from({ length: Math.ceil(series / SERIES_PER_WRITER) }, (_, w) => {
    const own = all.slice(w * SERIES_PER_WRITER, (w + 1) * SERIES_PER_WRITER);
    return new SeriesWriter(
      api.url,
      token,
      own,
      (i, timeMs) => (timeMs / 1_000) * (5 + (i % 7)) + 3 * Math.sin(timeMs / 7_000 + i),
    );
  });
}

function report(name: string, { requests, perSecond, p50Ms, p99Ms, worstMs }: Latency & { perSecond: number }): void {
  const ms = (value: number): string => value.toFixed(1).padStart(6);
  console.log(
    `${name.padEnd(28)} p50 ${ms(p50Ms)} ms   p99 ${ms(p99Ms)} ms   worst ${ms(worstMs)} ms   ${perSecond.toFixed(0)} requests/s (${requests})`,
  );
}
