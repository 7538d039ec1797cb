import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelStages } from '../../../src/modules/anomaly-detection/models/stages/model-stages.service.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { ModelsHttp, type ModelBody } from './support/models-http.js';
import { meanDistance } from './support/window-graphs.js';
import { DetectionWorld, wobble, type TestSeries } from './support/world.js';

const QUICK = { models: { refreshMs: 0 }, snapshotMinutes: 3 };
const TICKS = 360;
/** Shadows begin here: models score nothing before a series has been learned. */
const BEGIN = 60;

/** Two series with stretches that a shadow and the active channels see differently, across any turn of workers. */
const SERIES: TestSeries[] = [0, 1].map((s) => ({
  labels: { __name__: `queue_${s}`, service: 'shop' },
  at: (i) => 100 + 3 * wobble(i + s * 31) + ((i + s * 40) % 97 < 12 && i > 100 ? 6 + 30 * ((i + s) % 2) : 0),
}));

/** What shadows do to a card must not depend on who scored. */
describe('shadows', () => {
  let world: DetectionWorld;
  let http: ModelsHttp;
  let shadows: readonly ModelBody[];
  /** Scored by one process from beginning to end. */
  let alone: Environment;

  beforeAll(async () => {
    world = await DetectionWorld.create();
    await world.worker(QUICK);
    http = await ModelsHttp.start(world, QUICK);
    const { items } = (await http.get<{ items: ModelBody[] }>('models?limit=50')).body;
    const memory = items.find(({ name }) => name === 'patch-memory')!;
    shadows = [memory, (await http.upload('eager', meanDistance(1))).body];
    alone = await world.environment();
    await run(alone, [await world.worker(QUICK)], () => 0);
  });
  afterAll(async () => {
    await http?.close();
    await world.close();
  });

  /** Scores tick by tick; `turn` says which worker scores which tick. */
  async function run(
    environment: Environment,
    workers: TestingModule[],
    turn: (tick: number) => number,
  ): Promise<void> {
    await world.send(workers[0]!, environment, SERIES, 0, TICKS);
    for (let tick = 1; tick <= TICKS; tick += 1) {
      if (tick === BEGIN) {
        for (const { id } of shadows) {
          const request = { modelId: id, environmentId: environment.id, actor: 'system' as const, why: 'test' };
          await workers[0]!.get(ModelStages).promote(request, 'shadow');
        }
      }
      await world.score(workers[turn(tick)]!, environment, tick);
    }
  }

  /** All that a card counts of the shadows, without the ids of series. */
  async function counted(environment: Environment) {
    const cards = await Promise.all(
      shadows.map(async ({ id }) => {
        const { body } = await http.get<Record<string, unknown>>(
          `models/${id}/shadow-card?environmentId=${environment.id}`,
        );
        const { environmentId: _, ...card } = body as unknown as { environmentId: string; points: number };
        return card;
      }),
    );
    const anomalies = await world.database.query<{
      name: string;
      judge: string;
      startedAt: Date;
      endedAt: Date | null;
    }>(
      `SELECT m.name, s.labels ->> '__name__' AS metric, a.judge, a.started_at AS "startedAt", a.ended_at AS "endedAt",
         a.score
       FROM anomaly_detection_shadow_anomalies a JOIN anomaly_detection_models m ON m.id = a.model_id
       JOIN telemetry_series s ON s.id = a.series_id
       WHERE a.environment_id = $1 ORDER BY m.name, metric, a.judge, a.started_at`,
      [environment.id],
    );
    return { cards, anomalies: anomalies.filter(({ name }) => shadows.some((one) => one.name === name)) };
  }

  it('score by themselves, a memory included, beside an active version without one', async () => {
    const { cards, anomalies } = await counted(alone);
    for (const card of cards) expect(card.points).toBe(2 * (TICKS - BEGIN + 1));
    expect(anomalies.filter(({ name, judge }) => name === 'eager' && judge === 'shadow').length).toBeGreaterThan(2);
    expect(anomalies.some(({ endedAt }) => endedAt !== null)).toBe(true);
    const kept = await world.database.query<{ bytes: number | null }>(
      `SELECT length(memories) AS bytes FROM anomaly_detection_snapshots WHERE environment_id = $1 AND kind = 'scoring'`,
      [alone.id],
    );
    expect(Math.min(...kept.map(({ bytes }) => bytes ?? 0))).toBeGreaterThan(100);
  });

  it.each([
    ['every tick', (tick: number) => tick % 2],
    ['every seven ticks', (tick: number) => Math.floor(tick / 7) % 2],
    ['once, in the middle of an anomaly', (tick: number) => Number(tick > 204)],
  ])('count the same where two workers take turns %s', async (_, turn) => {
    const environment = await world.environment();
    await run(environment, [await world.worker(QUICK), await world.worker(QUICK)], turn);
    expect(await counted(environment)).toEqual(await counted(alone));
  });

  it('count the same where a worker dies without a word, time and again, and another goes on', async () => {
    const environment = await world.environment();
    const workers: TestingModule[] = [];
    for (let i = 0; i < 5; i += 1) workers.push(await world.worker(QUICK));
    await run(environment, workers, (tick) => Math.min(4, Math.floor(tick / 73)));
    expect(await counted(environment)).toEqual(await counted(alone));
  });

  it('count nothing of a commit that did not come about', async () => {
    const environment = await world.environment();
    const worker = await world.worker(QUICK);
    await run(environment, [worker], () => 0);
    const before = await counted(environment);
    await world.database.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`,
    );
    await world.database.query(
      `CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON anomaly_detection_shadow_shards
       FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    await world.send(worker, environment, SERIES, TICKS, TICKS + 2);
    await expect(world.score(worker, environment, TICKS + 1)).rejects.toThrow();
    await world.database.query(`DROP TRIGGER refuse ON anomaly_detection_shadow_shards`);
    expect(await counted(environment)).toEqual(before);
    await world.score(worker, environment, TICKS + 1);
    const after = await counted(environment);
    expect(after.cards.map(({ points }) => points)).toEqual(before.cards.map(({ points }) => points + 2));
  });
});
