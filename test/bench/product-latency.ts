import { Backlog, SCORES_PODS } from './support/backlog.js';
import { eventually } from '../support/eventually.js';
import type { Product } from '../support/product.js';
import { withPostgres, withProduct } from './support/bench-product.js';
import { cpuOf, difference } from './support/cpu-time.js';
import { timeRequests, type Latency } from './support/request-timer.js';

const IDLE_MS = 20_000;
const WARM_UP_MS = 5_000;

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
        withProduct({ databaseUrl: postgres.url(), role: 'worker', env: SCORES_PODS }, work);
      const url = `${api.url}/api/v1/environments`;
      const time = (until: (elapsedMs: number) => boolean): Promise<Latency> =>
        timeRequests(url, api.authorization!, { rate, until });
      await time((elapsedMs) => elapsedMs > WARM_UP_MS);

      const late = await Backlog.create(api, series);
      await startWorker(() => late.learn());
      await late.pileUp(backlogSeconds);

      const idle = await time((elapsedMs) => elapsedMs > IDLE_MS);
      report('idle', idle);
      const behind = await late.detection();
      await startWorker(async (worker) => {
        await eventually('scoring begins', async () => (await late.detection()).scoredUntil !== behind.scoredUntil, {
          everyMs: 20,
          withinMs: 60_000,
        });
        const before = cpuOf({ worker: worker.pid });
        const started = performance.now();
        let done = false;
        const watching = late.scored(300_000).finally(() => (done = true));
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

function report(name: string, { requests, p50Ms, p99Ms, worstMs }: Latency): void {
  console.log(
    `${name.padEnd(26)} p50 ${p50Ms.toFixed(1).padStart(6)} ms   p99 ${p99Ms.toFixed(1).padStart(6)} ms   worst ${worstMs.toFixed(0).padStart(5)} ms   (${requests} requests)`,
  );
}
