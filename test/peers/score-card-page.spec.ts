import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL_SCENARIO } from '../integration/simulation/support/scenario.js';
import { type Page, TestBrowser } from '../support/browser.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { describePeer } from '../support/peers.js';
import { Product } from '../support/product.js';

const RULES = `groups:
  - name: shop
    rules:
      - alert: ManyErrors
        expr: sum by (service) (rate(http_requests_total{code=~"5.."}[1m])) / sum by (service) (rate(http_requests_total[1m])) > 0.1
        for: 30s
`;

describePeer(['chromium', 'promtool', 'prometheus'], 'score cards of detectors and rules in a browser', (binary) => {
  let database: TestDatabase;
  let product: Product;
  let browser: TestBrowser;
  let page: Page;
  let environment: string;
  let folder: string;

  /** A small fleet with three hours of calm behind it, then some minutes in which half of the requests of a service fail. */
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dsim-score-page-'));
    database = await createTestDatabase();
    [product, browser] = await Promise.all([
      Product.start({
        databaseUrl: database.url,
        env: {
          TELEMETRY_HOST_SOURCE_ENABLED: 'false',
          ANOMALY_DETECTION_SCORE_CARDS_PROMTOOL: binary('promtool'),
          ANOMALY_DETECTION_SCORE_CARDS_PROMETHEUS: binary('prometheus'),
        },
      }),
      TestBrowser.start(binary('chromium')),
    ]);
    page = await browser.signIn(product);
    await product.login();
    const created = await product.ok<{ environmentId: string }>('POST', 'simulations', {
      text: SMALL_SCENARIO.trimStart(),
      name: 'scored',
      historyHours: 3,
      speed: 60,
    });
    environment = created.environmentId;
    await eventually(
      'its series are watched',
      async () => {
        const { states } = await product.ok<{ states: { ok: number } }>('GET', `environments/${environment}/detection`);
        return states.ok > 20;
      },
      { withinMs: 90_000 },
    );
    await product.ok('POST', `simulations/${environment}/faults`, {
      name: 'bad-config',
      kind: 'config-error',
      target: { service: 'api' },
      settings: { ratio: 0.5 },
    });
    const groups = () => product.ok<{ items: unknown[] }>('GET', `environments/${environment}/anomaly-groups`);
    await eventually('it is found', async () => (await groups()).items.length > 0, { withinMs: 90_000 });
    await product.ok('PATCH', `simulations/${environment}`, { paused: true });
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await product?.dispose();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const tick = (name: string | RegExp) => page.getByRole('checkbox', { name });
  const form = () => page.getByRole('form', { name: 'New score card' });
  const row = (name: string) => page.getByRole('region', { name: 'Scores' }).getByRole('row', { name });

  function rules(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  it('says what is wrong with what was given, and keeps it', async () => {
    await page.goto(`${product.url}/#/environments/${environment}/score-cards`);
    await button('Make the first').click();
    await page.getByRole('spinbutton', { name: 'Days' }).fill('0.1');
    await tick('what holds now').uncheck();
    await button('Score').click();
    await form().getByRole('alert').getByText('Choose something to score').waitFor();
    await page.getByRole('textbox', { name: 'Further stretches' }).fill('yesterday, today');
    await button('Score').click();
    await form().getByRole('alert').getByText('Stretch in line 1: “yesterday” is no time').waitFor();
    await page.getByRole('textbox', { name: 'Further stretches' }).fill('');
    const files = page.getByLabel('Rule files of Prometheus');
    await files.setInputFiles(rules('wrong.yml', RULES.replace('> 0.1', '> (')));
    await button('Score').click();
    await form().getByRole('alert').getByText('configurations[0].rules').waitFor();
    await form().getByRole('alert').getByText('could not parse expression').waitFor();
  });

  it('compares settings, a detector and rules on what was injected', async () => {
    await tick('what holds now').check();
    await tick(/value-knn/).check();
    await page.getByLabel('Rule files of Prometheus').setInputFiles(rules('alerts.yml', RULES));
    await button('Score').click();
    await page.getByRole('cell', { name: 'finished' }).waitFor({ timeout: 90_000 });
    await page.getByText('current, value-knn, alerts.yml').waitFor();
    await page.getByRole('link', { name: 'Score card', exact: true }).click();
    for (const name of ['current', 'value-knn', 'alerts.yml']) await row(name).getByText('1 of 1').waitFor();
    await page.getByRole('columnheader', { name: 'By chance' }).waitFor();
    // The outage had no other alert, and calm none at all.
    const misses = page.locator('section.card', { has: page.getByRole('heading', { name: 'False pages alerts.yml' }) });
    await misses.getByText('None.').waitFor();
    expect(browser.complaints).toEqual([]);
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    const wider = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(await wider()).toBeLessThanOrEqual(0);
    await page.goto(`${product.url}/#/environments/${environment}/score-cards`);
    await button('New score card').click();
    await form().waitFor();
    expect(await wider()).toBeLessThanOrEqual(0);
  });
});
