import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SimulationBatches } from '../../../src/modules/simulation/live/simulation-batches.js';
import { SimulationTicker } from '../../../src/modules/simulation/live/simulation-ticker.js';
import { TelemetryWriter } from '../../../src/modules/telemetry/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { SettableClock, SimulationProcess } from './support/application.js';
import { SMALL_SCENARIO } from './support/scenario.js';

const NOON = Date.UTC(2026, 10, 21, 12, 0, 0);

describe('several workers', () => {
  let database: TestDatabase;
  let one: SimulationProcess;
  let other: SimulationProcess;
  const clock = new SettableClock(NOON);

  beforeAll(async () => {
    database = await createTestDatabase();
    one = await SimulationProcess.start(database.url, clock);
    other = await SimulationProcess.start(database.url, clock);
  });
  afterEach(async () => {
    await database.query('DELETE FROM environments_environments');
    clock.time = NOON;
  });
  afterAll(async () => {
    await one?.close();
    await other?.close();
    await database?.close();
  });

  async function create(slug: string, more: object = {}): Promise<string> {
    const answer = await one.call('POST', 'simulations', { body: { text: SMALL_SCENARIO, slug, ...more } });
    expect(answer.status, answer.text).toBe(201);
    return answer.body.environmentId as string;
  }

  async function stored(): Promise<{ slug: string; owner: string | null; step: number }[]> {
    return database.query(
      `SELECT slug, owner::text AS owner, step
       FROM simulation_simulations JOIN environments_environments ON id = environment_id ORDER BY slug`,
    );
  }

  const ticker = (process: SimulationProcess) => process.app.get(SimulationTicker, { strict: false });

  /** As after ten seconds in which its owner was not heard of. */
  const leaseRunsOut = () =>
    database.query(`UPDATE simulation_simulations SET owned_until = now() - interval '1 second'`);

  it('leave a simulation to the one that has it, until that is not heard of any more', async () => {
    const id = await create('moved');
    const untouched = await create('untouched', { paused: true });
    clock.time += 30_000;
    await one.turn();
    const [first] = await stored();
    expect(first).toMatchObject({ step: 30, owner: expect.any(String) });

    clock.time += 30_000;
    await other.turn();
    expect((await stored())[0]).toEqual(first);
    await one.turn();
    expect((await stored())[0]).toEqual({ ...first, step: 60 });

    await leaseRunsOut();
    clock.time += 30_000;
    await other.turn();
    const [taken] = await stored();
    expect(taken!.step).toBe(90);
    expect(taken!.owner).not.toBe(first!.owner);
    // It was only slow, and comes back.
    clock.time += 30_000;
    await one.turn();
    expect((await stored())[0]).toEqual(taken);
    await other.turn();
    expect((await stored())[0]).toEqual({ ...taken, step: 120 });

    // What two workers made in turn is what one makes alone.
    await one.call('POST', `simulations/${untouched}/step`, { body: { seconds: 120 } });
    await one.turn();
    expect([...(await one.samples(id))]).toEqual([...(await one.samples(untouched))]);
  });

  it('store a batch once, though one was taken for dead in the middle of it', async () => {
    const id = await create('contended');
    const untouched = await create('untouched', { paused: true });
    clock.time += 60_000;
    const writer = one.app.get(TelemetryWriter, { strict: false });
    const append = writer.append.bind(writer);
    let goOn = (): void => undefined;
    const paused = new Promise<void>((resolve) => (goOn = resolve));
    let reached = (): void => undefined;
    const inTheMiddle = new Promise<void>((resolve) => (reached = resolve));
    Object.assign(writer, {
      append: async (...batch: Parameters<TelemetryWriter['append']>) => {
        reached();
        await paused;
        return append(...batch);
      },
    });
    const slow = ticker(one).turn();
    await inTheMiddle;
    await leaseRunsOut();
    await other.turn();
    expect((await stored())[0]).toMatchObject({ step: 60 });
    clock.time += 60_000;
    await other.turn();
    const after = await stored();
    expect(after[0]).toMatchObject({ step: 120 });
    goOn();
    await slow;
    Object.assign(writer, { append });
    expect(await stored()).toEqual(after);

    await one.call('POST', `simulations/${untouched}/step`, { body: { seconds: 120 } });
    await leaseRunsOut();
    await one.app.get(SimulationBatches, { strict: false }).advance(untouched, new AbortController().signal);
    const samples = await one.samples(id);
    expect(samples.size).toBeGreaterThan(100);
    expect([...samples]).toEqual([...(await one.samples(untouched))]);
  });

  it('come to share what there is', async () => {
    for (const slug of ['a', 'b', 'c', 'd']) await create(slug);
    clock.time += 1_000;
    for (let turn = 0; turn < 2; turn += 1) {
      await ticker(one).turn();
      await ticker(other).turn();
    }

    const owners = (await stored()).map(({ owner }) => owner);
    const counts = [...new Set(owners)].map((owner) => owners.filter((each) => each === owner).length);
    expect(owners).not.toContain(null);
    expect(counts).toEqual([2, 2]);
  });
});
