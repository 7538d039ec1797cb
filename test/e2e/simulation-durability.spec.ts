import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/engine/scenario/parse-scenario.js';
import { createSimulation, injectFault, stepSimulation } from '../../src/engine/simulation/simulation.js';
import type { ScrapeFrame } from '../../src/engine/simulation/telemetry/telemetry.types.js';
import { formatSeries, type Labels } from '../../src/kernel/time-series.js';
import { SMALL_SCENARIO } from '../integration/simulation/support/scenario.js';
import { eventually } from '../support/eventually.js';
import { descendantsOf } from '../support/process-tree.js';
import { Product } from '../support/product.js';

interface Simulated {
  readonly environmentId: string;
  readonly startedAt: string;
  readonly simulatedSeconds: number;
  readonly interventions: readonly { readonly eventTime: string | null; readonly refusal: string | null }[];
}

type Samples = Map<string, { times: number[]; values: number[] }>;

/** Scraped every second, so that a minute of real time has something to compare. */
const AT_1X = SMALL_SCENARIO.replace('\nplatform:', '\ntelemetry: { scrapeInterval: 1s }\nplatform:');

describe('simulated environments under kill -9', () => {
  let product: Product;
  const texts = { live: AT_1X, fast: SMALL_SCENARIO };
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    product = await Product.start({ env: { TELEMETRY_HOST_SOURCE_ENABLED: 'false' } });
    await product.login();
    for (const [slug, speed] of [
      ['live', 1],
      ['fast', 60],
    ] as const) {
      const created = await product.ok<Simulated>('POST', 'simulations', { text: texts[slug], slug, speed });
      ids[slug] = created.environmentId;
    }
  });
  afterAll(() => product?.dispose());

  const get = (slug: string) => product.ok<Simulated>('GET', `simulations/${ids[slug]}`);

  async function bothGoOn(): Promise<void> {
    for (const [slug, seconds] of [
      ['live', 3],
      ['fast', 120],
    ] as const) {
      const { simulatedSeconds: before } = await get(slug);
      await eventually(`${slug} goes on`, async () => (await get(slug)).simulatedSeconds > before + seconds);
    }
  }

  async function killWorker(): Promise<void> {
    const workers = () => descendantsOf(product.pid).filter(({ command }) => command.includes('main.js'));
    const before = workers().map(({ pid }) => pid);
    expect(before.length).toBeGreaterThan(0);
    for (const pid of before) killNow(pid);
    await eventually('another worker', () => workers().some(({ pid }) => !before.includes(pid)));
  }

  async function killEverything(): Promise<void> {
    for (const { pid } of product.processes()) killNow(pid);
    await product.restart();
  }

  it('go on where they stopped', async () => {
    await bothGoOn();
    for (const id of Object.values(ids)) {
      await product.ok('POST', `simulations/${id}/faults`, { kind: 'dependency-slow', target: { service: 'api' } });
    }
    await bothGoOn();
    for (const kill of [killWorker, () => product.kill9().then(() => product.restart()), killEverything]) {
      await kill();
      await eventually('it answers', () => product.login().then(() => true));
      await bothGoOn();
    }
    for (const id of Object.values(ids)) await product.ok('PATCH', `simulations/${id}`, { paused: true });
    // After each kill the lease of ten seconds has to run out.
  }, 240_000);

  it.each(['live', 'fast'] as const)(
    '%s: store what a run that was never interrupted gives',
    async (slug) => {
      const { startedAt, simulatedSeconds, interventions } = await eventually('it stands still', async () => {
        const before = await get(slug);
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        const after = await get(slug);
        return before.simulatedSeconds === after.simulatedSeconds ? after : undefined;
      });
      const start = Date.parse(startedAt);
      expect(interventions).toMatchObject([{ refusal: null }]);
      const faultAt = (Date.parse(interventions[0]!.eventTime!) - start) / 1_000;

      const expected = uninterrupted(texts[slug], start, simulatedSeconds, faultAt);
      const stored = await storedSamples(ids[slug]!, start);
      expect([...stored.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
      expect(expected.size).toBeGreaterThan(100);
      for (const [series, samples] of expected) expect(stored.get(series), series).toEqual(samples);
    },
    120_000,
  );

  /** All that the exporters say; what users see, and signals of services, are computed by the service. */
  async function storedSamples(environmentId: string, start: number): Promise<Samples> {
    const path = `environments/${environmentId}`;
    const found: Samples = new Map();
    let cursor: string | null = null;
    do {
      const page: { items: { id: number; labels: Labels }[]; nextCursor: string | null } = await product.ok(
        'GET',
        `${path}/series?limit=50${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      const exported = page.items.filter(({ labels }) => !/^(dsim_|service:)/.test(labels['__name__'] ?? ''));
      const range = `from=${start / 1_000}&to=${start / 1_000 + 86_400}&maxPoints=20000`;
      const wanted = exported.map(({ id }) => `seriesId=${id}`).join('&');
      if (exported.length > 0) {
        const { items } = await product.ok<{
          items: { seriesId: number; times: number[]; values: number[]; downsampled: boolean }[];
        }>('GET', `${path}/samples?${wanted}&${range}`);
        for (const { seriesId, times, values, downsampled } of items) {
          expect(downsampled).toBe(false);
          found.set(formatSeries(exported.find(({ id }) => id === seriesId)!.labels), { times, values });
        }
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  }
});

/** One that ends with its parent may be gone by now. */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The engine alone, in one go. */
function uninterrupted(text: string, start: number, seconds: number, faultAt: number): Samples {
  const scenario = parseScenario(text, {
    file: 'small.yaml',
    read: () => {
      throw new Error('nothing is included');
    },
  });
  const simulation = createSimulation({ ...scenario, start });
  const samples: Samples = new Map();
  const scrape = ({ series, values, time }: ScrapeFrame): void => {
    series.forEach((each, slot) => {
      if (each === null || Number.isNaN(values[slot])) return;
      const key = formatSeries(each.labels);
      const row = samples.get(key) ?? { times: [], values: [] };
      samples.set(key, row);
      row.times.push(time);
      row.values.push(values[slot]!);
    });
  };
  for (let step = 0; step < seconds; step += 1) {
    if (step === faultAt) {
      injectFault(simulation, {
        name: 'dependency-slow',
        kind: 'dependency-slow',
        target: { service: 'api' },
        at: step,
        duration: Number.POSITIVE_INFINITY,
        ramp: 0,
        intensity: 1,
        settings: { factor: 5 },
      });
    }
    stepSimulation(simulation, { scrape });
  }
  return samples;
}
