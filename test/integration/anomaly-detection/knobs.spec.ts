import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import {
  SeriesSettingsSource,
  suppressedAt,
} from '../../../src/modules/anomaly-detection/settings/series-settings-source.js';
import { ExecuteStudyProcessor } from '../../../src/modules/anomaly-detection/studies/execute-study.processor.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { createHttpApplication } from '../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../src/platform/http/http.config.js';
import { moduleContext } from '../../support/platform.js';
import { TokenIsEnvironmentGuard } from '../telemetry/support/http.js';
import { DetectionWorld, timeOf, wobble, type TestSeries } from './support/world.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of many routes, looked at field by field */

class KnobsRoot {}
Module({})(KnobsRoot);

/** Six hours of ticks: calm, with a jump of load from tick 1200 to 1230 and of queue from tick 1210 to 1230. */
const LAST = 1_440;
const busy = (i: number) => i >= 1_200 && i < 1_230;
const SERIES: readonly TestSeries[] = [
  { labels: { __name__: 'load', service: 'web', pod: 'web-1' }, at: (i) => (busy(i) ? 60 : 10) + wobble(i) },
  { labels: { __name__: 'load', service: 'web', pod: 'web-2' }, at: (i) => (busy(i) ? 58 : 11) + wobble(i + 7) },
  { labels: { __name__: 'load', service: 'cart', pod: 'cart-1' }, at: (i) => 12 + wobble(i + 3) },
];
const DEFAULTS = { settings: { minimumDeviation: 0.5, minimumRelativeDeviation: 0.2, sensitivity: 6 }, excluded: null };

