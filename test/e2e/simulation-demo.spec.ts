import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Product } from '../support/product.js';

interface Simulated {
  readonly environmentId: string;
  readonly slug: string;
  readonly historyDone: number;
  readonly simulatedSeconds: number;
}

/** As the development profile has it, with less history so that a test is quick. */
const ENV = {
  SIMULATION_DEMO_ENABLED: 'true',
  SIMULATION_DEMO_HISTORY_HOURS: '1',
  TELEMETRY_HOST_SOURCE_ENABLED: 'false',
};

describe('the demo environment', () => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start({ env: ENV });
    await product.login();
  });
  afterAll(() => product?.dispose());

  const list = async () => (await product.ok<{ items: readonly Simulated[] }>('GET', 'simulations')).items;
  const complete = () =>
    eventually(
      'its history is complete',
      async () => (await list()).find(({ slug, historyDone }) => slug === 'shop-demo' && historyDone === 1),
      { withinMs: 120_000 },
    );

  it('is there after the first start, with history that detectors have learned from', async () => {
    const { environmentId } = await complete();
    const states = await eventually(
      'its series are scored',
      async () => {
        const { states } = await product.ok<{ states: Record<string, number> }>(
          'GET',
          `environments/${environmentId}/detection`,
        );
        return states['ok']! > 100 ? states : undefined;
      },
      { withinMs: 90_000 },
    );
    expect(states['ok']).toBeGreaterThan(100);
    // An hour of history is enough: of what is sent nothing is left to learn. Some signals of services begin later.
    const { items } = await product.ok<{ items: { labels: { __name__: string } }[] }>(
      'GET',
      `environments/${environmentId}/detection/series?state=learning&limit=200`,
    );
    expect(items.filter(({ labels }) => !labels.__name__.startsWith('service:'))).toEqual([]);
    expect((await product.ok<{ items: unknown[] }>('GET', 'incidents')).items).toEqual([]);
  }, 240_000);

  it('goes on after a restart, and comes back after it was deleted', async () => {
    const [before] = await list();
    await product.stop();
    await product.restart();
    await product.login();
    const after = await eventually('it goes on', async () => {
      const [found] = await list();
      return found!.simulatedSeconds > before!.simulatedSeconds ? found : undefined;
    });
    expect(after.environmentId).toBe(before!.environmentId);
    expect(await list()).toHaveLength(1);

    const deleted = await product.api('DELETE', `simulations/${after.environmentId}?confirm=shop-demo`);
    expect(deleted.status).toBe(204);
    expect(await list()).toEqual([]);
    await product.stop();
    await product.restart();
    await product.login();
    expect((await complete()).environmentId).not.toBe(after.environmentId);
  }, 240_000);
});
