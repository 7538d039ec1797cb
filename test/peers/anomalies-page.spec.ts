import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL_SCENARIO } from '../integration/simulation/support/scenario.js';
import { type Page, TestBrowser } from '../support/browser.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { describePeer } from '../support/peers.js';
import { Product } from '../support/product.js';

interface Listed {
  readonly items: readonly { readonly id: string; readonly peakAnomalyId: string }[];
}

describePeer('chromium', 'the pages of anomalies in a browser', (binary) => {
  let database: TestDatabase;
  let product: Product;
  let browser: TestBrowser;
  let page: Page;
  let environment: string;

  /** A small fleet with six hours of calm behind it, then one in which half of the requests of a service fail. */
  beforeAll(async () => {
    database = await createTestDatabase();
    [product, browser] = await Promise.all([
      Product.start({ databaseUrl: database.url, env: { TELEMETRY_HOST_SOURCE_ENABLED: 'false' } }),
      TestBrowser.start(binary('chromium')),
    ]);
    page = await browser.signIn(product);
    await product.login();
    const created = await product.ok<{ environmentId: string }>('POST', 'simulations', {
      text: SMALL_SCENARIO.trimStart(),
      name: 'watched',
      historyHours: 6,
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
    await eventually('it is found', async () => (await groups()).items.length > 0, { withinMs: 90_000 });
    await product.ok('PATCH', `simulations/${environment}`, { paused: true });
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await product?.dispose();
    await database?.close();
  });

  const groups = () => product.ok<Listed>('GET', `environments/${environment}/anomaly-groups`);
  const open = (path: string) => page.goto(`${product.url}/#/environments/${environment}${path}`);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  const card = (title: string) =>
    page.locator('section.card', { has: page.getByRole('heading', { name: title, exact: true }) });

  it('shows anomalies of one cause as one, and explains the strongest', async () => {
    await open('');
    await page.getByRole('link', { name: 'Anomalies', exact: true }).click();
    const first = page.getByRole('region', { name: /^Group of \d+ anomal/ }).first();
    await first
      .getByRole('cell', { name: /http_requests_total/ })
      .first()
      .waitFor();
    await first.getByRole('link', { name: 'its strongest anomaly' }).click();
    await page
      .locator('.sentence')
      .getByText(/was expected/)
      .waitFor();
    await card('How it was seen').getByRole('listitem').first().waitFor();
    await page.getByRole('img', { name: /over time, with its expected band/ }).waitFor();
    await page.getByRole('img', { name: /^Score over the same time; highest/ }).waitFor();
    expect(await page.getByLabel('Query').innerText()).toMatch(/\{.+\}/);
  });

  it('takes feedback after it has shown what that does, and takes it back', async () => {
    const { items } = await groups();
    await open(`/anomalies/${items[0]!.peakAnomalyId}`);
    await button('Not an anomaly').click();
    await page
      .getByText(/Over \d+ days? of \d+ series/)
      .first()
      .waitFor({ timeout: 60_000 });
    await field('Why (for whoever asks later)').fill('a rehearsal');
    await button('Save').click();
    await card('Feedback').getByText('a rehearsal').waitFor();
    await button('Undo').click();
    await card('Feedback').getByText('undone by admin').waitFor();
  });

  it('keeps versions of settings, with a preview before and a way back', async () => {
    await open('/settings');
    await page.getByText('Nobody has saved settings yet.').waitFor();
    await button('Add a rule').click();
    await field('Name').fill('calm api');
    await field('Series').fill('{service="api"}');
    await page.getByRole('spinbutton', { name: 'Smallest deviation', exact: true }).fill('100000');
    await button('Preview on history').click();
    await page.locator('.figures').getByText('vanish').waitFor({ timeout: 60_000 });
    await field('Why').fill('the api may do what it likes');
    await button('Save as version 1').click();
    await page.getByText('version 1 (holds)').waitFor();
    await button('What changed').click();
    await page.getByText('rules[calm api]').waitFor();
    await button('Take all settings back').click();
    await page.getByText('version 2 (holds)').waitFor();
    await page.getByText('None yet: the configuration file').waitFor();
  });

  it('says which field of a rule is wrong', async () => {
    await open('/settings');
    await button('Add a rule').click();
    await field('Series').fill('{service=}');
    await field('Why').fill('a mistake');
    await button('Save as version 3').click();
    await page.getByRole('alert').getByText('settings.rules[0].match').waitFor();
  });

  it('shows how a series is looked at', async () => {
    await open('/series');
    await page.getByText('Watched', { exact: true }).click();
    await page
      .getByRole('link', { name: /^(?!service:)\S*_total/ })
      .first()
      .click();
    await card('How it is looked at').getByText('residual').waitFor();
    await card('What it is held against').getByText('increase per second').waitFor();
    await button('Say something about this stretch').click();
    await button('Missed one in this stretch').waitFor();
  });

  it('scores settings on what was injected', async () => {
    await open('/score-cards');
    await button('Make the first').click();
    await page.getByRole('spinbutton', { name: 'Days' }).fill('0.25');
    await button('Score').click();
    await page.getByRole('cell', { name: 'finished' }).waitFor({ timeout: 90_000 });
    await page.getByRole('link', { name: 'Score card', exact: true }).click();
    await page.getByRole('cell', { name: 'config-error' }).waitFor();
    await page.getByRole('cell', { name: '1 of 1', exact: true }).waitFor();
  });

  it('lists versions of models, and shows why a file is refused', async () => {
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
    await button('Upload a model').click();
    await page.getByLabel('ONNX file').setInputFiles({
      name: 'model.onnx',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('this is no model'),
    });
    await field('Name').fill('not-a-model');
    await field('Why').fill('to see');
    await button('Upload').click();
    await page.getByRole('form', { name: 'Upload a model' }).getByRole('alert').waitFor({ timeout: 60_000 });
  });

  it('shows whoever may only look no way to change anything', async () => {
    await database.query(`UPDATE auth_users SET role = 'viewer'`);
    const viewer = await browser.signIn(product);
    await database.query(`UPDATE auth_users SET role = 'admin'`);
    const { items } = await groups();
    for (const [path, waitFor] of [
      [`/anomalies/${items[0]!.peakAnomalyId}`, 'Feedback'],
      ['/settings', 'Versions'],
    ] as const) {
      await viewer.goto(`${product.url}/#/environments/${environment}${path}`);
      await viewer.getByRole('heading', { name: waitFor, exact: true }).waitFor();
      const buttons = await viewer.getByRole('main').getByRole('button').allInnerTexts();
      expect(buttons.filter((text) => text !== 'Copy' && text !== 'What changed')).toEqual([]);
    }
    await viewer.context().close();
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    const { items } = await groups();
    for (const path of [
      '/anomalies',
      `/anomalies/${items[0]!.peakAnomalyId}`,
      '/series',
      '/settings',
      '/score-cards',
    ]) {
      await open(path);
      await page.locator('.card').first().waitFor();
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wider, path).toBeLessThanOrEqual(0);
    }
    expect(browser.complaints).toEqual([]);
  });
});
