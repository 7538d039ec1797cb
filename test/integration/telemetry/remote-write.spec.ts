import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/modules/environments/index.js';
import { PackService } from '../../../src/modules/telemetry/storage/pack.service.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { WriteRequestProto, protoEncode } from '../../support/remote-write-protos.js';
import {
  type OutgoingSeries,
  WriteRequestEncoder,
  exampleSeries,
  writeHeaders,
} from '../../support/remote-write-sender.js';
import { compressSnappy } from '../../support/snappy-compressor.js';
import { startHttpTelemetry } from './support/http.js';
import { seededRandom } from './support/random.js';
import { DAY, KnownEnvironments, SettableClock, createEnvironment } from './support/telemetry-process.js';

const NOW = Date.UTC(2026, 10, 21, 10, 30);
const STALE = new Float64Array(new BigUint64Array([0x7ff0000000000002n]).buffer);

let database: TestDatabase;
let app: NestFastifyApplication;
const clock = new SettableClock(NOW);
const environments = new KnownEnvironments();

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startHttpTelemetry({ databaseUrl: database.url, clock, environments });
});

afterAll(async () => {
  await app?.close();
  await database?.close();
});

interface Sent {
  readonly protocol?: 'v1' | 'v2';
  readonly series: readonly OutgoingSeries[];
  readonly times: readonly number[];
  readonly values: Float64Array | readonly number[];
}

function bodyOf({ protocol = 'v1', series, times, values }: Sent): Buffer {
  const column = values instanceof Float64Array ? values : Float64Array.from(values);
  return new WriteRequestEncoder(protocol, series).encodeCompressed(Float64Array.from(times), column);
}

function post(environment: Environment, body: Buffer, headers: Record<string, string> = writeHeaders('v1')) {
  return app.inject({
    method: 'POST',
    url: '/api/v1/write',
    headers: { authorization: `Bearer ${environment.id}`, ...headers },
    payload: body,
  });
}

async function get(path: string) {
  const response = await app.inject({ method: 'GET', url: `/api/v1/${path}` });
  return { status: response.statusCode, body: response.json(), headers: response.headers };
}

function oneSeries(name: string, labels: Record<string, string> = {}): OutgoingSeries[] {
  return [{ labels: Object.entries({ __name__: name, ...labels }).sort(([a], [b]) => (a < b ? -1 : 1)) }];
}

async function samplesOf(environment: Environment, selector: string, from = NOW - DAY, to = NOW + DAY) {
  const found = await get(`environments/${environment.id}/series?match[]=${encodeURIComponent(selector)}`);
  const id = found.body.items[0]?.id as number;
  const read = await get(`environments/${environment.id}/samples?seriesId=${id}&from=${from / 1000}&to=${to / 1000}`);
  return read.body.items[0] as { times: number[]; values: (number | null)[] };
}

