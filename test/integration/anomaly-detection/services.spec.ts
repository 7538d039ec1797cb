import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { SignalDeriver } from '../../../src/modules/anomaly-detection/signals/signal-deriver.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { TelemetryReader } from '../../../src/modules/telemetry/index.js';
import { createHttpApplication } from '../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../src/platform/http/http.config.js';
import { moduleContext } from '../../support/platform.js';
import { TokenIsEnvironmentGuard } from '../telemetry/support/http.js';
import { DetectionWorld, STEP, timeOf, wobble, type TestSeries } from './support/world.js';

class HttpRoot {}
Module({})(HttpRoot);

const BREAKS = 150;
const LAST = 162;

/** A counter that grows by `rate(i)` per second in the 15 s before sample i. */
function counter(rate: (index: number) => number): (index: number) => number {
  return (index) => {
    let total = 100;
    for (let i = 1; i <= index; i += 1) total += 15 * rate(i);
    return total;
  };
}

function pod(name: string, service: string, factor: number): TestSeries[] {
  const labels = { service, namespace: 'shop', pod: name, instance: `${name}:8080`, job: service };
  const requests = (i: number) => factor * (20 + 2 * wobble(i));
  const failed = (i: number) => (i > BREAKS ? 0.4 : 0.001);
  return [
    {
      labels: { __name__: 'http_requests_total', code: '200', ...labels },
      type: 'counter',
      at: counter((i) => requests(i) * (1 - failed(i))),
    },
    {
      labels: { __name__: 'http_requests_total', code: '500', ...labels },
      type: 'counter',
      at: counter((i) => requests(i) * failed(i)),
    },
    {
      labels: { __name__: 'process_cpu_seconds_total', ...labels },
      type: 'counter',
      at: counter((i) => 0.01 * requests(i) + 0.01 + 0.002 * wobble(i + 7) + (i > BREAKS ? 1.5 : 0)),
    },
    {
      labels: { __name__: 'process_resident_memory_bytes', ...labels },
      at: (i) => 2e8 * factor + 1e6 * wobble(i + 3),
    },
  ];
}

const SERIES: readonly TestSeries[] = [
  ...pod('cart-5c9d7f6b8d-abcde', 'cart', 1),
  ...pod('cart-5c9d7f6b8d-fghij', 'cart', 2),
];

interface Group {
  readonly id: string;
  readonly state: string;
  readonly services: string[];
  readonly anomalies: number;
  readonly openAnomalies: number;
  readonly peakAnomalyId: string;
  readonly sentence: string;
  readonly members: { readonly id: string }[];
}

interface Body {
  readonly items: Group[];
  readonly nextCursor: string | null;
  readonly code?: string;
}

