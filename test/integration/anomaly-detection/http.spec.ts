import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/modules/environments/index.js';
import { encodeCursor } from '../../../src/platform/http/paging.js';
import { newId } from '../../../src/kernel/ids.js';
import { startHttp } from './support/detection-http.js';
import { cpuCounter, DetectionWorld, timeOf, wobble, type TestSeries } from './support/world.js';

/** The fields that these tests look at, of any of the answers. */
interface Body {
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly items: { readonly seriesId: number; readonly score: number | null }[];
  readonly nextCursor: string | null;
  readonly times: number[];
  readonly values: number[];
  readonly score: number[];
  readonly yhat: number[];
  readonly yhatLower: number[];
  readonly yhatUpper: number[];
  readonly downsampled: boolean;
  readonly points: number;
  readonly describedAt: string | null;
  readonly code?: string;
}

const SERIES: readonly TestSeries[] = [
  { labels: { __name__: 'node_cpu_seconds_total', mode: 'user' }, type: 'counter', at: cpuCounter(100, 110) },
  { labels: { __name__: 'node_load1' }, at: (i) => (i > 100 && i <= 110 ? 8 : 0.4 + 0.1 * wobble(i)) },
  { labels: { __name__: 'node_uname_info' }, at: () => 1 },
];
const LAST = 125;

