import { SMALL_SCENARIO } from '../integration/simulation/support/scenario.js';
import { type Page, TestBrowser } from './browser.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { eventually } from './eventually.js';
import { Product } from './product.js';

interface Group {
  readonly id: string;
  readonly peakAnomalyId: string;
}

/** The product with a small fleet that is watched, on which half of the requests of a service fail, and a browser on it. */
export class WatchedFleet {
  private constructor(
    readonly database: TestDatabase,
    readonly product: Product,
    readonly browser: TestBrowser,
    readonly page: Page,
    readonly environment: string,
  ) {}

  /** When this comes back the fault was found, and time stands still. */
  static async start(chromium: string, historyHours: number): Promise<WatchedFleet> {
    const database = await createTestDatabase();
    const [product, browser] = await Promise.all([
      Product.start({ databaseUrl: database.url, env: { TELEMETRY_HOST_SOURCE_ENABLED: 'false' } }),
      TestBrowser.start(chromium),
    ]);
    const page = await browser.signIn(product);
    await product.login();
    const { environmentId } = await product.ok<{ environmentId: string }>('POST', 'simulations', {
      text: SMALL_SCENARIO.trimStart(),
      name: 'watched',
      historyHours,
      speed: 60,
    });
    const fleet = new WatchedFleet(database, product, browser, page, environmentId);
    await eventually('its series are watched', async () => (await fleet.watched()) > 20, { withinMs: 90_000 });
    const fault = { name: 'bad-config', kind: 'config-error', target: { service: 'api' }, settings: { ratio: 0.5 } };
    await product.ok('POST', `simulations/${environmentId}/faults`, fault);
    await eventually('it is found', async () => (await fleet.groups()).length > 0, { withinMs: 90_000 });
    await product.ok('PATCH', `simulations/${environmentId}`, { paused: true });
    return fleet;
  }

  async groups(): Promise<readonly Group[]> {
    const path = `environments/${this.environment}/anomaly-groups`;
    return (await this.product.ok<{ items: readonly Group[] }>('GET', path)).items;
  }

  /** Opens a page of the environment. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.product.url}/#/environments/${this.environment}${path}`);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.product.dispose();
    await this.database.close();
  }

  private async watched(): Promise<number> {
    const path = `environments/${this.environment}/detection`;
    return (await this.product.ok<{ states: { ok: number } }>('GET', path)).states.ok;
  }
}
