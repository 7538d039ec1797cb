import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from '../support/browser.js';
import { describePeer } from '../support/peers.js';
import { WatchedFleet } from '../support/watched-fleet.js';

describePeer('chromium', 'the pages of anomalies in a browser', (binary) => {
  let fleet: WatchedFleet;
  let page: Page;

  beforeAll(async () => {
    fleet = await WatchedFleet.start(binary('chromium'), 6);
    ({ page } = fleet);
  }, 240_000);
  afterAll(() => fleet?.close());

  const open = (path: string) => fleet.open(path);
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
    const [group] = await fleet.groups();
    await open(`/anomalies/${group!.peakAnomalyId}`);
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
    await fleet.database.query(`UPDATE auth_users SET role = 'viewer'`);
    const viewer = await fleet.browser.signIn(fleet.product);
    await fleet.database.query(`UPDATE auth_users SET role = 'admin'`);
    const [group] = await fleet.groups();
    for (const [path, waitFor] of [
      [`/anomalies/${group!.peakAnomalyId}`, 'Feedback'],
      ['/settings', 'Versions'],
    ] as const) {
      await viewer.goto(`${fleet.product.url}/#/environments/${fleet.environment}${path}`);
      await viewer.getByRole('heading', { name: waitFor, exact: true }).waitFor();
      const buttons = await viewer.getByRole('main').getByRole('button').allInnerTexts();
      expect(buttons.filter((text) => text !== 'Copy' && text !== 'What changed')).toEqual([]);
    }
    await viewer.context().close();
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    const [group] = await fleet.groups();
    for (const path of ['/anomalies', `/anomalies/${group!.peakAnomalyId}`, '/series', '/settings', '/score-cards']) {
      await open(path);
      await page.locator('.card').first().waitFor();
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wider, path).toBeLessThanOrEqual(0);
    }
    expect(fleet.browser.complaints).toEqual([]);
  });
});
