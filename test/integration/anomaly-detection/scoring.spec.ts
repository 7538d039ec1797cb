import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ShardPlan } from '../../../src/modules/anomaly-detection/scoring/shard-plan.js';
import { ShardScorer } from '../../../src/modules/anomaly-detection/scoring/shard-scorer.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { TelemetryReader } from '../../../src/modules/telemetry/index.js';
import { cpuCounter, DetectionWorld, STEP, timeOf, wobble, type TestSeries } from './support/world.js';

/** Idle, a burn from sample 100 to 120, idle again; beside it a gauge that stays calm. */
const FLEET: readonly TestSeries[] = [
  { labels: { __name__: 'node_cpu_seconds_total', mode: 'user' }, type: 'counter', at: cpuCounter(100, 120) },
  { labels: { __name__: 'node_load1' }, at: (i) => (i > 100 && i <= 121 ? 8 : 0.4 + 0.1 * wobble(i)) },
  { labels: { __name__: 'node_memory_MemAvailable_bytes' }, at: (i) => 8e9 + 1e7 * wobble(i) },
];

describe('scoring shards', () => {
  let world: DetectionWorld;
  let worker: TestingModule;
  beforeAll(async () => {
    world = await DetectionWorld.create();
    worker = await world.worker();
  });
  afterAll(() => world.close());

  /** Sends and scores tick by tick; `workerAt` chooses who scores a tick. */
  async function live(
    series: readonly TestSeries[],
    from: number,
    to: number,
    workerAt: (i: number) => TestingModule = () => worker,
  ) {
    const environment = await world.environment();
    const ids = await world.send(worker, environment, series, 0, from);
    for (let i = from; i <= to; i += 1) {
      await world.send(worker, environment, series, i - 1, i);
      await world.score(workerAt(i), environment, i);
    }
    return { environment, ids };
  }

  it('starts warm, finds a burn within three ticks, and ends it when it is calm', async () => {
    const { environment, ids } = await live(FLEET, 60, 135);
    const anomalies = await world.anomalies(environment);
    expect(anomalies).toEqual([
      expect.objectContaining({
        metric: 'node_cpu_seconds_total',
        state: 'ended',
        reason: 'calm',
        startedAt: timeOf(102),
        endedAt: timeOf(122),
      }),
      expect.objectContaining({
        metric: 'node_load1',
        state: 'ended',
        reason: 'calm',
        startedAt: timeOf(102),
        endedAt: timeOf(123),
      }),
    ]);
    const events = await world.events(environment);
    const ofKind = (type: string) => events.filter((event) => event.type === `anomaly-detection.${type}`);
    expect(
      ofKind('anomaly-detected')
        .map(({ payload }) => payload['seriesId'])
        .sort(),
    ).toEqual([ids[0], ids[1]].sort());
    expect(ofKind('anomaly-detected')[0]!.payload).toMatchObject({
      environmentId: environment.id,
      detector: expect.stringMatching(/^channel-ensemble@/),
      startedAt: new Date(timeOf(102)).toISOString(),
    });
    expect(ofKind('anomaly-ended')).toHaveLength(2);
    expect(ofKind('tick-scored')).toHaveLength(76);
    expect(ofKind('tick-scored').at(-1)!.payload).toEqual({
      environmentId: environment.id,
      scoredUntil: new Date(timeOf(135)).toISOString(),
      series: 3,
    });
    expect(await world.states(environment)).toEqual({
      [ids[0]!]: expect.objectContaining({ state: 'ok', reason: null }),
      [ids[1]!]: expect.objectContaining({ state: 'ok', reason: null }),
      [ids[2]!]: expect.objectContaining({ state: 'ok', reason: null }),
    });
  });

  it('ends what was open when its series is excluded, and keeps what the worker before knew of it', async () => {
    const { environment } = await live(FLEET, 60, 106);
    expect(await world.anomalies(environment)).toMatchObject([{ state: 'open' }, { state: 'open' }]);
    const stored = () =>
      world.database.query<{ contributions: Record<string, number> }>(
        `SELECT contributions FROM anomaly_detection_anomalies WHERE environment_id = $1 ORDER BY labels ->> '__name__'`,
        [environment.id],
      );
    const before = await stored();
    expect(before[1]!.contributions).not.toEqual({});
    const other = await world.worker({ exclude: [{ metric: 'node_load1', reason: 'nobody looks at it' }] });
    for (let i = 107; i <= 135; i += 1) {
      await world.send(other, environment, FLEET, i - 1, i);
      await world.score(other, environment, i);
    }
    expect(await world.anomalies(environment)).toMatchObject([
      { metric: 'node_cpu_seconds_total', state: 'ended', reason: 'calm', endedAt: timeOf(122) },
      { metric: 'node_load1', state: 'ended', reason: 'excluded', endedAt: timeOf(106) },
    ]);
    expect((await stored())[1]).toEqual(before[1]);
    const groups = await world.database.query(
      `SELECT open_anomalies AS open FROM anomaly_detection_groups WHERE environment_id = $1`,
      [environment.id],
    );
    expect(groups.length).toBeGreaterThan(0);
    for (const group of groups) expect(group).toEqual({ open: 0 });
  });

  it('records scores as series with the labels of their source', async () => {
    const { environment, ids } = await live(FLEET, 60, 63);
    const reader = worker.get(TelemetryReader);
    const range = { from: timeOf(60), to: timeOf(64) };
    for (const metric of ['anomaly_score', 'y', 'yhat', 'yhat_lower', 'yhat_upper']) {
      const [series] = await reader.derivedSeries(environment.id, [ids[0]!], metric);
      expect(series).toMatchObject({
        labels: { __name__: metric, mode: 'user', for: 'node_cpu_seconds_total' },
        derivedFrom: ids[0],
      });
      const window = (await reader.readSamples(environment.id, [series!.id], range)).get(series!.id)!;
      expect([...window.times]).toEqual([60, 61, 62, 63].map(timeOf));
      if (metric === 'y' || metric === 'yhat') for (const value of window.values) expect(value).toBeCloseTo(0.05, 1);
    }
    expect((await worker.get(ShardPlan).shardsOf(environment.id)).values().next().value).toBe(3);
  });

  it('gives the same anomalies whoever scores, and after a restart', async () => {
    const expected = comparable(await world.anomalies((await live(FLEET, 60, 135)).environment));
    const other = await world.worker();
    const alternating = await live(FLEET, 60, 135, (i) => (i % 3 === 0 ? other : worker));
    expect(comparable(await world.anomalies(alternating.environment))).toEqual(expected);

    // A fresh process at the worst moments: suspected, open, calm but not yet ended.
    const fresh = new Map<number, TestingModule>();
    for (const i of [102, 103, 110, 124, 128]) fresh.set(i, await world.worker());
    let current = worker;
    const restarted = await live(FLEET, 60, 135, (i) => (current = fresh.get(i) ?? current));
    expect(comparable(await world.anomalies(restarted.environment))).toEqual(expected);
    expect(
      (await world.events(restarted.environment)).filter(({ type }) => type.endsWith('anomaly-detected')),
    ).toHaveLength(2);
  });

  it('scores missed ticks in order after downtime, in bounded batches', async () => {
    const expected = comparable(await world.anomalies((await live(FLEET, 60, 135)).environment));
    const behind = await world.worker({ catchUpTicks: 7 });
    const environment = await world.environment();
    await world.send(worker, environment, FLEET, 0, 60);
    await world.score(behind, environment, 60);
    await world.send(worker, environment, FLEET, 60, 135);
    await world.score(behind, environment, 135);
    expect(comparable(await world.anomalies(environment))).toEqual(expected);
    const ticks = (await world.events(environment)).filter(({ type }) => type.endsWith('tick-scored'));
    expect(ticks).toHaveLength(1 + Math.ceil(75 / 7));
    const times = ticks.map(({ payload }) => payload['scoredUntil']);
    expect(times).toEqual([...times].sort());
  });

  it('skips what is older than it makes up for', async () => {
    const lazy = await world.worker({ maximumCatchUpHours: 0.1 });
    const environment = await world.environment();
    await world.send(worker, environment, FLEET, 0, 60);
    await world.score(lazy, environment, 60);
    await world.send(worker, environment, FLEET, 60, 160);
    await world.score(lazy, environment, 160);
    expect(await world.anomalies(environment)).toEqual([]);
    expect((await world.events(environment)).at(-1)!.payload).toMatchObject({
      scoredUntil: new Date(timeOf(160)).toISOString(),
    });
  });

  it('changes nothing when a job runs twice, at once or again', async () => {
    const other = await world.worker();
    const environment = await world.environment();
    await world.send(worker, environment, FLEET, 0, 60);
    const score = async (by: TestingModule, i: number) => {
      const tick = timeOf(i);
      for (const [shard, series] of await by.get(ShardPlan).shardsOf(environment.id)) {
        await by.get(ShardScorer).scoreUntil({ environmentId: environment.id, shard, series, tick, tickMs: STEP });
      }
    };
    for (let i = 60; i <= 135; i += 1) {
      await world.send(worker, environment, FLEET, i - 1, i);
      await Promise.all([score(worker, i), score(other, i), score(worker, i)]);
      await score(other, i);
      await score(other, i - 1);
    }
    const events = (await world.events(environment)).map(({ type }) => type.split('.')[1]);
    expect(events.filter((type) => type === 'anomaly-detected')).toHaveLength(2);
    expect(events.filter((type) => type === 'anomaly-ended')).toHaveLength(2);
    expect(events.filter((type) => type === 'tick-scored')).toHaveLength(76);
    expect(await world.anomalies(environment)).toHaveLength(2);
  });

  it('leaves nothing behind of a tick whose commit failed', async () => {
    const { environment } = await live(FLEET, 60, 101);
    await world.send(worker, environment, FLEET, 101, 103);
    await world.database.query(
      `ALTER TABLE anomaly_detection_anomalies ADD CONSTRAINT refuse CHECK (environment_id <> '${environment.id}')`,
    );
    await expect(world.score(worker, environment, 103)).rejects.toThrow(/refuse/);
    expect((await world.events(environment)).some(({ type }) => type.endsWith('anomaly-detected'))).toBe(false);
    await world.database.query('ALTER TABLE anomaly_detection_anomalies DROP CONSTRAINT refuse');
    await world.score(worker, environment, 103);
    expect(await world.anomalies(environment)).toHaveLength(2);
  });
});

