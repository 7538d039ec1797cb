import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/modules/environments/index.js';
import { TelemetryWriter } from '../../../src/modules/telemetry/index.js';
import { cpuCounter, DetectionWorld, timeOf, wobble, type TestSeries } from './support/world.js';

/** A counter that burns from 100 to 120, and a gauge that stays calm. */
const HEALTHY: readonly TestSeries[] = [
  { labels: { __name__: 'node_cpu_seconds_total', mode: 'user' }, type: 'counter', at: cpuCounter(100, 120) },
  { labels: { __name__: 'node_memory_MemAvailable_bytes' }, at: (i) => 8e9 + 1e7 * wobble(i) },
];

describe('bad input', () => {
  let world: DetectionWorld;
  let worker: TestingModule;
  let expected: Record<string, unknown>[];
  beforeAll(async () => {
    world = await DetectionWorld.create();
    worker = await world.worker();
    const clean = await world.environment();
    await live(clean, HEALTHY);
    expected = await found(clean);
    expect(expected).toHaveLength(1);
  });
  afterAll(() => world.close());

  async function live(environment: Environment, series: readonly TestSeries[]): Promise<Int32Array> {
    const ids = await world.send(worker, environment, series, 0, 60);
    // The database's clock made them; how long one has been waited for counts by ours.
    await world.database.query(`UPDATE telemetry_series SET created_at = $2 WHERE environment_id = $1`, [
      environment.id,
      new Date(timeOf(0)),
    ]);
    await step(environment, series, 60, 135);
    return ids;
  }

  async function step(environment: Environment, series: readonly TestSeries[], from: number, to: number) {
    for (let i = from; i <= to; i += 1) {
      await world.send(worker, environment, series, i - 1, i);
      await world.score(worker, environment, i);
    }
  }

  /** Anomalies of the healthy series. */
  async function found(environment: Environment): Promise<Record<string, unknown>[]> {
    return (await world.anomalies(environment)).filter(({ metric }) => !String(metric).startsWith('bad_'));
  }

  async function append(environment: Environment, samples: readonly (readonly [number, number, number])[]) {
    await worker.get(TelemetryWriter).append(environment.id, {
      seriesIds: Int32Array.from(samples, ([id]) => id),
      times: Float64Array.from(samples, ([, time]) => time),
      values: Float64Array.from(samples, ([, , value]) => value),
    });
  }

  it.each<[string, TestSeries['at'], string]>([
    ['only NaN', () => NaN, 'stale'],
    ['infinities', (i) => (i % 2 === 0 ? Infinity : -Infinity), 'stale'],
    ['NaN now and then', (i) => (i % 3 === 0 ? NaN : 5 + wobble(i)), 'ok'],
    ['numbers near the largest', (i) => (i % 2 === 0 ? 1.7e308 : -1.7e308), 'stale'],
    ['a constant', () => 42, 'ok'],
    ['zero', () => 0, 'ok'],
    ['nothing at all', () => undefined, 'stale'],
    ['one sample', (i) => (i === 3 ? 1 : undefined), 'stale'],
    ['numbers too small to square', (i) => 1e-200 * (1 + wobble(i)), 'ok'],
  ])('%s: a clear state, no anomaly, and no effect on others', async (_, at, state) => {
    const environment = await world.environment();
    const ids = await live(environment, [{ labels: { __name__: 'bad_gauge' }, at }, ...HEALTHY]);
    expect((await world.states(environment))[ids[0]!]).toMatchObject({ state });
    expect((await world.anomalies(environment)).filter(({ metric }) => metric === 'bad_gauge')).toEqual([]);
    expect(await found(environment)).toEqual(expected);
  });

  it('takes samples that come again, late, or out of order for what they are', async () => {
    const environment = await world.environment();
    const ids = await world.send(worker, environment, HEALTHY, 0, 60);
    for (let i = 60; i <= 135; i += 1) {
      await world.send(worker, environment, HEALTHY, i - 1, i);
      // The same again, in the other order, and what was long scored with other values.
      await world.send(worker, environment, [...HEALTHY].reverse(), i - 1, i);
      await append(environment, [
        [ids[1]!, timeOf(i - 5) + 7_000, 1],
        [ids[1]!, timeOf(i - 9) + 3_000, 9e15],
      ]);
      await world.score(worker, environment, i);
    }
    expect(await found(environment)).toEqual(expected);
  });

  it('does not let samples from the future move what counts as scored, nor lose them', async () => {
    const environment = await world.environment();
    const ids = await world.send(worker, environment, HEALTHY, 0, 60);
    await append(environment, [
      [ids[1]!, timeOf(60) + 30 * 86_400_000, 1],
      [ids[1]!, timeOf(100) + 1_000, 8e9],
    ]);
    await step(environment, HEALTHY, 60, 90);
    const [row] = await world.database.query<{ until: Date }>(
      `SELECT scored_until AS until FROM anomaly_detection_environments WHERE environment_id = $1`,
      [environment.id],
    );
    expect(row!.until.getTime()).toBe(timeOf(90));
    await step(environment, HEALTHY, 91, 135);
    expect(await found(environment)).toEqual(expected);
  });

  it('ends what was open when its source says that the series is over', async () => {
    const environment = await world.environment();
    const burning = (i: number) => (i > 110 ? undefined : i > 100 ? 500 : 20 + wobble(i));
    const series: TestSeries[] = [{ labels: { __name__: 'queue_depth' }, at: burning }];
    const [id] = await world.send(worker, environment, series, 0, 60);
    await step(environment, series, 60, 111);
    expect(await world.anomalies(environment)).toEqual([expect.objectContaining({ state: 'open' })]);
    await worker.get(TelemetryWriter).endSeries(environment.id, Int32Array.of(id!), Float64Array.of(timeOf(111) + 500));
    await step(environment, series, 112, 116);
    expect(await world.anomalies(environment)).toEqual([
      expect.objectContaining({ state: 'ended', reason: 'series-ended' }),
    ]);
    expect((await world.states(environment))[id!]).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('its source ended it'),
    });
  });

  it('bounds an explosion of labels, and goes on scoring what it knew', async () => {
    const environment = await world.environment({ maxSeries: 40 });
    await world.send(worker, environment, HEALTHY, 0, 60);
    for (let i = 60; i <= 135; i += 1) {
      await world.send(worker, environment, HEALTHY, i - 1, i);
      const flood = Array.from({ length: 20 }, (_, s) => ({
        labels: { __name__: 'bad_requests', request: `${i}-${s}` },
        at: () => 1,
      }));
      await world.send(worker, environment, flood, i - 1, i).catch((error: { code?: string }) => {
        expect(error.code).toBe('telemetry.too_many_series');
      });
      await world.score(worker, environment, i);
    }
    const states = Object.values(await world.states(environment));
    expect(states.length).toBeLessThanOrEqual(40);
    expect(states.length).toBeGreaterThan(2);
    expect(await found(environment)).toEqual(expected);
  });
});
