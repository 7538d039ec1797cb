import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExecuteStudyProcessor } from '../../../src/modules/anomaly-detection/studies/execute-study.processor.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { createHttpApplication } from '../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../src/platform/http/http.config.js';
import { moduleContext } from '../../support/platform.js';
import { TokenIsEnvironmentGuard } from '../telemetry/support/http.js';
import { DetectionWorld, timeOf, wobble, type TestSeries } from './support/world.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of many routes, looked at field by field */

const HOUR = 240;
const CONFIG = { serviceSignals: false, recordScores: false, scorePods: true };

class SilenceRoot {}
Module({})(SilenceRoot);

const SERIES: readonly TestSeries[] = [
  { labels: { __name__: 'queue_depth', service: 'web' }, at: (i) => (i < HOUR + 20 ? 50 + wobble(i) : undefined) },
  { labels: { __name__: 'threads', service: 'shop' }, at: (i) => (i < HOUR + 160 ? 20 + wobble(i) : 500) },
];

describe('silence, settings and feedback', () => {
  let world: DetectionWorld;
  let worker: TestingModule;
  let app: NestFastifyApplication;
  let environment: Environment;
  let scored = 0;

  beforeAll(async () => {
    world = await DetectionWorld.create();
    worker = await world.worker(CONFIG);
    const root: DynamicModule = {
      module: SilenceRoot,
      imports: world.imports(CONFIG, true),
      providers: [{ provide: APP_GUARD, useClass: TokenIsEnvironmentGuard }],
    };
    app = await createHttpApplication(root, {
      context: moduleContext({ role: 'api' }),
      config: httpConfig.schema.parse({ port: 0 }),
      logger: false,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await world?.close();
  });

  async function call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: any }> {
    const url = `/api/v1/environments/${environment.id}${path}`;
    const response = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
    return { status: response.statusCode, body: response.body === '' ? null : response.json() };
  }

  async function begin(): Promise<void> {
    environment = await world.environment();
    scored = 0;
  }

  async function live(to: number): Promise<void> {
    for (; scored < to; scored += 20) {
      await world.send(worker, environment, SERIES, scored, scored + 20);
      await world.score(worker, environment, scored + 20);
    }
  }

  const anomalies = async (metric: string): Promise<any[]> => {
    const { body } = await call('GET', '/anomalies?limit=100');
    return body.items.filter((item: any) => item.labels.__name__ === metric).reverse();
  };

  it('explains itself without a value, and obeys feedback until that is undone', async () => {
    await begin();
    await live(HOUR + 60);
    const [silent, ...others] = await anomalies('queue_depth');
    expect(others).toEqual([]);
    expect(silent).toMatchObject({
      state: 'open',
      value: null,
      yhat: null,
      contributions: { missing: 5.25 },
      silence: { scope: 'like', everyMs: 15_000 },
    });
    const explained = (await call('GET', `/anomalies/${silent.id}`)).body;
    expect(explained).toMatchObject({
      sentence:
        'Queue depth of web stopped reporting at 2026-11-03 15:05 UTC after reporting every 15 seconds for 60 minutes: ' +
        'silent 5.3 times as long as any gap before, and no other series of its like reports.',
      valueText: 'no data',
      rarity: { text: 'the longest gap before was 15 seconds' },
    });

    const subject = { kind: 'not-an-anomaly', anomalyId: silent.id, scope: 'series' };
    const started = await call('POST', '/detection/feedback', { ...subject, comment: 'it is gone for good' });
    expect(started).toMatchObject({ status: 202 });
    const context = { signal: new AbortController().signal, progress: () => Promise.resolve() };
    await worker.get(ExecuteStudyProcessor).process({ studyId: started.body.id }, context);
    const given = (await call('GET', `/detection/feedback/${started.body.id}`)).body;
    expect(given).toMatchObject({ scope: 'like', factors: { silence: 100 } });
    await live(HOUR + 120);
    expect(await anomalies('queue_depth')).toEqual([
      expect.objectContaining({
        state: 'ended',
        endReason: 'calm',
        endedAt: new Date(timeOf(HOUR + 60)).toISOString(),
      }),
    ]);

    await call('DELETE', `/detection/feedback/${given.id}`);
    await live(HOUR + 160);
    expect(await anomalies('queue_depth')).toEqual([
      expect.objectContaining({ state: 'ended' }),
      expect.objectContaining({ state: 'open', silence: expect.anything() }),
    ]);
    const missed = await call('POST', '/detection/feedback', { ...subject, kind: 'missed' });
    await worker.get(ExecuteStudyProcessor).process({ studyId: missed.body.id }, context);
    expect((await call('GET', `/detection/feedback/${missed.body.id}`)).body).toMatchObject({ state: 'failed' });
  });

  it('ends with a reason of its own where its series is excluded, whatever it was', async () => {
    await live(HOUR + 180);
    expect(await anomalies('threads')).toEqual([expect.objectContaining({ state: 'open', value: 500 })]);
    const rules = [{ name: 'quiet', match: '', excluded: { reason: 'not now' } }];
    await call('PUT', '/detection/settings', { settings: { rules }, comment: 'why' }, { 'if-match': '"0"' });
    await live(HOUR + 240);
    const all = [...(await anomalies('threads')), ...(await anomalies('queue_depth')).slice(1)];
    expect(all).toEqual([
      expect.objectContaining({ state: 'ended', endReason: 'excluded' }),
      expect.objectContaining({ state: 'ended', endReason: 'excluded' }),
    ]);
    expect((await call('GET', '/anomaly-groups?state=open')).body.items).toEqual([]);
  });

  it('opens nothing in maintenance, and what is still silent afterwards then', async () => {
    await begin();
    const [from, to] = [new Date(timeOf(HOUR)).toISOString(), new Date(timeOf(HOUR + 80)).toISOString()];
    const rules = [
      { name: 'move', match: '{service="web"}', maintenance: [{ kind: 'once', from, to, reason: 'move' }] },
    ];
    const saved = await call(
      'PUT',
      '/detection/settings',
      { settings: { rules }, comment: 'why' },
      { 'if-match': '"0"' },
    );
    expect(saved.status).toBe(200);
    await live(HOUR + 80);
    expect(await anomalies('queue_depth')).toEqual([]);
    await live(HOUR + 120);
    expect(await anomalies('queue_depth')).toEqual([
      expect.objectContaining({ state: 'open', startedAt: new Date(timeOf(HOUR + 20)).toISOString() }),
    ]);
  });
});