describe('remote write', () => {
  it.each(['v1', 'v2'] as const)('stores a %s request and answers 204 with an empty body', async (protocol) => {
    const environment = await createEnvironment(database, environments);
    const series = exampleSeries(200);
    const times = series.map(() => NOW);
    for (const offset of [0, 15_000]) {
      const body = bodyOf({
        protocol,
        series,
        times: times.map((time) => time + offset),
        values: times.map((_, i) => i + 0.25),
      });
      const response = await post(environment, body, writeHeaders(protocol));
      expect(response.statusCode).toBe(204);
      expect(response.body).toBe('');
      const written = response.headers['x-prometheus-remote-write-samples-written'];
      if (protocol === 'v2') {
        expect(written).toBe('200');
        expect(response.headers['x-prometheus-remote-write-histograms-written']).toBe('0');
        expect(response.headers['x-prometheus-remote-write-exemplars-written']).toBe('0');
      } else expect(written).toBeUndefined();
    }
    const status = await get(`environments/${environment.id}/status`);
    expect(status.body).toMatchObject({
      state: 'receiving',
      seriesCount: 200,
      lastSampleAt: new Date(NOW + 15_000).toISOString(),
    });
    const page = await get(`environments/${environment.id}/latest?limit=500`);
    expect(page.body.items).toHaveLength(200);
    expect(page.body.items[7]).toMatchObject({
      time: NOW + 15_000,
      value: 7.25,
      series: { labels: Object.fromEntries(series[7]!.labels) },
    });
  });

  it('gives both protocols the same series', async () => {
    const environment = await createEnvironment(database, environments);
    const series = exampleSeries(3);
    for (const [i, protocol] of (['v1', 'v2'] as const).entries()) {
      await post(
        environment,
        bodyOf({ protocol, series, times: [NOW + i, NOW + i, NOW + i], values: [1, 2, 3] }),
        writeHeaders(protocol),
      );
    }
    const page = await get(`environments/${environment.id}/series`);
    expect(page.body.items).toHaveLength(3);
    // 2.0 says the type with each series.
    expect(page.body.items[0].metricType).toBe('counter');
  });

  it.each([
    ['application/json', 'snappy'],
    ['application/x-protobuf;proto=io.prometheus.write.v3.Request', 'snappy'],
    ['application/x-protobuf', 'gzip'],
  ])('answers 415 to %s with %s', async (type, encoding) => {
    const environment = await createEnvironment(database, environments);
    const response = await post(environment, Buffer.from('{}'), { 'content-type': type, 'content-encoding': encoding });
    expect(response.statusCode).toBe(415);
  });

  it.each([
    ['an empty body', Buffer.alloc(0)],
    ['no snappy', Buffer.from('hello, world')],
    ['no protobuf', compressSnappy(Buffer.from('hello, world'))],
  ])('answers 400 with a reason to %s', async (_, body) => {
    const environment = await createEnvironment(database, environments);
    const response = await post(environment, body);
    expect(response.statusCode).toBe(400);
    expect(response.json().detail).toMatch(/malformed/);
  });

  it('stores the good samples of a request and answers 400 for those too old and too far ahead', async () => {
    const environment = await createEnvironment(database, environments, { retentionDays: 2 });
    const series = oneSeries('up');
    const times = [NOW - 3 * DAY, NOW - 1_000, NOW, NOW + 3_600_000];
    const response = await post(
      environment,
      bodyOf({ protocol: 'v2', series, times, values: [1, 2, 3, 4] }),
      writeHeaders('v2'),
    );
    expect(response.statusCode).toBe(400);
    expect(response.headers['x-prometheus-remote-write-samples-written']).toBe('2');
    expect(response.json().detail).toMatch(
      /2 samples were stored.*1 sample is older.*1 sample is more than 600 s ahead/,
    );
    expect((await samplesOf(environment, 'up')).values).toEqual([2, 3]);
  });

  it('refuses new series beyond the limit, and keeps storing the known ones', async () => {
    const environment = await createEnvironment(database, environments, { maxSeries: 3 });
    expect(
      (await post(environment, bodyOf({ series: exampleSeries(2), times: [NOW, NOW], values: [1, 2] }))).statusCode,
    ).toBe(204);
    const more = exampleSeries(5);
    const refused = await post(
      environment,
      bodyOf({ series: more, times: more.map(() => NOW + 1), values: [3, 4, 5, 6, 7] }),
    );
    expect(refused.statusCode).toBe(400);
    expect(refused.json().detail).toMatch(
      /3 samples were stored.*2 samples belong to new series beyond the environment's limit of 3/,
    );
    // A second request of the same kind must not have learnt wrong ids.
    const again = await post(
      environment,
      bodyOf({ series: more, times: more.map(() => NOW + 2), values: [3, 4, 5, 6, 7] }),
    );
    expect(again.statusCode).toBe(400);
    const page = await get(`environments/${environment.id}/latest`);
    expect(page.body.items.map((item: { value: number }) => item.value)).toEqual([3, 4, 5]);
  });

  it.each(['v1', 'v2'] as const)(
    'refuses a series whose name no index could hold, stores the others (%s)',
    async (protocol) => {
      const environment = await createEnvironment(database, environments);
      const random = seededRandom(5);
      // Text that does not compress: PostgreSQL compresses what it puts in an index.
      const long = Array.from({ length: 3_000 }, () => String.fromCharCode(33 + Math.floor(random() * 90))).join('');
      const series = [...oneSeries('up'), ...oneSeries(long), ...oneSeries('down')];
      for (const at of [NOW, NOW + 1]) {
        const body = bodyOf({ protocol, series, times: [at, at, at], values: [1, 2, 3] });
        const response = await post(environment, body, writeHeaders(protocol));
        expect(response.statusCode, response.body).toBe(400);
        expect(response.json().detail).toMatch(/2 samples were stored.*3000 bytes, at most 1024/);
        expect(response.json().errors).toContainEqual(
          expect.objectContaining({ path: 'timeseries[1].labels', message: expect.stringContaining('3000 bytes') }),
        );
      }
      expect((await samplesOf(environment, 'down')).values).toEqual([3, 3]);
    },
  );

  it.each(['of a known series', 'of a new series', 'with metadata'])(
    'answers 404 to the first write after its environment was deleted (%s)',
    async (what) => {
      const environment = await createEnvironment(database, environments);
      await post(environment, bodyOf({ series: oneSeries('up'), times: [NOW], values: [1] }));
      // Another process deleted it; this one still remembers it, and its series.
      await database.query('DELETE FROM environments_environments WHERE id = $1', [environment.id]);
      const body =
        what === 'with metadata'
          ? compressSnappy(protoEncode(WriteRequestProto, { metadata: [{ type: 1, metric_family_name: 'up' }] }))
          : bodyOf({ series: oneSeries(what === 'of a known series' ? 'up' : 'new'), times: [NOW + 1], values: [2] });
      const response = await post(environment, body);
      expect(response.statusCode, response.body).toBe(404);
      expect(response.json().code).toBe('environments.environment_not_found');
    },
  );

  it('ends a series with a stale marker, stores none, and revives it with the next sample', async () => {
    const environment = await createEnvironment(database, environments);
    const series = oneSeries('up', { job: 'node' });
    await post(environment, bodyOf({ series, times: [NOW], values: [1] }));
    expect((await post(environment, bodyOf({ series, times: [NOW + 1_000], values: STALE }))).statusCode).toBe(204);
    const list = `environments/${environment.id}/series`;
    expect((await get(list)).body.items[0].endedAt).toBe(new Date(NOW + 1_000).toISOString());
    expect((await samplesOf(environment, 'up')).values).toEqual([1]);

    await post(environment, bodyOf({ series, times: [NOW + 500], values: [2] }));
    expect((await get(list)).body.items[0].endedAt, 'a late sample from before the end').not.toBeNull();
    await post(environment, bodyOf({ series, times: [NOW + 2_000], values: [3] }));
    expect((await get(list)).body.items[0].endedAt).toBeNull();

    // Ended by one process, sent to another, which knows nothing of the marker: the pack finds out.
    await database.query('UPDATE telemetry_series SET ended_at = $1 WHERE environment_id = $2', [
      new Date(NOW + 1_500),
      environment.id,
    ]);
    await app.get(PackService).pack(environment);
    expect((await get(list)).body.items[0].endedAt).toBeNull();
  });

  it('shows NaN as null, which is no stale marker', async () => {
    const environment = await createEnvironment(database, environments);
    await post(environment, bodyOf({ series: oneSeries('ratio'), times: [NOW, NOW + 1], values: [NaN, 2] }));
    expect((await samplesOf(environment, 'ratio')).values).toEqual([null, 2]);
  });

  it('needs an environment from the token or the header', async () => {
    const environment = await createEnvironment(database, environments);
    const other = await createEnvironment(database, environments);
    const body = bodyOf({ series: oneSeries('up'), times: [NOW], values: [1] });
    const send = (token: string, named?: string) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/write',
        headers: {
          ...writeHeaders('v1'),
          authorization: `Bearer ${token}`,
          ...(named ? { 'x-dsim-environment': named } : {}),
        },
        payload: body,
      });
    const missing = await send('*');
    expect(missing.statusCode).toBe(400);
    expect(missing.json().detail).toMatch(/X-Dsim-Environment/);
    expect((await send('*', 'nowhere')).statusCode).toBe(400);
    expect((await send('*', environment.slug)).statusCode).toBe(204);
    expect((await send('*', environment.id)).statusCode).toBe(204);
    expect((await send(environment.id, other.slug)).statusCode).toBe(403);
  });

  it('creates a series again that was purged while its id was remembered', async () => {
    const environment = await createEnvironment(database, environments);
    const series = oneSeries('up');
    await post(environment, bodyOf({ series, times: [NOW], values: [1] }));
    const [before] = (await get(`environments/${environment.id}/series`)).body.items;
    await database.query('DELETE FROM telemetry_series WHERE id = $1', [before.id]);
    clock.time = NOW + 7 * 3_600_000;
    try {
      expect((await post(environment, bodyOf({ series, times: [clock.time], values: [2] }))).statusCode).toBe(204);
      const [after] = (await get(`environments/${environment.id}/series`)).body.items;
      expect(after.id).not.toBe(before.id);
      const read = await get(
        `environments/${environment.id}/samples?seriesId=${after.id}&from=${NOW / 1000}&to=${clock.time / 1000 + 1}`,
      );
      expect(read.body.items[0].values).toEqual([2]);
    } finally {
      clock.time = NOW;
    }
  });
});

