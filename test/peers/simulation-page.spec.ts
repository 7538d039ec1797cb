import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL_SCENARIO } from '../integration/simulation/support/scenario.js';
import { type Page, TestBrowser } from '../support/browser.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { describePeer } from '../support/peers.js';
import { Product } from '../support/product.js';

describePeer('chromium', 'the page of simulations in a browser', (binary) => {
  let database: TestDatabase;
  let product: Product;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    database = await createTestDatabase();
    [product, browser] = await Promise.all([
      Product.start({ databaseUrl: database.url, env: { TELEMETRY_HOST_SOURCE_ENABLED: 'false' } }),
      TestBrowser.start(binary('chromium')),
    ]);
    page = await browser.signIn(product);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.dispose();
    await database?.close();
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const choose = (label: string, value: string) =>
    page.getByRole('combobox', { name: label, exact: true }).selectOption(value);
  const card = (title: string) =>
    page.locator('section.card', { has: page.getByRole('heading', { name: title, exact: true }) });
  const row = (first: string) =>
    page.getByRole('row').filter({ has: page.getByRole('cell', { name: first, exact: true }) });
  const state = (text: string) => page.locator('.head .badge', { hasText: text }).waitFor();
  const clock = async () =>
    Date.parse((await page.locator('.sim-clock time').getAttribute('datetime')) ?? 'no clock there');
  const startSmall = async (name: string) => {
    await page.goto(`${product.url}/#/simulations`);
    await button('New simulation').click();
    await choose('Scenario', '');
    await page.getByLabel('Scenario as YAML').fill(SMALL_SCENARIO.trimStart());
    await page.getByLabel('Name').fill(name);
  };

  it('says where the mistakes of a scenario are, and starts what has none', async () => {
    const text = SMALL_SCENARIO.trimStart();
    const broken = text.replace('rate: 20/s', 'rate: quick');
    const line = broken.slice(0, broken.indexOf('rate: quick')).split('\n').length;
    await startSmall('by hand');
    await page.getByLabel('Scenario as YAML').fill(broken);
    const place = page.getByRole('button', { name: `line ${line}, column` });
    await place.click();
    const before = await page.evaluate<string>(
      'document.activeElement.value.slice(0, document.activeElement.selectionStart)',
    );
    expect(before.split('\n')).toHaveLength(line);

    await page.getByLabel('Scenario as YAML').fill(text);
    await place.waitFor({ state: 'detached' });
    await page.getByText('2 services, 0 stores, 4 pods in 1 cluster').waitFor();
    await choose('Speed', '30');
    await button('Start').click();
    await page.getByRole('heading', { name: 'by hand', level: 1 }).waitFor();
    await state('running');
  });

  it('shows the fleet as it lives, without a reload', async () => {
    await eventually('the service web answers', async () => {
      const cells = await row('web').getByRole('cell').allInnerTexts();
      return cells[2] === '2/2' && Number(cells[4]) > 10;
    });
    const before = await clock();
    await eventually('its clock goes on', async () => (await clock()) > before + 60_000);
    await eventually('the charts of what users see', async () => {
      const charts = await page.locator('.chart-card').allInnerTexts();
      return charts.length === 4 && /Requests per second\s+(1\d|2\d)/.test(charts[0]!);
    });
  });

  it('stays live where every answer takes longer than the time between two questions', async () => {
    const slow = '**/api/v1/simulations/*';
    await page.route(slow, async (route) => {
      await sleep(1_300);
      await route.continue();
    });
    const before = await clock();
    await eventually('its clock goes on', async () => (await clock()) > before + 30_000);
    await page.unroute(slow);
  });

  it('pauses, steps and goes on', async () => {
    await button('Pause').click();
    await state('paused');
    const settled = await eventually('the clock stands', async () => {
      const first = await clock();
      await page.waitForTimeout(1_500);
      return (await clock()) === first ? first : undefined;
    });
    await button('+5 min').click();
    await eventually('it is five minutes later', async () => (await clock()) === settled + 300_000);
    await button('Resume').click();
    await state('running');
    await choose('Speed', '60');
    await eventually('the choice is kept', async () => {
      const { items } = await simulations(product);
      return items[0]?.speed === 60;
    });
  });

  it('injects a fault that users feel, and clears it', async () => {
    await choose('Fault', 'config-error');
    await choose('On', 'service=api');
    // From the field to the button as the keyboard goes.
    await page.getByRole('spinbutton', { name: 'Ratio, share' }).fill('0.5');
    await page.keyboard.press('Enter');
    const faults = card('Faults');
    await faults.getByText('config-error').waitFor();
    await eventually('users see errors', async () =>
      /[1-9]\d(\.\d+)? %/.test((await row('users').allInnerTexts()).join()),
    );
    await card('Services').locator('.bad-number').first().waitFor();
    await page.getByText('harmed', { exact: true }).waitFor();
    await card('What people did').getByText('config-error').waitFor();

    await card('Ground truth').getByRole('button', { name: 'Reveal' }).click();
    await card('Ground truth').getByText('config-error on service api').waitFor();
    await faults.getByRole('button', { name: 'Clear' }).click();
    await faults.getByText('No fault is in force.').waitFor();
    await page.getByText('kept', { exact: true }).waitFor();
  });

  it('changes the fleet', async () => {
    await button('Change the fleet').click();
    await choose('What', 'scale');
    await choose('Service', 'api');
    await page.getByLabel('Replicas').fill('4');
    await button('Do it').click();
    await eventually('four pods are ready', async () => (await row('api').innerText()).includes('4/4'));
    await choose('What', 'load');
    await page.getByLabel('Of the plan, ×').fill('3');
    await button('Do it').click();
    await eventually('three times the requests', async () => {
      const cells = await row('users').getByRole('cell').allInnerTexts();
      return Number(cells[1]) > 50;
    });
  });

  it('tells how a Prometheus gets the fleet', async () => {
    const config = await page.getByLabel('scrape_config').innerText();
    expect(config).toContain(`targets: ['127.0.0.1:${product.port}']`);
    const path = /metrics_path: (\S+)/.exec(config)![1]!;
    const scraped = await page.evaluate(async (address) => {
      const answer = await fetch(address);
      return { status: answer.status, text: await answer.text() };
    }, path);
    expect(scraped.status).toBe(200);
    expect(scraped.text).toContain('http_requests_total{');
  });

  it('runs a scenario from start to end and shows the report', async () => {
    await page.getByRole('link', { name: 'Simulations' }).click();
    await page.getByRole('link', { name: 'Batch runs' }).click();
    await page.getByText('Nothing was run yet').waitFor();
    await button('New run').click();
    await choose('Scenario', '');
    await page
      .getByLabel('Scenario as YAML')
      .fill(`${SMALL_SCENARIO.trimStart()}expect:\n  - { entry: users, errorRatio: at most 1% }\n`);
    await page.getByText('2 services, 0 stores, 4 pods in 1 cluster').waitFor();
    await button('Run').click();
    await page.getByRole('cell', { name: 'passed' }).waitFor();
    await page.getByRole('link', { name: 'Small' }).click();
    await card('What was expected').getByText('errors of users: at most 1 %').waitFor();
    expect(await row('web').getByRole('cell').allInnerTexts()).toEqual(['web', '2–2', '2', '0×', '0']);
    expect(await page.getByRole('img', { name: /over the run$/ }).count()).toBe(6);
  });

  it('shows whoever may only look no way to change anything', async () => {
    await database.query(`UPDATE auth_users SET role = 'viewer'`);
    const viewer = await browser.signIn(product);
    await database.query(`UPDATE auth_users SET role = 'admin'`);
    await viewer.goto(`${product.url}/#/simulations`);
    await viewer.getByRole('link', { name: /by hand/ }).click();
    await viewer.getByRole('heading', { name: 'Ground truth' }).waitFor();
    const buttons = await viewer.getByRole('main').getByRole('button').allInnerTexts();
    expect(buttons.filter((text) => !HARMLESS.has(text))).toEqual([]);
    expect(await viewer.getByRole('main').getByRole('combobox').count()).toBe(1); // the entry point of the charts
    for (const [section, link] of [
      ['Simulations', /by hand/],
      ['Batch runs', 'Small'],
    ] as const) {
      await viewer.getByRole('link', { name: section, exact: true }).click();
      await viewer.getByRole('link', { name: link }).waitFor();
      expect(await viewer.getByRole('main').getByRole('button').count(), section).toBe(0);
    }
    await viewer.context().close();
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    for (const path of ['simulations', 'runs', `simulations/${(await simulations(product)).items[0]!.environmentId}`]) {
      await page.goto(`${product.url}/#/${path}`);
      await page.locator('.card').first().waitFor();
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wider, path).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1_400, height: 900 });
  });

  it('deletes it once that is confirmed', async () => {
    await page.goto(`${product.url}/#/simulations`);
    await page.getByRole('link', { name: /by hand/ }).click();
    page.once('dialog', (dialog) => void dialog.dismiss());
    await button('Delete this simulation').click();
    expect((await simulations(product)).items).toHaveLength(1);
    page.once('dialog', (dialog) => void dialog.accept());
    await button('Delete this simulation').click();
    await page.getByText('Nothing is being simulated').waitFor();
    expect((await simulations(product)).items).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });
});

/** What changes only what is seen. */
const HARMLESS: ReadonlySet<string> = new Set(['15 min', '1 h', '6 h', '24 h', '2 d', 'Reveal', 'Copy']);

interface Listed {
  readonly items: readonly { readonly environmentId: string; readonly speed: number }[];
}

async function simulations(product: Product): Promise<Listed> {
  if (!product.authorization) await product.login();
  return product.ok<Listed>('GET', 'simulations');
}
