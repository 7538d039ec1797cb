import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ModelChoice } from '../../../src/modules/anomaly-detection/index.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { eventually } from '../../support/eventually.js';
import type { ModelsHttp } from './support/models-http.js';
import { ModelsWorld, QUICK, windows } from './support/models-world.js';
import { meanDistance, slowGraph } from './support/window-graphs.js';
import { timeOf, wobble, type DetectionWorld } from './support/world.js';

describe('active models', () => {
  let world: ModelsWorld;
  let detection: DetectionWorld;
  let http: ModelsHttp;
  let environment: Environment;
  let other: Environment;

  beforeAll(async () => {
    world = await ModelsWorld.create();
    ({ detection, http, environment, other } = world);
  });
  afterAll(() => world?.close());
  afterEach(() => world.unstage());

  it('score from the next tick on, wherever that is scored, and no tick is missed whatever becomes of them', async () => {
    const third = await detection.environment();
    const series = [{ labels: { __name__: 'queue_depth' }, at: (i: number) => 100 + 60 * wobble(i) }];
    await detection.send(world.workers[0]!, third, series, 0, 80);
    const scoredUntil = async (): Promise<number> => {
      const sql = 'SELECT scored_until AS at FROM anomaly_detection_shards WHERE environment_id = $1';
      return (await detection.database.query<{ at: Date }>(sql, [third.id]))[0]!.at.getTime();
    };
    await detection.score(world.workers[0]!, third, 40);
    expect(await detection.anomalies(third)).toEqual([]);
    // Calls everything odd, so that its part cannot be overlooked.
    const { id } = await world.upload(0.001);
    await world.activate(id, third.id);
    await detection.score(world.workers[1]!, third, 60);
    expect([await scoredUntil(), (await detection.anomalies(third)).length]).toEqual([timeOf(60), 1]);
    await detection.database.query(
      `UPDATE anomaly_detection_models SET suspended_at = now(), suspended_reason = 'test' WHERE id = $1`,
      [id],
    );
    await detection.score(world.workers[0]!, third, 80);
    expect(await scoredUntil()).toBe(timeOf(80));
    expect(await detection.anomalies(third)).toMatchObject([{ state: 'ended', reason: 'calm' }]);
  });

  it('are left out where they cannot be opened, with the reason, and others are not touched', async () => {
    const { id } = await world.upload(2);
    await world.activate(id, environment.id);
    const healthy = await world.upload(4);
    await world.activate(healthy.id, other.id);
    const broken = Buffer.from('no longer a model');
    await detection.database.query(
      `UPDATE anomaly_detection_model_files SET content = $1
       WHERE sha256 = (SELECT sha256 FROM anomaly_detection_models WHERE id = $2)`,
      [broken, id],
    );
    const worker = await detection.worker(QUICK);
    const { windowModel, degraded } = await worker.get(ModelChoice).activeFor(environment.id);
    expect([windowModel, degraded]).toEqual([null, expect.stringContaining('cannot be opened')]);
    const { windowModel: theirs } = await worker.get(ModelChoice).activeFor(other.id);
    expect((await theirs!.run(windows(1))).score!.data[0]).toBe(0.75);
    await detection.database.query('UPDATE anomaly_detection_model_files SET content = $1 WHERE content = $2', [
      meanDistance(2),
      broken,
    ]);
  });

  it('are suspended for everybody after some slow runs, until somebody resumes them', async () => {
    const { id, name, version } = await world.upload(2);
    const bytes = slowGraph();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await detection.database.query('INSERT INTO anomaly_detection_model_files VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      sha256,
      bytes,
    ]);
    await detection.database.query('UPDATE anomaly_detection_models SET sha256 = $1 WHERE id = $2', [sha256, id]);
    await world.activate(id);
    // Opening it takes longer than a tick waits, so the first answers may still be what was active before.
    const windowModel = await eventually('it is taken up', async () => {
      const active = await world.activeIn(0, environment);
      return active.windowModel?.id === id ? active.windowModel : undefined;
    });
    for (let run = 0; run < 3; run += 1) {
      await expect(windowModel.run(windows(256))).rejects.toMatchObject({ code: 'inference.model_too_slow' });
    }
    await expect(windowModel.run(windows(1))).rejects.toMatchObject({ code: 'anomaly_detection.model_suspended' });
    const elsewhere = await world.activeIn(1, environment);
    expect(elsewhere.windowModel).toBeNull();
    expect(elsewhere.degraded).toContain(`${name}@${version} is suspended: 3 runs in a row failed`);
    const { body } = await http.get<Record<string, unknown>>(`environments/${environment.id}/models`);
    expect(body).toMatchObject({
      windowModel: { id, state: 'suspended' },
      degraded: expect.stringContaining('plain channels score alone'),
    });
    expect(detection.audit.entries.map(({ action }) => action)).toContain('anomaly-detection.suspend-model');

    expect((await http.post(`models/${id}/resume`, { why: 'with smaller batches' })).body.state).toBe('ready');
    for (const worker of [0, 1]) {
      await eventually('it scores again', async () => {
        const active = await world.activeIn(worker, environment);
        return (await active.windowModel?.run(windows(1)))?.score !== undefined;
      });
    }
    expect((await http.post(`models/${id}/resume`, { why: 'again' })).status).toBe(409);
  }, 60_000);
});
