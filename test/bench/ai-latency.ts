import { Backlog, SCORES_PODS } from './support/backlog.js';
import { withPostgres, withProduct } from './support/bench-product.js';
import { timeCallers } from './support/callers.js';
import { cpuOf, difference } from './support/cpu-time.js';
import type { Latency } from './support/request-timer.js';

const MEASURE_MS = 15_000;
const WARM_UP_MS = 4_000;

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

        const worker = { databaseUrl: postgres.url(), role: 'worker' as const, env: SCORES_PODS };
        const late = await Backlog.create(api, series);
        await withProduct(worker, () => late.learn());
        await late.pileUp(backlog);
        await withProduct(worker, async ({ pid }) => {
          let done = false;
          const before = cpuOf({ worker: pid });
          const started = performance.now();
          const watching = late
            .scored(120_000)
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

function report(name: string, { requests, perSecond, p50Ms, p99Ms, worstMs }: Latency & { perSecond: number }): void {
  const ms = (value: number): string => value.toFixed(1).padStart(6);
  console.log(
    `${name.padEnd(28)} p50 ${ms(p50Ms)} ms   p99 ${ms(p99Ms)} ms   worst ${ms(worstMs)} ms   ${perSecond.toFixed(0)} requests/s (${requests})`,
  );
}
