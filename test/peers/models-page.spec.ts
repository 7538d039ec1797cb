import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { describePeer } from '../support/peers.js';
import { WatchedFleet } from '../support/watched-fleet.js';

describePeer('chromium', 'models, and an anomaly that is open, in a browser', (binary) => {
  let fleet: WatchedFleet;
  let page: Page;

  beforeAll(async () => {
    fleet = await WatchedFleet.start(binary('chromium'), 3);
    ({ page } = fleet);
  }, 240_000);
  afterAll(() => fleet?.close());

  const card = (name: RegExp) => page.getByRole('region', { name });
  const buttons = (name: RegExp) => card(name).getByRole('button').allInnerTexts();

  it('offers for each version what the API accepts', async () => {
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await card(/^patch-memory/).waitFor();
    // Never used anywhere, in shadow since it came, and the graph of a detector.
    await eventually('environments are known', async () => (await buttons(/^patch-memory/)).includes('Promote'));
    expect(await buttons(/^patch-memory/)).toEqual(['Promote', 'Changes and figures']);
    expect(await buttons(/^window-classifier/)).toEqual(['Promote', 'Roll back', 'Retire', 'Changes and figures']);
    expect(await buttons(/^robust-window/)).toEqual(['Changes and figures']);
    await page
      .getByRole('region', { name: 'Score card of window-classifier in shadow' })
      .getByRole('cell', { name: 'what scores now' })
      .waitFor();
  });

  it('moves a version into shadow in one place and back, by keyboard alone', async () => {
    const memory = card(/^patch-memory/);
    await memory.getByRole('button', { name: 'Promote', exact: true }).focus();
    await page.keyboard.press('Enter');
    await memory.getByLabel('Where').selectOption({ label: 'watched' });
    await memory.getByLabel('Why').focus();
    await page.keyboard.type('to see what it would find');
    await page.keyboard.press('Enter');
    await memory.getByText('shadow watched').waitFor();
    expect(await buttons(/^patch-memory/)).toEqual(['Promote', 'Roll back', 'Retire', 'Changes and figures']);
    await memory.getByRole('button', { name: 'Roll back', exact: true }).focus();
    await page.keyboard.press('Enter');
    await memory.getByRole('button', { name: 'Back from shadow to candidate' }).waitFor();
    await memory.getByLabel('Why').fill('seen enough');
    await page.keyboard.press('Enter');
    await memory.getByText('candidate watched').waitFor();
    expect(await buttons(/^patch-memory/)).toEqual(['Promote', 'Changes and figures']);
  });

  it('says what the first refit of an environment waits for', async () => {
    await card(/^Calibration of watched/)
      .getByText(/hours of history are missing|too few for a calibration/)
      .waitFor();
  });

  it('shows an open anomaly up to now and no further, in one time zone, with UTC where the pointer rests', async () => {
    const [group] = await fleet.groups();
    await fleet.open('/anomalies');
    const sentence = page.locator('p.teaches', { has: page.locator('time') }).first();
    await sentence.waitFor();
    const instant = sentence.locator('time').first();
    const [title, text] = [await instant.getAttribute('title'), await instant.innerText()];
    expect(title).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await sentence.innerText()).not.toContain('UTC');
    // The page is in Tokyo, nine hours ahead.
    const tokyo = new Date(Date.parse(title!) + 9 * 3_600_000).toISOString().slice(11, 19);
    expect(text).toBe(tokyo);
    await fleet.open(`/anomalies/${group!.peakAnomalyId}`);
    await page.getByRole('img', { name: /over time, with its expected band/ }).waitFor();
    const status = await fleet.product.ok<{ lastSampleAt: string }>('GET', `environments/${fleet.environment}/status`);
    const now = Date.parse(status.lastSampleAt);
    const asked: string[] = [];
    page.on('request', (request) => {
      const to = new URL(request.url()).searchParams.get('to');
      if (request.url().includes('/scores?') && to !== null) asked.push(to);
    });
    await page.reload();
    await page.getByRole('img', { name: /^Score over the same time; highest/ }).waitFor();
    await eventually('the chart ends where the data do', () =>
      Promise.resolve(asked.length > 0 && Date.parse(asked.at(-1)!) <= now),
    );
    expect(fleet.browser.complaints).toEqual([]);
  });
});
