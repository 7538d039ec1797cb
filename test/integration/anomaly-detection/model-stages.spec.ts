import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { ModelChoice } from '../../../src/modules/anomaly-detection/index.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import type { ModelsHttp, ModelBody } from './support/models-http.js';
import { ModelsWorld, windows } from './support/models-world.js';
import type { DetectionWorld } from './support/world.js';

describe('models in stages', () => {
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

  it('go from candidate to shadow to active, and every process takes them up', async () => {
    const { id } = await world.upload(2);
    expect((await http.post(`models/${id}/promote`, { to: 'active', why: 'at once' })).body.code).toBe(
      'anomaly_detection.model_stage_refused',
    );
    expect((await world.stage('promote', id)).body.stages).toMatchObject([{ environmentId: null, stage: 'shadow' }]);
    for (const worker of [0, 1]) {
      expect((await world.activeIn(worker, environment)).windowModel).toBeNull();
      expect(await world.workers[worker]!.get(ModelChoice).shadowsFor(environment.id)).toMatchObject([{ id }]);
    }
    expect((await world.stage('promote', id)).body.stages).toMatchObject([{ environmentId: null, stage: 'active' }]);
    for (const worker of [0, 1]) {
      const { windowModel, degraded } = await world.activeIn(worker, environment);
      expect([windowModel?.id, degraded]).toEqual([id, null]);
      const { score } = await windowModel!.run(windows(3));
      expect([score!.dims, [...score!.data]]).toEqual([
        [3, 1],
        [1.5, 1.5, 1.5],
      ]);
    }
    expect((await http.get('models?stage=active')).body).toMatchObject({ items: [{ id }] });
  });

  it('replace one another, and a promotion can be rolled back by one call', async () => {
    const [first, second] = [await world.upload(2), await world.upload(4)];
    await world.activate(first.id);
    const held = (await world.activeIn(0, environment)).windowModel!;
    await world.activate(second.id);
    const { windowModel } = await world.activeIn(0, environment);
    expect(windowModel!.id).toBe(second.id);
    // A tick that began before goes on with what it was given.
    expect((await held.run(windows(1))).score!.data[0]).toBe(1.5);
    expect((await windowModel!.run(windows(1))).score!.data[0]).toBe(0.75);
    expect((await http.get(`models/${first.id}`)).body.stages).toMatchObject([{ stage: 'retired' }]);

    expect((await world.stage('roll-back', first.id)).body.code).toBe('anomaly_detection.model_stage_refused');
    expect((await world.stage('roll-back', second.id)).body.stages).toMatchObject([{ stage: 'shadow' }]);
    expect((await world.activeIn(1, environment)).windowModel!.id).toBe(first.id);
    const { body } = await http.get<{ items: Record<string, unknown>[] }>(`models/${second.id}/changes`);
    expect(
      body.items.map(({ from, to, rolledBackAt, replacedId }) => [from, to, rolledBackAt !== null, replacedId]),
    ).toEqual([
      ['shadow', 'active', true, first.id],
      ['candidate', 'shadow', false, null],
    ]);
    expect(detection.audit.entries.at(-1)).toMatchObject({
      action: 'anomaly-detection.roll-back-model',
      details: { from: 'active', to: 'shadow', replaced: first.id },
    });
  });

  it('can differ by environment, whose own choice goes before that for all', async () => {
    const [everywhere, here] = [await world.upload(2), await world.upload(4)];
    await world.activate(everywhere.id);
    await world.activate(here.id, environment.id);
    expect((await world.activeIn(0, environment)).windowModel!.id).toBe(here.id);
    expect((await world.activeIn(0, other)).windowModel!.id).toBe(everywhere.id);
    await world.stage('retire', here.id, environment.id);
    expect((await world.activeIn(0, environment)).windowModel!.id).toBe(everywhere.id);
    await world.stage('retire', everywhere.id, environment.id);
    expect((await world.activeIn(0, environment)).windowModel).toBeNull();
    expect((await world.activeIn(0, other)).windowModel!.id).toBe(everywhere.id);
    expect((await world.stage('roll-back', everywhere.id, environment.id)).status).toBe(200);
    expect((await world.activeIn(0, environment)).windowModel!.id).toBe(everywhere.id);
  });

  it('tell a token of one environment nothing of others', async () => {
    const { id } = await world.upload(2);
    await world.activate(id);
    await world.activate(id, other.id);
    const seen = (await http.get(`models/${id}`, environment.id)).body;
    expect(seen.stages.map(({ environmentId }) => environmentId)).toEqual([null]);
    const listed = (await http.get<{ items: ModelBody[] }>('models', environment.id)).body.items;
    expect(JSON.stringify(listed)).not.toContain(other.id);
    const changes = await http.get<{ items: unknown[] }>(`models/${id}/changes`, environment.id);
    expect([changes.body.items.length, JSON.stringify(changes.body).includes(other.id)]).toEqual([2, false]);
    const ofOther = newId();
    await detection.database.query(
      `INSERT INTO anomaly_detection_models (id, name, version, kind, origin, environment_id, title, description,
         sha256, bytes, calibration, metrics, created_at, created_by, why)
       VALUES ($1, 'calibration-other', '1', 'calibration', 'refit', $2, 'Of the other', '', 'none', 0, '{}', '{}',
         now(), 'system', 'test')`,
      [ofOther, other.id],
    );
    for (const path of ['', '/content', '/changes', `/shadow-card?environmentId=${environment.id}`]) {
      expect((await http.get(`models/${ofOther}${path}`, environment.id)).status, path).toBe(403);
    }
    expect((await http.get(`models/comparison?ids=${id},${ofOther}`, environment.id)).status).toBe(403);
    expect((await http.get(`models/${ofOther}`, other.id)).status).toBe(200);
  });

  it('refuse what is not there', async () => {
    const { id } = await world.upload(2);
    expect((await world.stage('promote', newId())).status).toBe(404);
    expect((await http.get('models/nonsense')).status).toBe(400);
    expect((await world.stage('roll-back', id)).status).toBe(409);
    expect((await http.post(`models/${id}/promote`, {})).body.errors).toMatchObject([{ path: 'why' }]);
  });

  it('are compared side by side', async () => {
    const [a, b] = [await world.upload(2), await world.upload(4)];
    const { body } = await http.get<{ models: ModelBody[]; metrics: { metric: string; values: number[] }[] }>(
      `models/comparison?ids=${a.id},${b.id}`,
    );
    expect(body.models.map(({ id }) => id)).toEqual([a.id, b.id]);
    expect(body.metrics.map(({ metric }) => metric)).toContain('trial.latencyMs.batch256.median');
    expect((await http.get(`models/comparison?ids=${a.id}`)).status).toBe(400);
  });

  it('say what may be done about them, which is what the API does and nothing else', async () => {
    const places = [null, environment.id];
    const [first, second] = [await world.upload(2), await world.upload(4)];
    const check = async (id: string): Promise<void> => {
      const { stages } = (await http.get(`models/${id}`)).body;
      for (const { environmentId, next, rollBackTo, mayRetire } of stages) {
        const tried: [string, boolean][] = [
          ['promote', next !== null],
          ['roll-back', rollBackTo !== null],
          ['retire', mayRetire],
        ];
        for (const [verb, offered] of tried) {
          if (offered) continue;
          const { status, body } = await world.stage(verb, id, environmentId);
          expect([verb, status, body.code]).toEqual([verb, 409, 'anomaly_detection.model_stage_refused']);
        }
      }
    };
    // Nothing was decided anywhere: there is nothing to take back.
    for (const place of places) {
      expect((await world.stage('retire', first.id, place)).body.detail).toContain('not used there');
      expect((await world.stage('roll-back', first.id, place)).body.detail).toContain('nothing has changed');
    }
    await world.activate(first.id);
    await check(first.id);
    await world.activate(second.id);
    for (const { id } of [first, second]) await check(id);
    const { stages } = (await http.get(`models/${first.id}`)).body;
    expect(stages).toMatchObject([{ stage: 'retired', next: 'shadow', rollBackTo: null, mayRetire: false }]);
    const now = (await http.get(`models/${second.id}`)).body.stages;
    expect(now).toMatchObject([{ stage: 'active', next: null, rollBackTo: 'shadow', mayRetire: true }]);
    // It may be taken out of one environment, though nothing was said about it there.
    expect((await world.stage('retire', second.id, environment.id)).status).toBe(200);
    await check(second.id);
    expect((await world.stage('roll-back', second.id, environment.id)).status).toBe(200);
    expect((await world.stage('roll-back', second.id)).body.stages[0]).toMatchObject({ stage: 'shadow' });
  });
});