describe('signals of services', () => {
  let world: DetectionWorld;

  beforeAll(async () => {
    world = await DetectionWorld.create();
  });
  afterAll(() => world.close());

  function derive(worker: TestingModule, environment: Environment, index: number): Promise<void> {
    return worker.get(SignalDeriver).deriveUntil({ environmentId: environment.id, tick: timeOf(index), tickMs: STEP });
  }

  /** Every sample of every signal, by series. */
  async function recorded(
    worker: TestingModule,
    environment: Environment,
  ): Promise<Record<string, [number, number][]>> {
    const telemetry = worker.get(TelemetryReader);
    const selectors = [[{ name: '__name__', operator: '=~' as const, value: 'service:.+' }]];
    const { items } = await telemetry.findSeries(environment.id, { selectors, limit: 500, includeDerived: true });
    const ids = items.map(({ id }) => id);
    const samples = await telemetry.readSamples(environment.id, ids, { from: timeOf(0), to: timeOf(400) });
    return Object.fromEntries(
      items.map(({ id, labels }) => {
        const window = samples.get(id);
        const name = `${labels['__name__']}${labels['signal'] ? `{${labels['signal']}}` : ''}`;
        return [name, window ? Array.from(window.times, (time, i) => [time, window.values[i]!]) : []];
      }),
    );
  }

  it('adds up rates over pods, divides errors by requests, and averages gauges', async () => {
    const worker = await world.worker();
    const environment = await world.environment();
    await world.send(worker, environment, SERIES, 0, LAST);
    await derive(worker, environment, 60);
    const signals = await recorded(worker, environment);
    const at = (name: string, index: number) =>
      signals[`service:${name}`]!.find(([time]) => time === timeOf(index) - 1)?.[1];
    // Sample i, one second into tick i + 1, closes the 15 s in which the pods served (1 + 2) (20 + 2 wobble) per second.
    const requests = 3 * (20 + 2 * wobble(40));
    expect(at('http_requests_total:rate', 41)).toBeCloseTo(requests, 6);
    expect(at('http_requests_total:error_ratio', 41)).toBeCloseTo(0.001, 9);
    expect(at('process_cpu_seconds_total:rate', 41)).toBeCloseTo(0.01 * requests + 0.02 + 0.004 * wobble(47), 6);
    expect(at('process_resident_memory_bytes:mean', 41)).toBeCloseTo(3e8 + 1e6 * wobble(43), 3);
    expect(at('process_resident_memory_bytes:max', 41)).toBeCloseTo(4e8 + 1e6 * wobble(43), 3);
  });

  it('gives the same signals whoever derives them, and when it runs twice', async () => {
    const environment = await world.environment();
    const other = await world.environment();
    const first = await world.worker();
    await world.send(first, environment, SERIES, 0, LAST);
    await world.send(first, other, SERIES, 0, LAST);
    for (let index = 20; index <= LAST; index += 1) await derive(first, environment, index);

    await derive(first, other, 90);
    const second = await world.worker();
    await Promise.all([derive(second, other, 131), derive(first, other, 131)]);
    await derive(second, other, LAST);
    await derive(first, other, LAST);
    const [a, b] = [await recorded(first, environment), await recorded(first, other)];
    expect(Object.keys(b).sort()).toEqual(Object.keys(a).sort());
    // The first derives from index 20 on with an hour of history, the other from index 90 on: compare what both have.
    for (const [name, samples] of Object.entries(a)) {
      const own = new Map(b[name]);
      for (const [time, value] of samples) {
        if (time < timeOf(60)) continue;
        expect(own.get(time), `${name} at ${time}`).toBeCloseTo(value, 9);
      }
    }
  });

  it('is written down with the position, so that nothing is derived twice', async () => {
    const worker = await world.worker();
    const environment = await world.environment();
    await world.send(worker, environment, SERIES, 0, LAST);
    await derive(worker, environment, LAST);
    const [row] = await world.database.query<{ until: Date; signals: number; left: number }>(
      `SELECT derived_until AS until, signals, left_out AS left FROM anomaly_detection_signals WHERE environment_id = $1`,
      [environment.id],
    );
    expect(row!.until.getTime()).toBe(timeOf(LAST));
    expect(row!.left).toBe(0);
    expect(row!.signals).toBe(6);
  });

  it('stands for the series of pods', async () => {
    const worker = await world.worker();
    const environment = await world.environment();
    await world.send(worker, environment, SERIES, 0, 40);
    await derive(worker, environment, 40);
    await world.score(worker, environment, 40);
    const states = await world.database.query<{ state: string; reason: string; series: number }>(
      `SELECT state, coalesce(reason, '') AS reason, count(*)::int AS series FROM anomaly_detection_series_states
       WHERE environment_id = $1 GROUP BY state, reason ORDER BY state, reason`,
      [environment.id],
    );
    expect(states).toContainEqual({
      state: 'excluded',
      reason: 'of a pod: the signal of its service is scored',
      series: SERIES.length,
    });
    expect(states.find(({ state }) => state === 'ok')!.series).toBe(5);
  });

  it('stops at the limit of a service, and says how many it left out', async () => {
    const worker = await world.worker({ maximumSignalsPerService: 4 });
    const environment = await world.environment();
    await world.send(worker, environment, SERIES, 0, 40);
    await derive(worker, environment, 40);
    const names = Object.keys(await recorded(worker, environment));
    expect(names).toEqual(
      expect.arrayContaining(['service:http_requests_total:rate', 'service:http_requests_total:error_ratio']),
    );
    const [row] = await world.database.query<{ left: number }>(
      `SELECT left_out AS left FROM anomaly_detection_signals WHERE environment_id = $1`,
      [environment.id],
    );
    expect(row!.left).toBe(1);
  });
});

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