describe('settings, feedback, previews and score cards', () => {
  let world: DetectionWorld;
  let worker: TestingModule;
  let app: NestFastifyApplication;
  let environment: Environment;
  let ids: Int32Array;

  beforeAll(async () => {
    world = await DetectionWorld.create();
    worker = await world.worker({ scorePods: true });
    environment = await world.environment();
    ids = await world.send(worker, environment, SERIES, 0, LAST);
    world.clock.time = timeOf(LAST);
    const root: DynamicModule = {
      module: KnobsRoot,
      imports: world.imports({ scorePods: true }, true),
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
  ): Promise<{ status: number; body: any; etag: string | undefined }> {
    const url = `/api/v1/environments/${environment.id}${path}`;
    const response = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
    const body = response.body === '' ? null : response.json();
    return { status: response.statusCode, body, etag: response.headers.etag as string | undefined };
  }

  /** Runs what was started, as the worker's queue does, and answers how it ended. */
  async function study(path: string, started: { status: number; body: any }): Promise<any> {
    expect(started, JSON.stringify(started.body)).toMatchObject({ status: 202 });
    const context = { signal: new AbortController().signal, progress: () => Promise.resolve() };
    await worker.get(ExecuteStudyProcessor).process({ studyId: started.body.id }, context);
    return (await call('GET', `${path}/${started.body.id}`)).body;
  }

  const saved = (settings: object, comment = 'because') => ({ settings, comment });

  describe('versions', () => {
    it('begins with what the product does by itself', async () => {
      const { status, body, etag } = await call('GET', '/detection/settings');
      expect(status).toBe(200);
      expect(body).toMatchObject({ version: 0, settings: { falseAlarmsPerWeek: 1, rules: [] }, createdAt: null });
      expect(etag).toBe('"0"');
    });

    it('saves versions for whoever knows the newest, tells what differs, and restores', async () => {
      const one = saved({ rules: [{ name: 'web', match: '{service="web"}', sensitivity: 2 }] }, 'web is noisy');
      expect((await call('PUT', '/detection/settings', one)).body.code).toBe('anomaly_detection.if_match_required');
      const first = await call('PUT', '/detection/settings', one, { 'if-match': '"0"' });
      expect(first).toMatchObject({ status: 200, etag: '"1"', body: { version: 1, comment: 'web is noisy' } });
      const late = await call('PUT', '/detection/settings', one, { 'if-match': '"0"' });
      expect(late).toMatchObject({ status: 409, body: { code: 'anomaly_detection.settings_changed' } });

      const two = saved({ falseAlarmsPerWeek: 5, rules: [{ name: 'web', match: '{service="web"}', sensitivity: 3 }] });
      await call('PUT', '/detection/settings', two, { 'if-match': '"1"' });
      expect((await call('GET', '/detection/settings/diff?from=1&to=2')).body.differences).toEqual([
        { path: 'falseAlarmsPerWeek', before: 1, after: 5 },
        { path: 'rules[web].sensitivity', before: 2, after: 3 },
      ]);
      const restored = await call('POST', '/detection/settings/versions/1/restore', {});
      expect(restored.body).toMatchObject({ version: 3, restoredFrom: 1, settings: one.settings });
      await call('POST', '/detection/settings/versions/0/restore', { comment: 'start over' });
      const { body } = await call('GET', '/detection/settings/versions?limit=3');
      expect(body.items.map((item: any) => item.version)).toEqual([4, 3, 2]);
      expect(body.nextCursor).not.toBeNull();
      expect((await call('GET', '/detection/settings/versions/99')).status).toBe(404);
    });

    it.each([
      [{ rules: [{ name: 'a', match: 'up{' }] }, 'settings.rules[0].match'],
      [{ rules: [{ name: 'a', match: '', sensitivity: 0 }] }, 'settings.rules[0].sensitivity'],
      [{ rules: [{ name: 'a', match: '', dataRange: { lower: 2, upper: 1 } }] }, 'settings.rules[0].dataRange.upper'],
      [
        {
          rules: [
            {
              name: 'a',
              match: '',
              businessHours: { timeZone: 'Mars/One', weekdays: ['mon'], from: '08:00', to: '9' },
            },
          ],
        },
        'settings.rules[0].businessHours.timeZone',
      ],
      [
        {
          rules: [
            {
              name: 'a',
              match: '',
              maintenance: [{ kind: 'once', from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z', reason: 'x' }],
            },
          ],
        },
        'settings.rules[0].maintenance[0].to',
      ],
      [
        {
          rules: [
            { name: 'a', match: '' },
            { name: 'a', match: '' },
          ],
        },
        'settings.rules[1].name',
      ],
      [{ rules: [{ name: 'a', match: '', unknown: 1 }] }, 'settings.rules[0]'],
    ])('refuses %j with the path of the field', async (settings, path) => {
      const { status, body } = await call('PUT', '/detection/settings', saved(settings), { 'if-match': '*' });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body.errors.map((error: any) => error.path)).toContain(path);
    });

    it('reaches other processes with their next question', async () => {
      const source = worker.get(SeriesSettingsSource);
      const before = await source.settingsFor(environment.id);
      expect(await source.settingsFor(environment.id)).toBe(before);
      const window = { kind: 'once', from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', reason: 'move' };
      const rules = [{ name: 'move', match: 'load', maintenance: [window] }];
      await call('PUT', '/detection/settings', saved({ rules }), { 'if-match': '*' });
      const after = await source.settingsFor(environment.id);
      expect(after.version).not.toBe(before.version);
      const resolved = after.resolve({ id: 1, labels: { __name__: 'load' } }, DEFAULTS);
      expect(suppressedAt(resolved, Date.UTC(2026, 0, 1, 0, 30))).toBe('maintenance: move');
      await call('POST', '/detection/settings/versions/0/restore', {});
    });
  });

  describe('preview', () => {
    it('says which anomalies vanish, over the series that would differ', async () => {
      const settings = { rules: [{ name: 'jumps are fine', match: '{service="web"}', minimumDeviation: 100 }] };
      const range = { from: new Date(timeOf(600)).toISOString(), to: new Date(timeOf(LAST)).toISOString() };
      const started = await call('POST', '/detection/settings/preview', { settings, ...range });
      const preview = await study('/detection/settings/preview', started);
      expect(preview, preview.reason).toMatchObject({ state: 'finished', percent: 100 });
      expect(preview.result).toMatchObject({
        matched: 3,
        affected: 2,
        series: 2,
        before: 2,
        after: 0,
        vanish: 2,
        come: 0,
      });
      expect(preview.result.vanishing.map((one: any) => one.labels.pod).sort()).toEqual(['web-1', 'web-2']);
      // 840 ticks of 15 s are 3.5 hours: 48 of them are a week.
      expect(preview.result.beforePerWeek).toBeCloseTo(96);
    });

    it('finds nothing to do where nothing differs, and can be cancelled', async () => {
      const settings = { rules: [{ name: 'elsewhere', match: '{service="nowhere"}', sensitivity: 2 }] };
      const started = await call('POST', '/detection/settings/preview', { settings });
      expect((await study('/detection/settings/preview', started)).result).toMatchObject({ matched: 3, affected: 0 });
      const other = await call('POST', '/detection/settings/preview', { settings });
      const { body } = await call('POST', `/detection/settings/preview/${other.body.id}/cancel`);
      expect(body.state).toBe('cancelled');
      expect((await study('/detection/settings/preview', other)).state).toBe('cancelled');
    });

    it.each([
      [{ settings: {}, from: '2026-11-03T15:00:00Z', to: '2026-11-03T14:00:00Z' }, 'from'],
      [{ settings: {}, match: '{' }, 'match'],
      [{ settings: {}, from: '2026-01-01T00:00:00Z' }, 'from'],
    ])('refuses %j', async (body, path) => {
      const answer = await call('POST', '/detection/settings/preview', body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body.errors[0].path).toBe(path);
    });
  });

  describe('feedback', () => {
    const stretch = { from: new Date(timeOf(1_195)).toISOString(), to: new Date(timeOf(1_240)).toISOString() };

    it('shows what it will do, holds once saved, is seen on the series, and can be undone', async () => {
      const subject = { kind: 'not-an-anomaly', scope: 'like', seriesId: ids[0], ...stretch };
      const preview = await study(
        '/detection/feedback/preview',
        await call('POST', '/detection/feedback/preview', subject),
      );
      expect(preview.state, preview.reason).toBe('finished');
      expect(Object.values(preview.result.factors as Record<string, number>).every((factor) => factor > 1)).toBe(true);
      expect(preview.result.effect).toMatchObject({ series: 2, before: 2, after: 0, vanish: 2, stretchHeeded: true });
      expect(preview.result.effect.summary).toContain('This stretch would not be an anomaly any more.');
      expect((await call('GET', `/detection/series/${ids[1]}/settings`)).body.channelFactors).toEqual({});

      const given = await call('POST', '/detection/feedback', { previewId: preview.id, comment: 'nightly batch' });
      expect(given.body).toMatchObject({ state: 'active', scope: 'like', comment: 'nightly batch' });
      const like = (await call('GET', `/detection/series/${ids[1]}/settings`)).body;
      expect(like).toMatchObject({ channelFactors: preview.result.factors, feedback: [given.body.id] });
      expect((await call('GET', `/detection/series/${ids[2]}/settings`)).body.feedback).toEqual([]);
      const again = await call('POST', '/detection/feedback', { previewId: preview.id });
      expect(again.body.id, 'saving twice is saving once').toBe(given.body.id);
      expect((await call('GET', '/detection/feedback?active=true')).body.items).toHaveLength(1);

      const undone = await call('DELETE', `/detection/feedback/${given.body.id}`);
      expect(undone.body).toMatchObject({ state: 'undone' });
      expect((await call('GET', `/detection/series/${ids[1]}/settings`)).body.channelFactors).toEqual({});
      expect((await call('GET', '/detection/feedback?active=true')).body.items).toHaveLength(0);
      expect((await call('GET', '/detection/feedback')).body.items).toHaveLength(1);
    });

    it('can be given in one step', async () => {
      const body = { kind: 'not-an-anomaly', seriesId: ids[0], ...stretch, comment: 'known' };
      const started = await call('POST', '/detection/feedback', body);
      expect(started.body.state).toBe('computing');
      const given = await study('/detection/feedback', started);
      expect(given).toMatchObject({ state: 'active', scope: 'series', effect: { series: 1, vanish: 1 } });
      await call('DELETE', `/detection/feedback/${given.id}`);
    });

    it('says why it changes nothing', async () => {
      const calm = { from: new Date(timeOf(700)).toISOString(), to: new Date(timeOf(720)).toISOString() };
      const subject = { kind: 'not-an-anomaly', seriesId: ids[2], ...calm };
      const preview = await study(
        '/detection/feedback/preview',
        await call('POST', '/detection/feedback/preview', subject),
      );
      expect(preview).toMatchObject({ state: 'failed', reason: expect.stringContaining('nothing needs to change') });
      const { status, body } = await call('POST', '/detection/feedback', { previewId: preview.id });
      expect([status, body.code]).toEqual([409, 'anomaly_detection.feedback_preview_not_ready']);
    });

    it.each([
      [{ kind: 'missed', seriesId: 1 }, 'from'],
      [{ kind: 'wrong', anomalyId: newId() }, 'kind'],
      [{ kind: 'missed', anomalyId: newId(), seriesId: 1 }, 'anomalyId'],
    ])('refuses %j', async (body, path) => {
      const answer = await call('POST', '/detection/feedback', body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body.errors.map((error: any) => error.path)).toContain(path);
    });

    it('knows no anomaly and no feedback of others', async () => {
      expect((await call('POST', '/detection/feedback', { kind: 'missed', anomalyId: newId() })).status).toBe(404);
      expect((await call('GET', `/detection/feedback/${newId()}`)).status).toBe(404);
      expect((await call('DELETE', `/detection/feedback/${newId()}`)).status).toBe(404);
    });
  });

  describe('score cards', () => {
    it('scores configurations on known stretches, keeps the card, and compares two', async () => {
      const label = {
        kind: 'overload',
        from: new Date(timeOf(1_200)).toISOString(),
        to: new Date(timeOf(1_230)).toISOString(),
        services: ['web'],
      };
      const never = {
        from: new Date(timeOf(800)).toISOString(),
        to: new Date(timeOf(820)).toISOString(),
        kind: 'quiet',
      };
      const deaf = { rules: [{ name: 'deaf', match: '', minimumDeviation: 1000 }] };
      const request = {
        title: 'Load',
        from: new Date(timeOf(600)).toISOString(),
        labels: [label, never],
        configurations: [{ name: 'current' }, { name: 'deaf', settings: deaf }],
      };
      const card = await study('/score-cards', await call('POST', '/score-cards', request));
      expect(card.state, card.reason).toBe('finished');
      const [current, none] = card.report.card.detectors;
      expect(current.all).toMatchObject({ stretches: 2, found: 1, recall: { value: 0.5 } });
      expect(current.byKind.map((one: any) => [one.kind, one.found])).toEqual([
        ['overload', 1],
        ['quiet', 0],
      ]);
      expect(current.pages).toMatchObject({ count: 1, true: 1, false: 0 });
      expect(current.calm.anomalies).toBe(0);
      expect(none.all).toMatchObject({ found: 0 });
      expect(none.pages.count).toBe(0);

      world.clock.time += 1_000;
      const other = await study('/score-cards', await call('POST', '/score-cards', { ...request, title: 'Again' }));
      const { body } = await call('GET', `/score-cards/compare?a=${card.id}&b=${other.id}`);
      expect(body.rows).toHaveLength(4);
      expect(body.rows[0]).toMatchObject({ card: card.id, configuration: 'current', recall: { value: 0.5 } });
      expect((await call('GET', '/score-cards')).body.items.map((item: any) => item.title)).toEqual(['Again', 'Load']);
      expect((await call('DELETE', `/score-cards/${other.id}`)).status).toBe(204);
      expect((await call('GET', `/score-cards/${other.id}`)).status).toBe(404);
    });
  });
});