describe('detection over HTTP', () => {
  let world: DetectionWorld;
  let app: NestFastifyApplication;
  let environment: Environment;
  let ids: Int32Array;

  beforeAll(async () => {
    world = await DetectionWorld.create();
    const worker: TestingModule = await world.worker();
    environment = await world.environment();
    ids = await world.send(worker, environment, SERIES, 0, 60);
    await world.send(worker, environment, SERIES, 60, LAST);
    await world.score(worker, environment, 60);
    await world.score(worker, environment, LAST);
    app = await startHttp(world);
  });
  afterAll(async () => {
    await app?.close();
    await world.close();
  });

  async function get(path: string, id = environment.id): Promise<{ status: number; body: Body }> {
    const response = await app.inject({ method: 'GET', url: `/api/v1/environments/${id}${path}` });
    return { status: response.statusCode, body: response.json() };
  }

  it('tells how far detection is', async () => {
    expect(await get('/detection')).toEqual({
      status: 200,
      body: {
        states: { learning: 0, ok: 2, stale: 0, excluded: 1 },
        tickSeconds: 15,
        scoredUntil: new Date(timeOf(LAST)).toISOString(),
        model: { id: 'channel-ensemble', version: expect.any(String) },
        lagSeconds: 2,
        learning: null,
        openAnomalies: 0,
      },
    });
  });

  it('lists states of series, in pages, with the newest score', async () => {
    const first = await get('/detection/series?limit=2');
    expect(first.body.items.map((item) => item.seriesId)).toEqual([ids[0], ids[1]]);
    expect(first.body.items[1]).toMatchObject({ labels: { __name__: 'node_load1' }, state: 'ok', reason: null });
    expect(first.body.items[1]!.score).toBeLessThan(1);
    const second = await get(`/detection/series?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({
      items: [{ seriesId: ids[2], state: 'excluded', score: null }],
      nextCursor: null,
    });
    expect((await get('/detection/series?state=excluded')).body.items).toHaveLength(1);
  });

  it('tells what was learned of a series, and how it is looked at', async () => {
    const { status, body } = await get(`/detection/series/${ids[1]}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      seriesId: ids[1],
      labels: { __name__: 'node_load1' },
      state: 'ok',
      detector: expect.stringMatching(/^channel-ensemble@/),
      learning: null,
      channels: expect.arrayContaining([{ name: 'residual', active: true, reason: expect.any(String) }]),
    });
    expect(body.points).toBeGreaterThanOrEqual(60);
    expect(body.describedAt).toBe(new Date(timeOf(LAST)).toISOString());
    expect((await get(`/detection/series/${ids[2]}`)).body).toMatchObject({ state: 'excluded', channels: [] });
    expect(await get('/detection/series/2000000000')).toMatchObject({
      status: 404,
      body: { code: 'anomaly_detection.series_not_found' },
    });
  });

  it('gives scores of a counter per second, with a band that the burn leaves', async () => {
    const { status, body } = await get(
      `/scores?seriesId=${ids[0]}&from=${timeOf(90) / 1000}&to=${timeOf(LAST) / 1000}`,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ unit: 'per_second', downsampled: false });
    expect(body.times).toEqual(Array.from({ length: LAST - 90 }, (_, i) => timeOf(90 + i)));
    const burning = body.times.indexOf(timeOf(105));
    expect(body.values[burning]).toBeCloseTo(0.98);
    expect(body.score[burning]!).toBeGreaterThan(1);
    expect(body.yhat[burning]!).toBeLessThan(0.1);
    expect(body.values[burning]).toBeGreaterThan(body.yhatUpper[burning]!);
    expect(body.yhatLower[burning]).toBeLessThan(body.yhat[burning]!);
  });

  it('shows values where nothing was scored, and keeps the peak when it thins out', async () => {
    const range = `from=${new Date(timeOf(20)).toISOString()}&to=${new Date(timeOf(LAST)).toISOString()}`;
    const full = await get(`/scores?seriesId=${ids[1]}&${range}`);
    expect(full.body.score[0]).toBeNull();
    expect(full.body.values[0]).toBeCloseTo(0.4, 0);
    const thin = await get(`/scores?seriesId=${ids[1]}&${range}&maxPoints=10`);
    expect(thin.body.times).toHaveLength(10);
    expect(thin.body.downsampled).toBe(true);
    expect(Math.max(...thin.body.score)).toBe(Math.max(...full.body.score));
  });

  it('lists anomalies, newest first, by state, series and time', async () => {
    const { body } = await get('/anomalies?limit=1');
    expect(body.items).toHaveLength(1);
    const next = await get(`/anomalies?limit=1&cursor=${body.nextCursor}`);
    expect(next.body.nextCursor).toBeNull();
    const both = [...body.items, ...next.body.items];
    expect(both.map((item) => item.seriesId).sort()).toEqual([ids[0], ids[1]].sort());
    expect(both[0]).toMatchObject({
      state: 'ended',
      endReason: 'calm',
      detector: expect.stringMatching(/^channel-ensemble@/),
      adopted: false,
    });
    const count = async (query: string) => (await get(`/anomalies?${query}`)).body.items.length;
    expect(await count('state=open')).toBe(0);
    expect(await count(`seriesId=${ids[0]}`)).toBe(1);
    expect(await count(`from=${timeOf(114) / 1000}`)).toBe(0);
    expect(await count(`to=${timeOf(90) / 1000}`)).toBe(0);
  });

  it.each([
    ['/anomalies?cursor=nonsense', 'http.invalid_cursor'],
    ['/detection/series?cursor=WyJ4Il0', 'http.invalid_cursor'],
    // [99999999999] and ["0000-01-01T00:00:00Z", id]: whole, but beyond what PostgreSQL's types hold.
    ['/detection/series?cursor=Wzk5OTk5OTk5OTk5XQ', 'http.invalid_cursor'],
    [`/anomalies?cursor=${encodeCursor(['0000-01-01T00:00:00Z', newId()])}`, 'http.invalid_cursor'],
    ['/scores?seriesId=2000000000', 'anomaly_detection.series_not_found'],
    ['/scores?seriesId=1&from=200&to=100', undefined],
    ['/scores?seriesId=zero', undefined],
    ['/anomalies?from=yesterday', undefined],
  ])('answers %s with a problem', async (path, code) => {
    const { status, body } = await get(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    if (code) expect(body.code).toBe(code);
  });

  it('says which time it expects', async () => {
    const { body } = await get('/scores?seriesId=1&from=yesterday');
    expect(body.errors).toEqual([{ path: 'from', message: expect.stringContaining('must be an ISO 8601 time') }]);
    expect((await get('/anomalies?from=-99999999999')).status, 'before what PostgreSQL can hold').toBe(400);
  });

  it('refuses what is no environment', async () => {
    expect((await get('/detection', 'not-a-uuid')).status).toBeLessThan(500);
    expect((await get('/detection', newId())).status).toBeGreaterThanOrEqual(400);
  });
});
