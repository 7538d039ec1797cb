import { createHash } from 'node:crypto';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { newId } from '../../../src/kernel/ids.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { ModelChoice } from '../../../src/modules/anomaly-detection/index.js';
import { BAD_GRAPHS, hungryGraph, meanDistance, slowGraph } from './support/window-graphs.js';
import { ModelsHttp, type ModelBody } from './support/models-http.js';
import { DetectionWorld, timeOf, wobble } from './support/world.js';

const QUICK = { models: { refreshMs: 0 } };

describe('models', () => {
  let world: DetectionWorld;
  let http: ModelsHttp;
  let environment: Environment;
  let other: Environment;
  /** Processes of their own, as pods are. */
  let workers: TestingModule[];

  beforeAll(async () => {
    world = await DetectionWorld.create();
    environment = await world.environment();
    other = await world.environment();
    workers = [await world.worker(QUICK), await world.worker(QUICK)];
    http = await ModelsHttp.start(world, {
      models: { maxUploadMegabytes: 0.5, trialRunMs: 100, trialSeconds: 5, refreshMs: 0 },
    });
  });
  afterAll(async () => {
    await http?.close();
    await world.close();
  });
  afterEach(async () => {
    await world.database.query('DELETE FROM anomaly_detection_model_stages');
    await world.database.query('DELETE FROM anomaly_detection_model_changes');
  });

  const upload = async (scale: number, name = 'mine'): Promise<ModelBody> => {
    const { status, body } = await http.upload(name, meanDistance(scale));
    expect(status, JSON.stringify(body)).toBe(201);
    return body;
  };
  const stage = (verb: string, id: string, environmentId: string | null = null) =>
    http.post(`models/${id}/${verb}`, { environmentId, why: 'test' });
  const activate = async (id: string, environmentId: string | null = null): Promise<void> => {
    expect((await stage('promote', id, environmentId)).status).toBe(200);
    expect((await stage('promote', id, environmentId)).status).toBe(200);
  };
  const activeIn = (worker: number, { id }: Environment) => workers[worker]!.get(ModelChoice).activeFor(id);
  const windows = (rows: number) => ({
    window: { data: new Float32Array(rows * 64).fill(3), dims: [rows, 64] },
  });

  describe('that came with the release', () => {
    it('are versions too, with their checksum', async () => {
      const { body } = await http.get<{ items: ModelBody[] }>('models?kind=detector');
      expect(body.items.map(({ name, origin, kind }) => ({ name, origin, kind }))).toContainEqual({
        name: 'robust-window',
        origin: 'built-in',
        kind: 'detector',
      });
      const { id } = body.items.find(({ name }) => name === 'robust-window')!;
      expect((await stage('promote', id)).body.code).toBe('anomaly_detection.model_unusable');
    });
  });

  describe('that people upload', () => {
    it('are tried out and kept as candidates', async () => {
      const bytes = meanDistance(2);
      const { status, body } = await http.upload('first', bytes, '&description=Mean+distance&licence=MIT');
      expect(status, JSON.stringify(body)).toBe(201);
      expect(body).toMatchObject({
        name: 'first',
        version: '1',
        kind: 'window-model',
        origin: 'upload',
        state: 'ready',
      });
      expect(body).toMatchObject({ stages: [], inputs: [{ name: 'window', shape: ['batch', 64] }], licence: 'MIT' });
      expect(body).toMatchObject({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length });
      const { latencyMs } = body.metrics['trial'] as { latencyMs: Record<string, { median: number }> };
      expect(latencyMs['batch256']!.median).toBeGreaterThan(0);
      expect(world.audit.entries.at(-1)).toMatchObject({
        action: 'anomaly-detection.upload-model',
        subjectId: body.id,
      });
      expect((await http.get('models?stage=active')).body).toMatchObject({ items: [] });

      const download = await http.app.inject({ method: 'GET', url: `/api/v1/models/${body.id}/content` });
      expect(download.rawPayload.equals(bytes)).toBe(true);
      expect(download.headers['content-disposition']).toContain('first-1.onnx');
    });

    it('get the next number, or the one that was asked for, once', async () => {
      expect((await upload(3, 'numbered')).version).toBe('1');
      expect((await upload(4, 'numbered')).version).toBe('2');
      expect((await http.upload('numbered', meanDistance(5), '&version=7')).body.version).toBe('7');
      expect((await upload(6, 'numbered')).version).toBe('8');
      const again = await http.upload('numbered', meanDistance(5), '&version=7');
      expect([again.status, again.body.code]).toEqual([409, 'anomaly_detection.model_version_taken']);
    });

    it('are the same with the same Idempotency-Key', async () => {
      const send = () => http.upload('keyed', meanDistance(2), '', { 'idempotency-key': 'key-1' });
      const [first, second] = [await send(), await send()];
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.body.id).toBe(first.body.id);
      expect(
        (await http.get<{ items: ModelBody[] }>('models')).body.items.filter((m) => m.name === 'keyed'),
      ).toHaveLength(1);
    });

    it.each(BAD_GRAPHS)('are refused where they are %s', async (_, bytes, path) => {
      const { status, body } = await http.upload('bad', bytes);
      expect([status, body.code], JSON.stringify(body)).toEqual([400, 'anomaly_detection.model_refused']);
      expect(body.errors!.map((error) => error.path)).toContain(path);
      expect(
        (await http.get<{ items: ModelBody[] }>('models')).body.items.filter(({ name }) => name === 'bad'),
      ).toEqual([]);
    });

    it('are refused where they are too large, by their bytes or their needs', async () => {
      const large = await http.upload('bad', Buffer.alloc(600_000, 1));
      expect([large.status, large.body.code]).toEqual([413, 'anomaly_detection.model_too_large']);
      const hungry = await http.upload('bad', hungryGraph());
      expect(hungry.status).toBe(400);
      expect(hungry.body.detail).toContain('MiB of memory');
    });

    it('are refused where they are slow', async () => {
      const { status, body } = await http.upload('bad', slowGraph());
      expect(status).toBe(400);
      expect(body.detail).toMatch(/took longer than its limit|it takes \d+ ms for 256 windows/);
    });

    it('must be a file, of a name', async () => {
      const json = await http.post('models?name=x&why=test', { not: 'a file' });
      expect([json.status, json.body.code]).toEqual([415, 'anomaly_detection.model_media_type']);
      expect((await http.upload('Not%20kebab', meanDistance(1))).body.errors).toMatchObject([{ path: 'name' }]);
    });

    it('are no business of a token of one environment', async () => {
      const response = await http.app.inject({
        method: 'POST',
        url: '/api/v1/models?name=theirs&why=test',
        payload: meanDistance(1),
        headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${environment.id}` },
      });
      expect(response.statusCode).toBe(403);
    });
  });

  describe('in stages', () => {
    it('go from candidate to shadow to active, and every process takes them up', async () => {
      const { id } = await upload(2);
      expect((await http.post(`models/${id}/promote`, { to: 'active', why: 'at once' })).body.code).toBe(
        'anomaly_detection.model_stage_refused',
      );
      expect((await stage('promote', id)).body.stages).toMatchObject([{ environmentId: null, stage: 'shadow' }]);
      for (const worker of [0, 1]) {
        expect((await activeIn(worker, environment)).windowModel).toBeNull();
        expect(await workers[worker]!.get(ModelChoice).shadowsFor(environment.id)).toMatchObject([{ id }]);
      }
      expect((await stage('promote', id)).body.stages).toMatchObject([{ environmentId: null, stage: 'active' }]);
      for (const worker of [0, 1]) {
        const { windowModel, degraded } = await activeIn(worker, environment);
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
      const [first, second] = [await upload(2), await upload(4)];
      await activate(first.id);
      const held = (await activeIn(0, environment)).windowModel!;
      await activate(second.id);
      const { windowModel } = await activeIn(0, environment);
      expect(windowModel!.id).toBe(second.id);
      // A tick that began before goes on with what it was given.
      expect((await held.run(windows(1))).score!.data[0]).toBe(1.5);
      expect((await windowModel!.run(windows(1))).score!.data[0]).toBe(0.75);
      expect((await http.get(`models/${first.id}`)).body.stages).toMatchObject([{ stage: 'retired' }]);

      expect((await stage('roll-back', first.id)).body.code).toBe('anomaly_detection.model_stage_refused');
      expect((await stage('roll-back', second.id)).body.stages).toMatchObject([{ stage: 'shadow' }]);
      expect((await activeIn(1, environment)).windowModel!.id).toBe(first.id);
      const { body } = await http.get<{ items: Record<string, unknown>[] }>(`models/${second.id}/changes`);
      expect(
        body.items.map(({ from, to, rolledBackAt, replacedId }) => [from, to, rolledBackAt !== null, replacedId]),
      ).toEqual([
        ['shadow', 'active', true, first.id],
        ['candidate', 'shadow', false, null],
      ]);
      expect(world.audit.entries.at(-1)).toMatchObject({
        action: 'anomaly-detection.roll-back-model',
        details: { from: 'active', to: 'shadow', replaced: first.id },
      });
    });

    it('can differ by environment, whose own choice goes before that for all', async () => {
      const [everywhere, here] = [await upload(2), await upload(4)];
      await activate(everywhere.id);
      await activate(here.id, environment.id);
      expect((await activeIn(0, environment)).windowModel!.id).toBe(here.id);
      expect((await activeIn(0, other)).windowModel!.id).toBe(everywhere.id);
      await stage('retire', here.id, environment.id);
      expect((await activeIn(0, environment)).windowModel!.id).toBe(everywhere.id);
      await stage('retire', everywhere.id, environment.id);
      expect((await activeIn(0, environment)).windowModel).toBeNull();
      expect((await activeIn(0, other)).windowModel!.id).toBe(everywhere.id);
      expect((await stage('roll-back', everywhere.id, environment.id)).status).toBe(200);
      expect((await activeIn(0, environment)).windowModel!.id).toBe(everywhere.id);
    });

    it('tell a token of one environment nothing of others', async () => {
      const { id } = await upload(2);
      await activate(id);
      await activate(id, other.id);
      const seen = (await http.get(`models/${id}`, environment.id)).body;
      expect(seen.stages.map(({ environmentId }) => environmentId)).toEqual([null]);
      const listed = (await http.get<{ items: ModelBody[] }>('models', environment.id)).body.items;
      expect(JSON.stringify(listed)).not.toContain(other.id);
      const changes = await http.get<{ items: unknown[] }>(`models/${id}/changes`, environment.id);
      expect([changes.body.items.length, JSON.stringify(changes.body).includes(other.id)]).toEqual([2, false]);
      const ofOther = newId();
      await world.database.query(
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
      const { id } = await upload(2);
      expect((await stage('promote', newId())).status).toBe(404);
      expect((await http.get('models/nonsense')).status).toBe(400);
      expect((await stage('roll-back', id)).status).toBe(409);
      expect((await http.post(`models/${id}/promote`, {})).body.errors).toMatchObject([{ path: 'why' }]);
    });

    it('are compared side by side', async () => {
      const [a, b] = [await upload(2), await upload(4)];
      const { body } = await http.get<{ models: ModelBody[]; metrics: { metric: string; values: number[] }[] }>(
        `models/comparison?ids=${a.id},${b.id}`,
      );
      expect(body.models.map(({ id }) => id)).toEqual([a.id, b.id]);
      expect(body.metrics.map(({ metric }) => metric)).toContain('trial.latencyMs.batch256.median');
      expect((await http.get(`models/comparison?ids=${a.id}`)).status).toBe(400);
    });
  });

  it('score from the next tick on, wherever that is scored, and no tick is missed whatever becomes of them', async () => {
    const third = await world.environment();
    const series = [{ labels: { __name__: 'queue_depth' }, at: (i: number) => 100 + 60 * wobble(i) }];
    await world.send(workers[0]!, third, series, 0, 80);
    const scoredUntil = async (): Promise<number> => {
      const sql = 'SELECT scored_until AS at FROM anomaly_detection_shards WHERE environment_id = $1';
      return (await world.database.query<{ at: Date }>(sql, [third.id]))[0]!.at.getTime();
    };
    await world.score(workers[0]!, third, 40);
    expect(await world.anomalies(third)).toEqual([]);
    // Calls everything odd, so that its part cannot be overlooked.
    const { id } = await upload(0.001);
    await activate(id, third.id);
    await world.score(workers[1]!, third, 60);
    expect([await scoredUntil(), (await world.anomalies(third)).length]).toEqual([timeOf(60), 1]);
    await world.database.query(
      `UPDATE anomaly_detection_models SET suspended_at = now(), suspended_reason = 'test' WHERE id = $1`,
      [id],
    );
    await world.score(workers[0]!, third, 80);
    expect(await scoredUntil()).toBe(timeOf(80));
    expect(await world.anomalies(third)).toMatchObject([{ state: 'ended', reason: 'calm' }]);
  });

  describe('that fail while they are active', () => {
    it('are left out where they cannot be opened, with the reason, and others are not touched', async () => {
      const { id } = await upload(2);
      await activate(id, environment.id);
      const healthy = await upload(4);
      await activate(healthy.id, other.id);
      const broken = Buffer.from('no longer a model');
      await world.database.query(
        `UPDATE anomaly_detection_model_files SET content = $1
         WHERE sha256 = (SELECT sha256 FROM anomaly_detection_models WHERE id = $2)`,
        [broken, id],
      );
      const worker = await world.worker(QUICK);
      const { windowModel, degraded } = await worker.get(ModelChoice).activeFor(environment.id);
      expect([windowModel, degraded]).toEqual([null, expect.stringContaining('cannot be opened')]);
      const { windowModel: theirs } = await worker.get(ModelChoice).activeFor(other.id);
      expect((await theirs!.run(windows(1))).score!.data[0]).toBe(0.75);
      await world.database.query('UPDATE anomaly_detection_model_files SET content = $1 WHERE content = $2', [
        meanDistance(2),
        broken,
      ]);
    });

    it('are suspended for everybody after some slow runs, until somebody resumes them', async () => {
      const { id, name, version } = await upload(2);
      const bytes = slowGraph();
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await world.database.query('INSERT INTO anomaly_detection_model_files VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        sha256,
        bytes,
      ]);
      await world.database.query('UPDATE anomaly_detection_models SET sha256 = $1 WHERE id = $2', [sha256, id]);
      await activate(id);
      // Opening it takes longer than a tick waits, so the first answers may still be what was active before.
      const windowModel = await eventually('it is taken up', async () => {
        const active = await activeIn(0, environment);
        return active.windowModel?.id === id ? active.windowModel : undefined;
      });
      for (let run = 0; run < 3; run += 1) {
        await expect(windowModel.run(windows(256))).rejects.toMatchObject({ code: 'inference.model_too_slow' });
      }
      await expect(windowModel.run(windows(1))).rejects.toMatchObject({ code: 'anomaly_detection.model_suspended' });
      const elsewhere = await activeIn(1, environment);
      expect(elsewhere.windowModel).toBeNull();
      expect(elsewhere.degraded).toContain(`${name}@${version} is suspended: 3 runs in a row failed`);
      const { body } = await http.get<Record<string, unknown>>(`environments/${environment.id}/models`);
      expect(body).toMatchObject({
        windowModel: { id, state: 'suspended' },
        degraded: expect.stringContaining('plain channels score alone'),
      });
      expect(world.audit.entries.map(({ action }) => action)).toContain('anomaly-detection.suspend-model');

      expect((await http.post(`models/${id}/resume`, { why: 'with smaller batches' })).body.state).toBe('ready');
      for (const worker of [0, 1]) {
        await eventually('it scores again', async () => {
          const active = await activeIn(worker, environment);
          return (await active.windowModel?.run(windows(1)))?.score !== undefined;
        });
      }
      expect((await http.post(`models/${id}/resume`, { why: 'again' })).status).toBe(409);
    }, 60_000);
  });
});
