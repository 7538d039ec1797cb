import { eventually } from '../support/eventually.js';
import { ask } from '../support/http-client.js';
import { Product } from '../support/product.js';
import { percentile } from './support/percentile.js';

interface StartTimes {
  /** Until the page is answered. */
  readonly pageMs: number;
  /** Until the worker is up as well. */
  readonly workerMs: number;
  /** From SIGTERM until everything has ended. */
  readonly stopMs: number;
}

/** Development profile with its embedded database and the host source, as `npm start` runs it once it is built. */
export async function run(runs: number): Promise<void> {
  const first: StartTimes[] = [];
  const later: StartTimes[] = [];
  for (let i = 0; i < Math.max(1, Math.ceil(runs / 2)); i++) {
    const product = await Product.launch({ env: { HEALTH_CACHE_MS: '0' } });
    try {
      first.push(await timed(product));
      for (let k = 0; k < 2; k++) {
        await product.relaunch();
        later.push(await timed(product));
      }
    } finally {
      await product.dispose();
    }
  }
  report('first start: makes and migrates its database', first);
  report('later start: finds its data', later);
  console.log(`later start until the page is served: ${(median(later, 'pageMs') / 1_000).toFixed(1)} s (aim 5)`);
}

/** Of a product that has just been launched; stops it. */
async function timed(product: Product): Promise<StartTimes> {
  const launched = performance.now();
  const until = async (what: string, look: () => Promise<boolean>): Promise<number> => {
    await eventually(what, look, { withinMs: 120_000, everyMs: 10 });
    return performance.now() - launched;
  };
  const pageMs = await until('the page', async () => (await ask(`${product.url}/`)).status === 200);
  const workerMs = await until('the worker', async () => {
    const { body } = await product.health('ready');
    return (body as { details: Record<string, { status: string }> }).details['worker']?.status === 'up';
  });
  const stopping = performance.now();
  await product.stop();
  return { pageMs, workerMs, stopMs: performance.now() - stopping };
}

function median(times: readonly StartTimes[], part: keyof StartTimes): number {
  return percentile(
    times.map((time) => time[part]),
    50,
  );
}

function report(name: string, times: readonly StartTimes[]): void {
  const seconds = (part: keyof StartTimes): string => (median(times, part) / 1_000).toFixed(2);
  console.log(
    `${name.padEnd(46)} page ${seconds('pageMs')} s, worker ${seconds('workerMs')} s, stopped in ${seconds('stopMs')} s (median of ${times.length})`,
  );
}