describe('groups and explanations over HTTP', () => {
  let world: DetectionWorld;
  let app: NestFastifyApplication;
  let environment: Environment;

  beforeAll(async () => {
    world = await DetectionWorld.create();
    // Groups and explanations are those of any detector; this one needs no long history.
    const worker = await world.worker({ detector: 'robust-window', scorePods: true });
    environment = await world.environment();
    await world.send(worker, environment, SERIES, 0, LAST);
    for (const index of [100, BREAKS, LAST]) {
      const target = { environmentId: environment.id, tick: timeOf(index), tickMs: STEP };
      await worker.get(SignalDeriver).deriveUntil(target);
      await world.score(worker, environment, index);
    }
    const root: DynamicModule = {
      module: HttpRoot,
      imports: world.imports({}, true),
      providers: [{ provide: APP_GUARD, useClass: TokenIsEnvironmentGuard }],
    };
    app = await createHttpApplication(root, {
      context: moduleContext({ role: 'api' }),
      config: httpConfig.schema.parse({ port: 0 }),
      logger: false,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(async () => {
    await app?.close();
    await world.close();
  });

  async function get<T = Body>(path: string): Promise<{ status: number; body: T }> {
    const response = await app.inject({ method: 'GET', url: `/api/v1/environments/${environment.id}${path}` });
    return { status: response.statusCode, body: response.json() };
  }

  it('makes one group of all that one cause broke', async () => {
    const { body } = await get('/anomaly-groups');
    expect(body.items).toHaveLength(1);
    const [group] = body.items;
    expect(group).toMatchObject({ state: 'open', services: ['cart'] });
    expect(group!.anomalies).toBeGreaterThan(2);
    const { body: detail } = await get<Group>(`/anomaly-groups/${group!.id}`);
    expect(detail.members).toHaveLength(group!.anomalies);
    expect(detail.sentence).toMatch(/of cart/);
    expect((await get('/anomaly-groups?state=ended')).body.items).toEqual([]);
    expect((await get('/anomaly-groups?service=cart&limit=1')).body).toMatchObject({ items: [{ id: group!.id }] });
    expect((await get('/anomaly-groups?service=checkout')).body.items).toEqual([]);
  });

  it('explains an anomaly in one sentence, with the facts it is made of', async () => {
    interface Detail {
      readonly id: string;
      readonly labels: Record<string, string>;
      readonly sentence: string;
      readonly channels: { readonly channel: string; readonly score: number }[];
      readonly rarity: { readonly text: string; readonly points: number; readonly asFar: number };
      readonly coMovers: { readonly labels: Record<string, string>; readonly score: number; readonly text: string }[];
      readonly links: { readonly chart: string; readonly query: string };
      readonly groupId: string;
      readonly peakAt: string;
    }
    const { body: list } = await get<{ items: Detail[] }>('/anomalies?limit=100');
    const found = list.items.find(({ labels }) => labels['__name__'] === 'service:http_requests_total:error_ratio')!;
    const { status, body } = await get<Detail>(`/anomalies/${found.id}`);
    expect(status).toBe(200);
    expect(body.sentence).toMatch(
      /^Error ratio of HTTP requests of cart rose to 40\s% at 2026-11-03 14:\d\d UTC, where 0\.1\s% .*was expected: .+; the highest in all \d+ minutes of history \(\d+ points\).*\.$/u,
    );
    expect(body.channels[0]!.score).toBeGreaterThan(1);
    expect(body.rarity).toMatchObject({ asFar: 0 });
    expect(body.rarity.points).toBeGreaterThan(100);
    expect(body.coMovers[0]!.text).toMatch(/^CPU use of cart/);
    expect(body.sentence).toMatch(/CPU use of cart.* \(score [\d.]+\).* moved too\.$/);
    expect(body.coMovers.every(({ score }) => score >= 0.7)).toBe(true);
    expect(body.links.query).toBe(
      'sum(rate(http_requests_total{namespace="shop", service="cart", code=~"5.."}[2m])) / sum(rate(http_requests_total{namespace="shop", service="cart"}[2m]))',
    );
    expect(body.links.chart).toContain(`#/environments/${environment.id}/series/`);
    const { body: again } = await get<Detail>(`/anomalies/${found.id}`);
    expect(again).toEqual(body);
  });

  it('lets Prometheus read what was recorded, with the labels of the source', async () => {
    const scrape = async (query: string) => {
      const url = `/api/v1/environments/${environment.id}/anomaly-metrics${query}`;
      const { headers, payload, statusCode } = await app.inject({ method: 'GET', url });
      return { status: statusCode, type: headers['content-type'], text: payload };
    };
    const all = await scrape('');
    expect(all.type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const pod = 'cart-5c9d7f6b8d-abcde';
    for (const metric of ['anomaly_score', 'y', 'yhat', 'yhat_lower', 'yhat_upper']) {
      expect(all.text).toMatch(
        new RegExp(
          `^${metric}\\{for="process_cpu_seconds_total",instance="${pod}:8080",job="cart",namespace="shop",pod="${pod}",service="cart"\\} \\S+$`,
          'm',
        ),
      );
    }
    expect(all.text).toMatch(/^service:http_requests_total:error_ratio\{namespace="shop",service="cart"\} 0\.4\d*$/m);
    const some = await scrape('?match[]=anomaly_score{for="process_cpu_seconds_total"}&timestamps=on');
    const lines = some.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toHaveLength(2);
    expect(lines.every((line) => line.endsWith(` ${timeOf(LAST)}`))).toBe(true);
    expect((await scrape('?match[]=http_requests_total')).text).toBe('');
    const bad = await scrape('?match[]={');
    expect(bad.status).toBe(400);
    expect(JSON.parse(bad.text)).toMatchObject({
      code: 'anomaly_detection.invalid_match',
      errors: [{ path: 'match[0]' }],
    });
  });

  it.each(['/anomalies', '/anomaly-groups'])('says that %s/{id} is not there', async (path) => {
    const { status, body } = await get(`${path}/${newId()}`);
    expect(status).toBe(404);
    expect(body.code).toMatch(/^anomaly_detection\.(anomaly|group)_not_found$/);
    expect((await get(`${path}/nonsense`)).status).toBe(400);
  });
});
