import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aiApiConfig } from '../../../src/experimental/ai-api/ai-api.config.js';
import { AiApiModule } from '../../../src/experimental/ai-api/ai-api.module.js';
import { WindowScorer } from '../../../src/experimental/ai-api/window-scorer.js';
import { Cache } from '../../../src/platform/cache/cache.js';
import { MemoryCache } from '../../../src/platform/cache/memory-cache.js';
import { createHttpApplication } from '../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../src/platform/http/http.config.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { moduleContext } from '../../support/platform.js';
import { meanDistance } from '../anomaly-detection/support/window-graphs.js';
import { DetectionWorld } from '../anomaly-detection/support/world.js';
import { TokenIsEnvironmentGuard } from '../telemetry/support/http.js';

class Root {}
Module({})(Root);
class CacheRoot {}
Module({})(CacheRoot);

interface Scored {
  readonly detector: string;
  readonly models: string;
  readonly degraded: string | null;
  readonly code?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly series: readonly {
    readonly state: string;
    readonly anomalous: boolean;
    readonly missingPoints: number;
    readonly unit: string;
    readonly sentence: string | null;
    readonly score: number | null;
    readonly channels: readonly { readonly name: string; readonly reason: string; readonly score: number | null }[];
    readonly points: readonly {
      readonly at: string;
      readonly value: number | null;
      readonly score: number | null;
      readonly yhat: number | null;
      readonly contributions: Record<string, number>;
    }[];
  }[];
}

const calm = (points: number): number[] => Array.from({ length: points }, (_, i) => 50 + Math.sin(i * 1.7) * 2);

