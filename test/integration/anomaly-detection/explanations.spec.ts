import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { SignalDeriver } from '../../../src/modules/anomaly-detection/signals/signal-deriver.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { startHttp } from './support/detection-http.js';
import { BREAKS, LAST, POD_SERIES } from './support/service-pods.js';
import { DetectionWorld, STEP, timeOf } from './support/world.js';

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

describe('groups and explanations over HTTP', () => {
  let world: DetectionWorld;
  let app: NestFastifyApplication;
  let environment: Environment;

  beforeAll(async () => {
    world = await DetectionWorld.create();
    // Groups and explanations are those of any detector; this one needs no long history.
    const worker = await world.worker({ detector: 'robust-window', scorePods: true });
    environment = await world.environment();
    await world.send(worker, environment, POD_SERIES, 0, LAST);
    for (const index of [100, BREAKS, LAST]) {
      const target = { environmentId: environment.id, tick: timeOf(index), tickMs: STEP };
      await worker.get(SignalDeriver).deriveUntil(target);
      await world.score(worker, environment, index);
    }
    app = await startHttp(world);
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
