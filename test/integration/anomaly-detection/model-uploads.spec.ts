import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/modules/environments/index.js';
import type { ModelsHttp, ModelBody } from './support/models-http.js';
import { ModelsWorld } from './support/models-world.js';
import { BAD_GRAPHS, hungryGraph, meanDistance, slowGraph } from './support/window-graphs.js';
import type { DetectionWorld } from './support/world.js';

describe('models that come with the release or are uploaded', () => {
  let world: ModelsWorld;
  let detection: DetectionWorld;
  let http: ModelsHttp;
  let environment: Environment;

  beforeAll(async () => {
    world = await ModelsWorld.create();
    ({ detection, http, environment } = world);
  });
  afterAll(() => world?.close());
  afterEach(() => world.unstage());

  it('are versions too, with their checksum', async () => {
    const { body } = await http.get<{ items: ModelBody[] }>('models?kind=detector');
    expect(body.items.map(({ name, origin, kind }) => ({ name, origin, kind }))).toContainEqual({
      name: 'robust-window',
      origin: 'built-in',
      kind: 'detector',
    });
    const { id } = body.items.find(({ name }) => name === 'robust-window')!;
    expect((await world.stage('promote', id)).body.code).toBe('anomaly_detection.model_unusable');
  });

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
    expect(detection.audit.entries.at(-1)).toMatchObject({
      action: 'anomaly-detection.upload-model',
      subjectId: body.id,
    });
    expect((await http.get('models?stage=active')).body).toMatchObject({ items: [] });

    const download = await http.app.inject({ method: 'GET', url: `/api/v1/models/${body.id}/content` });
    expect(download.rawPayload.equals(bytes)).toBe(true);
    expect(download.headers['content-disposition']).toContain('first-1.onnx');
  });

  it('get the next number, or the one that was asked for, once', async () => {
    expect((await world.upload(3, 'numbered')).version).toBe('1');
    expect((await world.upload(4, 'numbered')).version).toBe('2');
    expect((await http.upload('numbered', meanDistance(5), '&version=7')).body.version).toBe('7');
    expect((await world.upload(6, 'numbered')).version).toBe('8');
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
    expect((await http.get<{ items: ModelBody[] }>('models')).body.items.filter(({ name }) => name === 'bad')).toEqual(
      [],
    );
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