describe('states of series', () => {
  let world: DetectionWorld;
  let worker: TestingModule;
  beforeAll(async () => {
    world = await DetectionWorld.create();
    worker = await world.worker();
  });
  afterAll(() => world.close());

  async function step(
    environment: Environment,
    series: readonly TestSeries[],
    from: number,
    to: number,
  ): Promise<void> {
    for (let i = from; i <= to; i += 1) {
      await world.send(worker, environment, series, i - 1, i);
      await world.score(worker, environment, i);
    }
  }

  it('learns aloud, then is ok', async () => {
    const environment = await world.environment();
    const [id] = await world.send(worker, environment, FLEET.slice(1, 2), 0, 1);
    await world.score(worker, environment, 1);
    expect((await world.states(environment))[id!]).toMatchObject({
      state: 'learning',
      reason: 'needs 11 more points, about 3 minutes',
    });
    await step(environment, FLEET.slice(1, 2), 2, 11);
    expect((await world.states(environment))[id!]).toMatchObject({
      state: 'learning',
      reason: 'needs 1 more point, about 15 s',
    });
    await step(environment, FLEET.slice(1, 2), 12, 13);
    expect((await world.states(environment))[id!]).toMatchObject({ state: 'ok', reason: null });
  });

  it('excludes with a reason, and writes a state once', async () => {
    const environment = await world.environment();
    const series: TestSeries[] = [
      { labels: { __name__: 'http_request_seconds_bucket', le: '1' }, type: 'histogram', at: (i) => i },
      { labels: { __name__: 'node_boot_time_seconds' }, at: () => 1.7e9 },
      { labels: { __name__: 'up' }, at: () => 1 },
    ];
    const ids = await world.send(worker, environment, series, 0, 30);
    await world.score(worker, environment, 30);
    const before = await world.states(environment);
    expect(before[ids[0]!]).toMatchObject({ state: 'excluded', reason: expect.stringContaining('bucket') });
    expect(before[ids[1]!]).toMatchObject({ state: 'excluded', reason: 'a point in time, not a measurement' });
    expect(before[ids[2]!]).toMatchObject({ state: 'ok' });
    const versions = () =>
      world.database.query(`SELECT xmin::text FROM anomaly_detection_series_states WHERE environment_id = $1`, [
        environment.id,
      ]);
    const written = await versions();
    await step(environment, series, 31, 34);
    expect(await versions()).toEqual(written);
  });

  it('turns stale by its own rhythm, ends what was open, and recovers', async () => {
    const environment = await world.environment();
    const gone = (i: number) => i >= 70 && i < 90;
    const series: TestSeries[] = [
      {
        labels: { __name__: 'queue_depth' },
        at: (i) => (gone(i) ? undefined : i >= 64 && i < 70 ? 500 : 20 + wobble(i)),
      },
      { labels: { __name__: 'up' }, at: () => 1 },
    ];
    const [id] = await world.send(worker, environment, series, 0, 60);
    await step(environment, series, 61, 74);
    expect(await world.anomalies(environment)).toEqual([expect.objectContaining({ state: 'open' })]);
    await step(environment, series, 75, 80);
    expect((await world.states(environment))[id!]).toMatchObject({
      state: 'stale',
      reason: `no sample since ${new Date(timeOf(69) + 1_000).toISOString()}; one used to come every 15 s`,
    });
    expect(await world.anomalies(environment)).toEqual([expect.objectContaining({ state: 'ended', reason: 'stale' })]);
    await step(environment, series, 81, 95);
    expect((await world.states(environment))[id!]).toMatchObject({ state: 'ok' });
    expect(await world.anomalies(environment)).toHaveLength(1);
  });

  it('keeps series that come later apart from those it knows', async () => {
    const environment = await world.environment();
    const first = FLEET.slice(2);
    await world.send(worker, environment, first, 0, 60);
    await step(environment, first, 61, 63);
    const both = [...first, { labels: { __name__: 'new_gauge' }, at: () => 4 }];
    const ids = await world.send(worker, environment, both, 63, 64);
    await world.score(worker, environment, 64);
    await step(environment, both, 65, 66);
    const states = await world.states(environment);
    expect(states[ids[0]!]).toMatchObject({ state: 'ok' });
    expect(states[ids[1]!]).toMatchObject({ state: 'learning' });
  });
});

function comparable(anomalies: readonly Record<string, unknown>[]) {
  return anomalies.map(({ score, value, ...rest }) => ({
    ...rest,
    score: Math.round(Number(score) * 1e4) / 1e4,
    value: Math.round(Number(value) * 1e6) / 1e6,
  }));
}
