import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DetectionWorld, wobble, type TestSeries } from './support/world.js';

describe('groups across shards', () => {
  let world: DetectionWorld;

  beforeAll(async () => {
    world = await DetectionWorld.create();
  });
  afterAll(() => world.close());

  it('are one for a cause whose series are in many shards, and are told with the anomaly', async () => {
    const worker = await world.worker({ detector: 'robust-window', shardSize: 10, scorePods: true });
    const environment = await world.environment();
    const lonely = { __name__: 'queue_depth', service: 'billing', job: 'billing' };
    const series: TestSeries[] = [
      ...Array.from({ length: 30 }, (_, i) => ({
        labels: { __name__: 'thread_pool_size', service: 'cart', pod: `cart-${i}`, job: 'cart' },
        at: (index: number) => (index > 100 && index <= 110 ? 90 : 5 + wobble(index + i)),
      })),
      { labels: lonely, at: (index: number) => (index > 104 && index <= 110 ? 90 : 5 + wobble(index)) },
    ];
    await world.send(worker, environment, series, 0, 200);
    for (const index of [60, 102, 104, 108, 125, 200]) await world.score(worker, environment, index);
    const groups = await world.database.query<Record<string, unknown>>(
      `SELECT services, anomalies, open_anomalies AS open, calm_since IS NOT NULL AS calm
       FROM anomaly_detection_groups WHERE environment_id = $1 ORDER BY started_at`,
      [environment.id],
    );
    expect(groups).toEqual([
      { services: ['cart'], anomalies: 30, open: 0, calm: true },
      { services: ['billing'], anomalies: 1, open: 0, calm: true },
    ]);
    const members = await world.database.query<{ groups: number; none: number }>(
      `SELECT count(DISTINCT group_id)::int AS groups, count(*) FILTER (WHERE group_id IS NULL)::int AS none
       FROM anomaly_detection_anomalies WHERE environment_id = $1`,
      [environment.id],
    );
    expect(members).toEqual([{ groups: 2, none: 0 }]);
    const events = await world.events(environment);
    const told = events.filter(({ type }) => type.startsWith('anomaly-detection.anomaly-'));
    expect(told.length).toBe(62);
    expect(told.every(({ payload }) => typeof payload['groupId'] === 'string')).toBe(true);
  });
});
