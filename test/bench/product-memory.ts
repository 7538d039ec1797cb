import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf } from '../support/process-tree.js';
import type { Product } from '../support/product.js';
import { exampleSeries } from '../support/remote-write-sender.js';
import { SeriesWriter } from '../support/series-writer.js';
import { withProduct, workerOf } from './support/bench-product.js';
import { cpuOf, difference, type CpuSeconds } from './support/cpu-time.js';
import { memoryOf, type Memory } from './support/memory.js';

const SETTLE_MS = 60_000;
const SERIES_PER_REQUEST = 2_000;

/** One process with its worker and its embedded database, host source on, as `npm start` runs it. */
export async function run({ series, minutes }: { series: number; minutes: number }): Promise<void> {
  await withProduct({ profile: 'development', env: { TELEMETRY_HOST_SOURCE_ENABLED: 'true' } }, async (product) => {
    const resting = await watched(product, () => sleep(SETTLE_MS));
    const both = report(`at rest, ${SETTLE_MS / 1_000} s after the start, host source on`, product, resting);

    const { id } = await product.ok<{ id: string }>('POST', 'environments', { name: 'Bench' });
    const token = await SeriesWriter.token(product, id);
    const all = exampleSeries(series);
    const writers = Array.from({ length: Math.ceil(series / SERIES_PER_REQUEST) }, (_, w) => {
      const own = all.slice(w * SERIES_PER_REQUEST, (w + 1) * SERIES_PER_REQUEST);
      return new SeriesWriter(product.url, token, own, (i, timeMs) => (timeMs / 1_000) * (5 + (i % 7)), 15);
    });
    for (const writer of writers) {
      await writer.backfill(15);
      writer.start();
    }
    const busy = await watched(product, () => sleep(minutes * 60_000));
    await Promise.all(writers.map((writer) => writer.stop()));
    for (const { failure } of writers) if (failure) throw failure;
    const { states } = await product.ok<{ states: object }>('GET', `environments/${id}/detection`);
    console.log(`states of the series: ${JSON.stringify(states)}`);
    report(`with ${series.toLocaleString('en')} series more, a sample and a score of each every 15 s`, product, busy);
    console.log(`API and worker at rest: ${both.residentMib.toFixed(0)} MiB resident (aim 350)`);
  });
}

function processesOf(product: Product): { api: number; worker: number | undefined; postgres: number | undefined } {
  const worker = workerOf(product);
  const shell = descendantsOf(product.pid).find(({ parent, pid }) => parent === product.pid && pid !== worker);
  return { api: product.pid, worker, postgres: shell?.pid };
}

/** CPU seconds by part, per second that went by. */
async function watched(product: Product, meanwhile: () => Promise<void>): Promise<CpuSeconds> {
  const processes = processesOf(product);
  const before = cpuOf(processes);
  const started = performance.now();
  await meanwhile();
  const seconds = (performance.now() - started) / 1_000;
  const used = difference(before, cpuOf(processes));
  return Object.fromEntries(Object.entries(used).map(([name, cpu]) => [name, cpu / seconds]));
}

function report(name: string, product: Product, cpu: CpuSeconds): Memory {
  const { api, worker, postgres } = processesOf(product);
  const server = postgres === undefined ? [] : [postgres, ...descendantsOf(postgres).map(({ pid }) => pid)];
  const both = memoryOf([api, worker!]);
  const line = (what: string, { residentMib, proportionalMib }: Memory, used = ''): void =>
    console.log(
      `  ${what.padEnd(16)} ${residentMib.toFixed(0).padStart(5)} MiB resident, ${proportionalMib.toFixed(0).padStart(5)} MiB proportional${used}`,
    );
  const percent = (part: string): string => `, ${((cpu[part] ?? 0) * 100).toFixed(1)} % of a core`;
  console.log(`${name}:`);
  line('API', memoryOf([api]), percent('api'));
  line('worker', memoryOf([worker!]), percent('worker'));
  line('both', both);
  line('PostgreSQL', memoryOf(server), percent('postgres'));
  return both;
}