describe('the AI API', () => {
  let world: DetectionWorld;
  let app: NestFastifyApplication;
  let scored = 0;

  beforeAll(async () => {
    world = await DetectionWorld.create();
    const cache = new MemoryCache(16 * 1_048_576);
    const providers = [{ provide: Cache, useValue: cache }];
    const root: DynamicModule = {
      module: Root,
      imports: [
        ...world.imports({ models: { refreshMs: 0 } }, true),
        { module: CacheRoot, global: true, providers, exports: providers },
        testConfiguration(section(aiApiConfig, { maxSeries: 5, maxPoints: 400, maxTotalPoints: 600 })),
        AiApiModule.register(moduleContext({ serves: true })),
      ],
      providers: [{ provide: APP_GUARD, useClass: TokenIsEnvironmentGuard }],
    };
    app = await createHttpApplication(root, {
      context: moduleContext({ role: 'api' }),
      config: httpConfig.schema.parse({ port: 0 }),
      logger: false,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    const scorer = app.get(WindowScorer, { strict: false });
    const score = scorer.score.bind(scorer);
    scorer.score = (...given) => {
      scored += 1;
      return score(...given);
    };
  });
  afterAll(async () => {
    await app?.close();
    await world.close();
  });

  const post = async (path: string, body: unknown, token = '*'): Promise<{ status: number; body: Scored }> => {
    const response = await app.inject({
      method: 'POST',
      url: `/api/v1/ai/${path}`,
      payload: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
    return { status: response.statusCode, body: response.json() };
  };
  const score = (series: object[], rest: object = {}) => post('score', { series, ...rest });

  it('scores the newest point of each series, and says what is odd', async () => {
    const labels = { __name__: 'queue_depth', service: 'checkout' };
    const { status, body } = await score([
      { labels, values: [...calm(120), 51] },
      { labels, values: [...calm(118), 400, 410, 420] },
    ]);
    expect(status, JSON.stringify(body)).toBe(200);
    const [quiet, odd] = body.series;
    expect(quiet).toMatchObject({ state: 'ok', anomalous: false, sentence: null });
    expect(quiet!.points).toHaveLength(1);
    expect(quiet!.points[0]!.score).toBeLessThan(1);
    expect(odd).toMatchObject({ state: 'ok', anomalous: true });
    expect(odd!.points[0]!.score).toBeGreaterThan(1);
    expect(Math.abs(odd!.points[0]!.yhat! - 50)).toBeLessThan(10);
    expect(Math.max(...Object.values(odd!.points[0]!.contributions))).toBeCloseTo(odd!.points[0]!.score!, 6);
    expect(odd!.sentence).toContain('420');
  });

  it('gives all points on request, on the time of the caller', async () => {
    const times = Array.from({ length: 60 }, (_, i) => Date.UTC(2026, 10, 3) + i * 15_000);
    const { body } = await score([{ values: calm(60), times }], { points: 'all' });
    expect(body.series[0]!.points.map(({ at }) => Date.parse(at))).toEqual(times);
    expect(body.series[0]!.points.map(({ value }) => value)).toEqual(calm(60));
    expect(body.series[0]!.points[0]!.score).toBeNull();
  });

  it('takes counters as rates, resets handled', async () => {
    let total = 0;
    const values = Array.from({ length: 100 }, (_, i) => (i === 50 ? (total = 0) : (total += 30 + (i % 3))));
    const { body } = await score([{ labels: { __name__: 'http_requests_total' }, values }]);
    expect(body.series[0]).toMatchObject({ unit: 'per_second', state: 'ok', anomalous: false });
    expect(body.series[0]!.points[0]!.value).toBeCloseTo(30 / 15, 6);
  });

  it('says where it knows too little', async () => {
    const { body } = await score([{ values: [1, 2, 3] }, { values: [...calm(60), null] }, { values: [null, null] }]);
    expect(body.series.map(({ state }) => state)).toEqual(['learning', 'no-value', 'learning']);
    expect(body.series[0]!.missingPoints).toBeGreaterThan(0);
  });

  it.each([
    ['no series', { series: [] }, 'series'],
    ['text for a number', { series: [{ values: [1, 'NaN'] }] }, 'series[0].values[1]'],
    ['an infinity', '{"series":[{"values":[1,1e999]}]}', 'series[0].values[1]'],
    ['times out of order', { series: [{ values: [1, 2, 3], times: [10, 30, 20] }] }, 'series[0].times[2]'],
    ['times twice', { series: [{ values: [1, 2], times: [10, 10] }] }, 'series[0].times[1]'],
    ['fewer times than values', { series: [{ values: [1, 2], times: [10] }] }, 'series[0].times'],
    ['a time that is none', { series: [{ values: [1, 2], times: [10, 1e17] }] }, 'series[0].times[1]'],
    ['too many series', { series: Array.from({ length: 6 }, () => ({ values: [1] })) }, 'series'],
    ['too many points', { series: [{ values: calm(401) }] }, 'series[0].values'],
    ['too many points in all', { series: [{ values: calm(350) }, { values: calm(350) }] }, 'series'],
    ['a span of too many steps', { series: [{ values: [1, 2], times: [0, 1e12] }] }, 'series'],
    [
      'few points that span many steps of several series',
      { series: [{ values: [1, 2], times: [0, 5_985_000] }, { values: [1] }] },
      'series',
    ],
    ['the edge of time', { series: [{ values: [1], times: [-8.64e15] }, { values: [1, 2] }] }, 'series[0].times[0]'],
    ['a range upside down', { series: [{ values: [1], dataRange: { lower: 2, upper: 1 } }] }, 'series[0].dataRange'],
  ])('refuses %s, and says where', async (_, request, path) => {
    const { status, body } = await post('score', request);
    expect(status, JSON.stringify(body)).toBe(400);
    expect(body.errors!.map((error) => error.path)).toContain(path);
  });

  it('answers the same windows from its memory, until the models change', async () => {
    const request = [{ values: [...calm(100), 60] }];
    const first = await score(request);
    const before = scored;
    expect(await score(request)).toEqual(first);
    expect(scored).toBe(before);
    expect((await score(request, { falseAlarmsPerWeek: 100 })).status).toBe(200);
    expect(scored).toBe(before + 1);
  });

  it('explains channel by channel', async () => {
    const { status, body } = await post('explain', { series: [{ values: [...calm(118), 400, 410] }] });
    expect(status, JSON.stringify(body)).toBe(200);
    const [series] = body.series;
    expect(series!.score).toBeGreaterThan(1);
    expect(series!.sentence).toMatch(/410/);
    expect(series!.channels.find(({ name }) => name === 'residual')!.score).toBeGreaterThan(1);
    expect(series!.channels.every(({ reason }) => reason.length > 0)).toBe(true);
  });

  it('asks the learned model that is active, and does without it where it fails', async () => {
    const upload = await app.inject({
      method: 'POST',
      url: '/api/v1/models?name=for-ai&why=test',
      payload: meanDistance(0.001),
      headers: { 'content-type': 'application/octet-stream' },
    });
    const { id } = upload.json<{ id: string }>();
    for (let step = 0; step < 2; step += 1) {
      await app.inject({ method: 'POST', url: `/api/v1/models/${id}/promote`, payload: { why: 'test' } });
    }
    const { body } = await score([{ values: [...calm(100), 90] }]);
    expect(body).toMatchObject({ degraded: null, models: expect.stringContaining('for-ai@1') });
    expect(body.series[0]!.points[0]!.contributions['learned']).toBeGreaterThan(1);

    await world.database.query(`UPDATE anomaly_detection_models SET suspended_at = now(), suspended_reason = 'test'`);
    const without = await score([{ values: [...calm(100), 90] }]);
    expect(without.body.degraded).toContain('is suspended: test');
    expect(without.body.series[0]!.points[0]!.contributions['learned']).toBeUndefined();
  });

  it('is closed to tokens of another environment', async () => {
    const [here, there] = [await world.environment(), await world.environment()];
    const request = { environmentId: here.id, series: [{ values: calm(20) }] };
    expect((await post('score', request, here.id)).status).toBe(200);
    expect((await post('score', request, there.id)).status).toBe(403);
  });
});
