import type { TestingModule } from '@nestjs/testing';
import { register } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { PruneDetectionProcessor } from '../../../src/modules/anomaly-detection/jobs/prune-detection.processor.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { DetectionWorld, START, timeOf } from './support/world.js';

const DAY = 86_400_000;
const GONE_SERIES = 2_000_000_000;

describe('pruning detection', () => {
  let world: DetectionWorld;
  let worker: TestingModule;
  let environment: Environment;
  let other: Environment;
  let seriesId: number;

  beforeAll(async () => {
    world = await DetectionWorld.create();
    worker = await world.worker();
    environment = await world.environment({ retentionDays: 2 });
    other = await world.environment({ retentionDays: 30 });
    const series = [{ labels: { __name__: 'node_load1' }, at: () => 1 }];
    seriesId = (await world.send(worker, environment, series, 0, 20))[0]!;
    await world.score(worker, environment, 20);
    const age = { recent: START - DAY, old: START - 3 * DAY };
    await anomaly('recent', 1, age.recent, age.recent + 1);
    await anomaly('old', 2, age.old, age.old + 1);
    await anomaly('old, ended lately', 3, age.old, age.recent);
    await anomaly('old, still open', 4, age.old, null);
    await anomaly('old elsewhere', 5, age.old, age.old + 1, other);
    await world.database.query(
      `INSERT INTO anomaly_detection_series_states (environment_id, series_id, state, since) VALUES ($1, $2, 'stale', now())`,
      [environment.id, GONE_SERIES],
    );
    await world.database.query(
      `INSERT INTO anomaly_detection_shards (environment_id, shard, scored_until) VALUES ($1, 2000000, now())`,
      [environment.id],
    );
    world.clock.time = START;
    await worker.get(PruneDetectionProcessor).process({}, { signal: new AbortController().signal });
  });
  afterAll(() => world.close());

  async function anomaly(name: string, series: number, startedAt: number, endedAt: number | null, of = environment) {
    await world.database.query(
      `INSERT INTO anomaly_detection_anomalies (id, environment_id, series_id, labels, detector, state, started_at, ended_at,
         end_reason, peak_at, score, value, yhat, yhat_lower, yhat_upper)
       VALUES ($1, $2, $3, $4, 'd', $5, $6, $7, $8, $6, 2, 1, 1, 1, 1)`,
      [
        newId(),
        of.id,
        series,
        JSON.stringify({ name }),
        endedAt === null ? 'open' : 'ended',
        new Date(startedAt),
        endedAt === null ? null : new Date(endedAt),
        endedAt === null ? null : 'calm',
      ],
    );
  }

  it('forgets anomalies that ended before the retention of their environment, and no other', async () => {
    const rows = await world.database.query<{ name: string }>(
      `SELECT labels ->> 'name' AS name FROM anomaly_detection_anomalies ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['old elsewhere', 'old, ended lately', 'old, still open', 'recent']);
  });

  it('forgets the states of series that are gone, and shards without series', async () => {
    const states = await world.database.query<{ id: number }>(
      `SELECT series_id AS id FROM anomaly_detection_series_states WHERE environment_id = $1`,
      [environment.id],
    );
    expect(states.map(({ id }) => id)).toEqual([seriesId]);
    const shards = await world.database.query<{ at: Date }>(
      `SELECT scored_until AS at FROM anomaly_detection_shards WHERE environment_id = $1`,
      [environment.id],
    );
    expect(shards.map(({ at }) => at.getTime())).toEqual([timeOf(20)]);
  });

  it('leaves metrics of environments that have something to score, as they are at the scrape', async () => {
    const values = async (name: string) => (await register.getSingleMetric(name)!.get()).values;
    const lags = await values('dsim_anomaly_detection_lag_seconds');
    expect(lags.map(({ labels }) => labels['environment'])).toEqual([environment.id]);
    expect(lags[0]!.value).toBeCloseTo((Date.now() - timeOf(20)) / 1000, -1);
    expect(await values('dsim_anomaly_detection_open_anomalies')).toMatchObject([
      { labels: { environment: environment.id }, value: 1 },
    ]);
    await world.database.query(`DELETE FROM environments_environments WHERE id = $1`, [environment.id]);
    expect(await values('dsim_anomaly_detection_lag_seconds')).toEqual([]);
  });
});
