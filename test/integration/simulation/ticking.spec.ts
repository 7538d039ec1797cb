import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EventTime } from '../../../src/modules/environments/index.js';
import { SimulationBatches } from '../../../src/modules/simulation/live/simulation-batches.js';
import { SimulationTicker } from '../../../src/modules/simulation/live/simulation-ticker.js';
import { TelemetryReader, TelemetryWriter } from '../../../src/modules/telemetry/index.js';
import { parseSelector } from '../../../src/kernel/series-selector-parser.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { SettableClock, SimulationProcess } from './support/application.js';
import { SMALL_SCENARIO } from './support/scenario.js';

const NOON = Date.UTC(2026, 10, 21, 12, 0, 0);

describe('simulated environments', () => {
  let database: TestDatabase;
  const clock = new SettableClock(NOON);
  const processes: SimulationProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const process of processes.splice(0)) await process.close();
    await database.query('DELETE FROM environments_environments');
    clock.time = NOON;
  });
  afterAll(() => database?.close());

  async function start(batchMs?: number): Promise<SimulationProcess> {
    const process = await SimulationProcess.start(database.url, clock, batchMs);
    processes.push(process);
    return process;
  }

  async function create(process: SimulationProcess, more: object = {}): Promise<string> {
    const answer = await process.call('POST', 'simulations', { body: { text: SMALL_SCENARIO, ...more } });
    expect(answer.status, answer.text).toBe(201);
    return answer.body.environmentId as string;
  }

  /** Lets wall time pass in pieces, with a turn of the worker after each. */
  async function pass(process: SimulationProcess, seconds: number, piece = 20): Promise<void> {
    for (let passed = 0; passed < seconds; passed += piece) {
      clock.time += Math.min(piece, seconds - passed) * 1_000;
      await process.turn();
    }
  }

  it('follow the clock at speed 1 and write telemetry as other sources do', async () => {
    const process = await start();
    const id = await create(process);
    await pass(process, 60);

    const { body } = await process.call('GET', `simulations/${id}`);
    expect(body).toMatchObject({ state: 'running', simulatedSeconds: 60, behindSeconds: 0, slug: 'small' });
    expect(body.eventTime).toBe(new Date(NOON + 60_000).toISOString());
    expect(body.status.services.map((service: { name: string }) => service.name)).toEqual(['web', 'api']);
    expect(body.status.services[0]).toMatchObject({ ready: 2, desired: 2 });
    expect(body.status.entryPoints[0].requestRate).toBeGreaterThan(10);

    const samples = await process.samples(id);
    const up = [...samples].filter(([labels]) => labels.includes('["__name__","up"]'));
    expect(up.length).toBeGreaterThan(0);
    // A scrape every 15 seconds, the first one before anything moves.
    expect(up[0]![1].times).toEqual([0, 15, 30, 45, 60].map((second) => NOON + second * 1_000));
    expect(await process.app.get(EventTime, { strict: false }).now(id)).toBe(NOON + 60_000);
  });

  it('go faster, pause, step and go on', async () => {
    const process = await start();
    const id = await create(process, { speed: 30 });
    await pass(process, 8, 1);
    const get = async () => (await process.call('GET', `simulations/${id}`)).body;
    expect(await get()).toMatchObject({ simulatedSeconds: 240 });

    expect((await process.call('POST', `simulations/${id}/step`, { body: { seconds: 5 } })).body.code).toBe(
      'simulation.not_paused',
    );
    const paused = await process.call('PATCH', `simulations/${id}`, { body: { paused: true } });
    expect(paused).toMatchObject({ status: 200, body: { state: 'paused' } });
    await pass(process, 30, 10);
    expect(await get()).toMatchObject({ simulatedSeconds: 240, state: 'paused' });

    await process.call('POST', `simulations/${id}/step`, { body: { seconds: 45 } });
    await process.turn();
    expect(await get()).toMatchObject({ simulatedSeconds: 285, state: 'paused' });

    await process.call('PATCH', `simulations/${id}`, { body: { paused: false, speed: 600 } });
    await pass(process, 1, 1);
    expect(await get()).toMatchObject({ simulatedSeconds: 885, state: 'running', speed: 600 });

    // Far ahead of the clock, it does not wait for it.
    await process.call('PATCH', `simulations/${id}`, { body: { speed: 1 } });
    await pass(process, 40);
    expect(await get()).toMatchObject({ simulatedSeconds: 925, speed: 1, behindSeconds: 0 });
  });

  it('do not make up for time that was missed at another speed, and do at speed 1', async () => {
    const first = await start();
    const fast = await create(first, { speed: 10, slug: 'fast' });
    const live = await create(first, { slug: 'live' });
    await pass(first, 4, 2);
    clock.time += 3_600_000;
    await first.turn();
    await pass(first, 4, 2);

    expect((await first.call('GET', `simulations/${fast}`)).body).toMatchObject({ simulatedSeconds: 80 });
    expect((await first.call('GET', `simulations/${live}`)).body).toMatchObject({ simulatedSeconds: 3_608 });
  });

  it('begin with history, which nobody judges before it is complete', async () => {
    const process = await start();
    const id = await create(process, { historyHours: 1, series: ['up', '{__name__=~"http_requests_total"}'] });
    const eventTime = process.app.get(EventTime, { strict: false });
    expect(await eventTime.now(id)).toBeNull();
    await process.turn();

    expect((await process.call('GET', `simulations/${id}`)).body).toMatchObject({
      simulatedSeconds: 3_600,
      historySeconds: 3_600,
      historyDone: 1,
      startedAt: new Date(NOON - 3_600_000).toISOString(),
    });
    expect(await eventTime.now(id)).toBe(NOON);
    const names = new Set(
      [...(await process.samples(id)).keys()].map((labels) => /"__name__","(\w+)"/.exec(labels)![1]),
    );
    expect([...names].toSorted()).toEqual([
      'dsim_simulation_user_error_ratio',
      'dsim_simulation_user_latency_seconds',
      'dsim_simulation_user_requests_per_second',
      'http_requests_total',
      'up',
    ]);
  });

  it('go on after a restart with the same bytes as a run that was never interrupted', async () => {
    const first = await start();
    const whole = await create(first, { slug: 'whole', speed: 10 });
    const cut = await create(first, { slug: 'cut', speed: 10 });
    const fault = { kind: 'dependency-slow', target: { service: 'api' }, settings: { factor: 8 } };

    await pass(first, 10, 5);
    for (const id of [whole, cut]) {
      expect((await first.call('POST', `simulations/${id}/faults`, { body: fault })).status).toBe(202);
    }
    await pass(first, 10, 5);
    // What this process has in memory of one of them is lost, with what came after its snapshot.
    await first.close();
    processes.length = 0;
    await database.query('UPDATE simulation_simulations SET owner = NULL, owned_until = NULL');
    await database.query(`DELETE FROM simulation_snapshots WHERE environment_id = $1`, [cut]);
    const second = await start();
    await pass(second, 10, 5);

    const left = await second.samples(whole);
    const right = await second.samples(cut);
    expect(left.size).toBeGreaterThan(100);
    expect([...right]).toEqual([...left]);
    const [row] = await database.query<{ step: number }>(
      'SELECT step FROM simulation_simulations WHERE environment_id = $1',
      [cut],
    );
    expect(row!.step).toBe(300);
  });

  it('lose and double nothing when a worker dies between telemetry and position', async () => {
    const first = await start();
    const whole = await create(first, { slug: 'whole', paused: true });
    const cut = await create(first, { slug: 'cut', paused: true });
    const step = async (process: SimulationProcess, id: string, seconds: number) =>
      process.call('POST', `simulations/${id}/step`, { body: { seconds } });
    const never = new AbortController().signal;

    for (const id of [whole, cut]) await step(first, id, 60);
    await first.turn();
    for (const id of [whole, cut]) await step(first, id, 60);
    await first.app.get(SimulationBatches, { strict: false }).advance(whole, never);

    // The transaction that says that the batch is done fails at its end, after the telemetry was written.
    const eventTime = first.app.get(EventTime, { strict: false });
    const writer = first.app.get(TelemetryWriter, { strict: false });
    const append = writer.append.bind(writer);
    let written = 0;
    Object.assign(eventTime, { advance: () => Promise.reject(new Error('killed here')) });
    Object.assign(writer, {
      append: (...batch: Parameters<TelemetryWriter['append']>) => {
        written += batch[1].times.length;
        return append(...batch);
      },
    });
    await expect(first.app.get(SimulationBatches, { strict: false }).advance(cut, never)).rejects.toThrow(
      'killed here',
    );
    expect(written).toBeGreaterThan(100);
    // Asked for after the batch was decided on: it must not act within it when it is made again.
    for (const id of [whole, cut]) {
      await first.call('POST', `simulations/${id}/changes`, { body: { kind: 'scale', service: 'web', replicas: 3 } });
    }
    await database.query('UPDATE simulation_simulations SET owner = NULL, owned_until = NULL');
    const second = await start();
    await second.turn();
    for (const id of [whole, cut]) await step(second, id, 60);
    await second.turn();

    const steps = await database.query<{ step: number }>('SELECT step FROM simulation_interventions ORDER BY id');
    expect(steps.map((row) => row.step)).toEqual([120, 120]);
    expect([...(await second.samples(cut))]).toEqual([...(await second.samples(whole))]);
  });

  it('show an injected fault in their telemetry, and its end', async () => {
    const process = await start();
    const id = await create(process, { paused: true });
    const step = async (seconds: number) => {
      await process.call('POST', `simulations/${id}/step`, { body: { seconds } });
      await process.turn();
    };
    const errors = async () => {
      const reader = process.app.get(TelemetryReader, { strict: false });
      const { items } = await reader.latest(
        id,
        { selectors: [parseSelector('http_requests_total{code=~"5.."}')], limit: 500 },
        1e12,
      );
      return items.reduce((sum, { value }) => sum + (value ?? 0), 0);
    };
    await step(120);
    expect(await errors()).toBe(0);

    const injected = await process.call('POST', `simulations/${id}/faults`, {
      body: { name: 'api-broken', kind: 'dependency-down', target: { service: 'api' } },
    });
    expect(injected).toMatchObject({ status: 202, body: { fault: 'api-broken' } });
    expect((await process.call('GET', `simulations/${id}`)).body.interventions[0]).toMatchObject({ eventTime: null });
    await step(120);
    const broken = await errors();
    expect(broken).toBeGreaterThan(100);
    const during = (await process.call('GET', `simulations/${id}`)).body;
    expect(during.status.faults).toMatchObject([{ name: 'api-broken', where: 'service api', until: null }]);
    expect(during.errorRatio).toBeGreaterThan(0.5);
    expect(during.interventions[0]).toMatchObject({ kind: 'inject-fault', actor: 'admin', refusal: null });

    expect((await process.call('DELETE', `simulations/${id}/faults/api-broken`)).status).toBe(202);
    await step(300);
    const truth = (await process.call('GET', `simulations/${id}/ground-truth`)).body;
    expect(truth.faults).toMatchObject([{ name: 'api-broken', kind: 'dependency-down', where: 'service api' }]);
    expect(truth.faults[0].to).not.toBeNull();
    expect(truth.faults[0].harmedAt).not.toBeNull();
    expect(truth.harms.length).toBeGreaterThan(0);
    expect((await process.call('GET', `simulations/${id}`)).body.status.faults).toEqual([]);
  });

  it('are scraped as one scrapes an exporter', async () => {
    const process = await start();
    const id = await create(process);
    const scrape = (query = '', accept = '') =>
      process.call('GET', `environments/${id}/metrics${query}`, { headers: { accept } });
    expect((await scrape()).body.code).toBe('simulation.no_scrape_yet');
    await pass(process, 30);

    const text = await scrape();
    expect(text.status).toBe(200);
    expect(text.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.text).toMatch(/^# TYPE http_requests_total counter$/m);
    // It runs at speed 1: the scraper stamps what it gets.
    expect(text.text).toMatch(/^up\{.*\} 1$/m);
    const open = await scrape('?timestamps=on', 'application/openmetrics-text;version=1.0.0');
    expect(open.headers['content-type']).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(open.text).toMatch(new RegExp(`^up\\{.*\\} 1 ${(NOON + 30_000) / 1_000}(\\.0+)?$`, 'm'));
    expect(open.text.endsWith('# EOF\n')).toBe(true);

    await process.call('PATCH', `simulations/${id}`, { body: { paused: true } });
    expect((await scrape()).text).toMatch(new RegExp(`^up\\{.*\\} 1 ${NOON + 30_000}$`, 'm'));
    expect((await scrape('?timestamps=off')).text).toMatch(/^up\{.*\} 1$/m);
  });

  it('share a worker fairly: one that is far behind does not stop another', async () => {
    const process = await start(50);
    const behind = await create(process, { slug: 'behind', historyHours: 200 });
    const live = await create(process, { slug: 'live' });
    clock.time += 30_000;
    const ticker = process.app.get(SimulationTicker, { strict: false });
    // Each turn takes over at most one more.
    for (let turn = 0; turn < 3; turn += 1) await ticker.turn();

    expect((await process.call('GET', `simulations/${live}`)).body).toMatchObject({ behindSeconds: 0 });
    expect((await process.call('GET', `simulations/${behind}`)).body.historyDone).toBeLessThan(1);
  });
});