describe('queries', () => {
  let environment: Environment;

  beforeAll(async () => {
    environment = await createEnvironment(database, environments);
    const series = exampleSeries(120);
    await post(environment, bodyOf({ series, times: series.map(() => NOW), values: series.map((_, i) => i) }));
  });

  async function count(...selectors: string[]): Promise<number> {
    const query = selectors.map((selector) => `match[]=${encodeURIComponent(selector)}`).join('&');
    const { status, body } = await get(`environments/${environment.id}/series?limit=500&${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.items.length;
  }

  it.each([
    [12, ['http_request_duration_seconds_3_total']],
    [12, ['{__name__="http_request_duration_seconds_3_total",job="kubernetes-pods"}']],
    [0, ['{job="other"}']],
    [120, ['{job!="other",namespace="shop"}']],
    [40, ['{pod=~"checkout-7d9f8b6c5d-xxxx1"}']],
    [80, ['{pod!~"checkout-7d9f8b6c5d-xxxx1",pod!=""}']],
    [24, ['{__name__=~"http_.*_[34]_total"}']],
    [40, ['{pod=~"checkout-.*-x+1"}']],
    [4, ['http_request_duration_seconds_3_total{pod=~"checkout-.*-x+1",job="kubernetes-pods"}']],
    [80, ['{pod!~"checkout-.*-x+1",job=~"kube.*"}']],
    [6, ['{le=~"1|2"}']],
    [114, ['{le!~"1|2",le!=""}']],
    [120, ['{missing="",job="kubernetes-pods"}']],
    [0, ['{missing!=""}']],
    [24, ['http_request_duration_seconds_3_total', '{__name__=~".*_4_total"}']],
    [3, ['{le="1",job="kubernetes-pods",le!="2"}']],
  ])('finds %i series for %j', async (expected, selectors) => {
    expect(await count(...selectors)).toBe(expected);
  });

  it('pages through all series once', async () => {
    for (const selector of ['', `&match[]=${encodeURIComponent('{__name__=~"http_.+"}')}`]) {
      const seen: number[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body } = await get(
          `environments/${environment.id}/series?limit=50${selector}${cursor ? `&cursor=${cursor}` : ''}`,
        );
        seen.push(...body.items.map((item: { id: number }) => item.id));
        cursor = body.nextCursor;
      }
      expect(seen).toHaveLength(120);
      expect(new Set(seen).size).toBe(120);
    }
  });

  it('names the bad field', async () => {
    const base = `environments/${environment.id}`;
    const bad = [
      ['series?match[]={job=', 'match[0]'],
      ['series?cursor=zzz', 'cursor'],
      ['samples?seriesId=x&from=0&to=1', 'seriesId'],
      ['samples?seriesId=1&from=yesterday&to=1', 'from'],
      ['samples?seriesId=1&from=2&to=1', 'to'],
      ['samples?seriesId=1&from=0&to=90000000', 'to'],
      [`samples?${Array.from({ length: 101 }, (_, i) => `seriesId=${i + 1}`).join('&')}&from=0&to=1`, 'seriesId'],
    ] as const;
    for (const [query, path] of bad) {
      const { status, body } = await get(`${base}/${query}`);
      expect(status, query).toBe(400);
      expect(
        body.errors.map((issue: { path: string }) => issue.path),
        query,
      ).toEqual([expect.stringContaining(path)]);
    }
    expect((await get(`${base}/samples?seriesId=2000000000&from=0&to=1`)).status).toBe(404);
  });

  it('answers 304 where nothing changed', async () => {
    const url = `/api/v1/environments/${environment.id}/series`;
    const first = await app.inject({ method: 'GET', url });
    const second = await app.inject({
      method: 'GET',
      url,
      headers: { 'if-none-match': first.headers['etag'] as string },
    });
    expect(second.statusCode).toBe(304);
    expect(second.body).toBe('');
  });

  it('thins out a long range and keeps its extremes', async () => {
    const quiet = await createEnvironment(database, environments);
    const series = oneSeries('spiky');
    const times = Array.from({ length: 5_000 }, (_, i) => NOW - 5_000_000 + i * 1_000);
    await post(
      quiet,
      bodyOf({ series, times, values: times.map((_, i) => (i === 1_234 ? 99 : i === 4_321 ? -99 : Math.sin(i))) }),
    );
    const read = await samplesOf(quiet, 'spiky');
    expect(read).toMatchObject({ downsampled: true });
    expect(read.times.length).toBeLessThanOrEqual(500);
    expect(read.values).toContain(99);
    expect(read.values).toContain(-99);
    expect(read.times[0]).toBe(times[0]);
    expect(read.times.at(-1)).toBe(times.at(-1));
    expect(read.times).toEqual([...read.times].sort((a, b) => a - b));
  });

  it('tells no data from stale data', async () => {
    const silent = await createEnvironment(database, environments);
    expect((await get(`environments/${silent.id}/status`)).body).toMatchObject({
      state: 'no_data',
      lastSampleAt: null,
      seriesCount: 0,
    });
    await post(silent, bodyOf({ series: oneSeries('up'), times: [NOW - 3_600_000], values: [1] }));
    expect((await get(`environments/${silent.id}/status`)).body).toMatchObject({ state: 'stale', seriesCount: 1 });
  });
});
