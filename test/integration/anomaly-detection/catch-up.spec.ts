import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PlanTickProcessor } from '../../../src/modules/anomaly-detection/jobs/plan-tick.processor.js';
import { ShardScorer } from '../../../src/modules/anomaly-detection/scoring/shard-scorer.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { eventually } from '../../support/eventually.js';
import { DetectionWorld, timeOf, wobble, type TestSeries } from './support/world.js';

const BEFORE = 60;
/** An hour of ticks that nobody scored. */
const BACKLOG = 240;
const CHUNK = 40;
const SHARD_SIZE = 10;

/** Thirty series with a fault each, at different times of the hour; the last is still at it. */
const FLEET: readonly TestSeries[] = Array.from({ length: 30 }, (_, s) => ({
  labels: { __name__: 'queue_depth', run: String(s).padStart(2, '0') },
  at: (i: number) => (i > 80 + 7 * s && i <= 95 + 7 * s ? 700 : 20 + s + wobble(i + s)),
}));

describe('catching up after an hour', () => {
  let world: DetectionWorld;
  beforeAll(async () => {
    world = await DetectionWorld.create();
  });
  afterAll(() => world.close());

  async function begin(worker: TestingModule): Promise<Environment> {
    const environment = await world.environment();
    await world.send(worker, environment, FLEET, 0, BEFORE);
    await world.score(worker, environment, BEFORE);
    return environment;
  }

  async function scoredUntil(environment: Environment): Promise<number[]> {
    const rows = await world.database.query<{ until: Date }>(
      `SELECT scored_until AS until FROM anomaly_detection_shards WHERE environment_id = $1 ORDER BY shard`,
      [environment.id],
    );
    return rows.map(({ until }) => until.getTime());
  }

  it('scores it by jobs, in event-time order, shards in turns, and finds what it would have found live', async () => {
    const config = { shardSize: SHARD_SIZE, catchUpTicks: CHUNK };
    const live = await world.worker(config);
    const reference = await begin(live);
    for (let i = BEFORE + 1; i <= BEFORE + BACKLOG; i += 1) {
      await world.send(live, reference, FLEET, i - 1, i);
      await world.score(live, reference, i);
    }
    const expected = await world.anomalies(reference);
    expect(expected.length).toBeGreaterThanOrEqual(FLEET.length);

    const environment = await begin(live);
    await world.send(live, environment, FLEET, BEFORE, BEFORE + BACKLOG);
    world.clock.time = timeOf(BEFORE + BACKLOG) + 2_000;
    const back = await world.worker(config, true);
    const turns: number[] = [];
    const scorer = back.get(ShardScorer);
    const scoreSome = scorer.scoreSome.bind(scorer);
    vi.spyOn(scorer, 'scoreSome').mockImplementation((target) => {
      if (target.environmentId === environment.id) turns.push(target.shard);
      return scoreSome(target);
    });
    await back.get(PlanTickProcessor).process({ environmentId: environment.id });
    const last = timeOf(BEFORE + BACKLOG);
    await eventually(
      'every shard is scored',
      async () => (await scoredUntil(environment)).every((until) => until === last),
      { withinMs: 60_000 },
    );

    expect(withoutIds(await world.anomalies(environment))).toEqual(withoutIds(expected));
    const detected = (await world.events(environment)).filter(({ type }) => type.endsWith('anomaly-detected'));
    expect(detected).toHaveLength(expected.length);
    const ticks = (await world.events(environment)).filter(({ type }) => type.endsWith('tick-scored'));
    const times = ticks.map(({ payload }) => Date.parse(String(payload['scoredUntil'])));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBe(last);

    // No shard has had three chunks before another has had its first.
    const shards = [...new Set(turns)];
    expect(shards.length).toBeGreaterThanOrEqual(3);
    for (const shard of shards) {
      const before = turns.slice(0, turns.indexOf(shard));
      for (const other of shards) expect(before.filter((turn) => turn === other).length).toBeLessThan(3);
    }
  }, 120_000);

  it('lets an environment that is not behind have its tick between the chunks of one that is', async () => {
    const config = { shardSize: SHARD_SIZE, catchUpTicks: 5 };
    const first = await world.worker(config);
    const behind = await begin(first);
    const current = await begin(first);
    await world.send(first, behind, FLEET, BEFORE, BEFORE + BACKLOG);
    await world.send(first, current, FLEET, BEFORE, BEFORE + BACKLOG);
    await world.score(first, current, BEFORE + BACKLOG - 1);
    world.clock.time = timeOf(BEFORE + BACKLOG) + 2_000;
    const back = await world.worker(config, true);
    await back.get(PlanTickProcessor).process({ environmentId: behind.id });
    await back.get(PlanTickProcessor).process({ environmentId: current.id });
    const last = timeOf(BEFORE + BACKLOG);
    await eventually(
      'the tick of the current one is scored',
      async () => (await scoredUntil(current)).every((until) => until === last),
      { withinMs: 60_000 },
    );
    expect(
      (await scoredUntil(behind)).some((until) => until < last),
      'the other is still at it',
    ).toBe(true);
    await eventually(
      'the backlog is scored',
      async () => (await scoredUntil(behind)).every((until) => until === last),
      { withinMs: 60_000 },
    );
  }, 120_000);
});

/** Scores to what floating point leaves equal whatever the batch. */
function withoutIds(anomalies: readonly Record<string, unknown>[]) {
  return anomalies.map(({ score, value, ...rest }) => ({
    ...rest,
    score: Number(score).toPrecision(6),
    value: Number(value).toPrecision(9),
  }));
}
