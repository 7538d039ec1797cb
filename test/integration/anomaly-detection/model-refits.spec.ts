import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelChoice } from '../../../src/modules/anomaly-detection/index.js';
import { RefitEnvironmentProcessor } from '../../../src/modules/anomaly-detection/models/refit/refit-environment.processor.js';
import { TendRefitsProcessor } from '../../../src/modules/anomaly-detection/models/refit/tend-refits.processor.js';
import { SettingsRepository } from '../../../src/modules/anomaly-detection/settings/settings.repository.js';
import { ShadowCounting } from '../../../src/modules/anomaly-detection/models/shadow/shadow-counting.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { ModelsHttp, type ModelBody } from './support/models-http.js';
import { meanDistance } from './support/window-graphs.js';
import { DetectionWorld, STEP, timeOf, type TestSeries } from './support/world.js';
import { seededRandom } from '../telemetry/support/random.js';

const SERIES = 40;
const TICKS = 900;
const HOUR = 3_600_000;
const instant = (index: number): string => new Date(timeOf(index)).toISOString();
const SIGNAL = { signal: new AbortController().signal };

interface Refit {
  readonly id: string;
  readonly state: string;
  readonly modelId: string | null;
  readonly outcome: string | null;
  readonly reason: string;
}

interface Card {
  readonly points: number;
  readonly agreement: number;
  readonly meanDifference: number;
  readonly active: { readonly anomalies: number; readonly found: number; readonly disturbed: number };
  readonly shadow: { readonly anomalies: number; readonly found: number };
  readonly labels: { readonly wrong: number };
  readonly verdict: string;
}

describe('shadows and refits', () => {
  let world: DetectionWorld;
  let worker: TestingModule;
  let http: ModelsHttp;
  let environment: Environment;
  let ids: Int32Array;
  const FITS = { refreshMs: 0, shadowHours: 1, refitHistoryHours: 3, refitWarmUpHours: 1, refitSeriesWeeks: 0.3 };
  const config = { models: { ...FITS, autoPromote: true, refitHours: 0 } };
  /** Ticks of so many anomalies, apart from each other. */
  const cries = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => [10, 11, 12].map((tick) => tick + 20 * i)).flat();

  beforeAll(async () => {
    world = await DetectionWorld.create();
    worker = await world.worker(config);
    http = await ModelsHttp.start(world, config);
    environment = await world.environment();
    // Noise with rare excursions of every height, as metrics have them.
    const series = Array.from({ length: SERIES }, (_, s): TestSeries => {
      const random = seededRandom(s + 1);
      const values = Array.from({ length: TICKS }, () => 100 + (random() + random() + random() - 1.5) * 10);
      for (let i = 100; i < TICKS; i += 150) {
        const height = 30 * (0.2 + random()) ** 2;
        for (let k = 0; k < 3; k += 1) values[i + Math.floor(random() * 20) + k]! += height;
      }
      return { labels: { __name__: 'queue_depth', queue: `q${s}` }, at: (i) => values[i] };
    });
    ids = await world.send(worker, environment, series, 0, TICKS);
    world.clock.time = timeOf(TICKS);
  });
  afterAll(async () => {
    await http?.close();
    await world.close();
  });
  beforeEach(async () => {
    world.clock.time = timeOf(TICKS);
    for (const table of [
      'refits',
      'model_stages',
      'model_changes',
      'shadow_hours',
      'shadow_shards',
      'shadow_anomalies',
    ])
      await world.database.query(`DELETE FROM anomaly_detection_${table}`);
  });

  const isScored = ({ id }: Environment, series: readonly number[]) =>
    world.database.query(
      `INSERT INTO anomaly_detection_series_states (environment_id, series_id, state, since)
       SELECT $1, series_id, 'ok', now() FROM unnest($2::integer[]) AS series_id ON CONFLICT DO NOTHING`,
      [id, series],
    );
  const refits = async (): Promise<Refit[]> =>
    (await http.get<{ items: Refit[] }>(`environments/${environment.id}/refits`)).body.items;
  const refit = async (): Promise<Refit> => {
    const { status, body } = await http.post<Refit>(`environments/${environment.id}/refits`, { why: 'test' });
    expect(status, JSON.stringify(body)).toBe(202);
    await worker.get(RefitEnvironmentProcessor).process({ environmentId: environment.id, refitId: body.id }, SIGNAL);
    return (await refits())[0]!;
  };
  const tend = () => worker.get(TendRefitsProcessor).process({}, SIGNAL);
  /** `above`: ticks at which the scores of series 1 are far above the boundary, by judge. */
  const observe = async (shadowId: string, above: { active: number[]; shadow: number[] }, ticks = 240) => {
    const counting = worker.get(ShadowCounting);
    const shard = { environmentId: environment.id, number: 0, ledger: null };
    const ledger = (await counting.open(shard, [shadowId], timeOf(-1)))!;
    const seriesIds = Int32Array.of(1, 2, 3);
    for (let tick = 0; tick < ticks; tick += 1) {
      const scores = (high: readonly number[]) => Float64Array.of(high.includes(tick) ? 3 : 0.5, 0.25, NaN);
      const both = { activeScores: scores(above.active), shadowScores: scores(above.shadow) };
      ledger.add({ shadowId, at: timeOf(tick), tickMs: STEP, seriesIds, ...both });
    }
    await worker.get(Database).transaction((tx) => counting.write(tx, shard, timeOf(ticks)));
  };
  const cardOf = async (id: string): Promise<Card> =>
    (await http.get<Card>(`models/${id}/shadow-card?environmentId=${environment.id}`)).body;

  it('keeps a score card of what a shadow would have done', async () => {
    const { body: model } = await http.upload('shadowed', meanDistance(2));
    await http.post(`models/${model.id}/promote`, { environmentId: environment.id, why: 'look at it' });
    expect(await cardOf(model.id)).toMatchObject({ points: 0, verdict: 'no-data', agreement: null });
    // The active one cries at 10-12 and 100-102, the shadow at 100-102 only.
    await observe(model.id, { active: [10, 11, 12, 100, 101, 102], shadow: [100, 101, 102] });
    const card = await cardOf(model.id);
    expect(card).toMatchObject({ points: 480, active: { anomalies: 2 }, shadow: { anomalies: 1 } });
    expect(card.agreement).toBeCloseTo(477 / 480, 10);
    // Three points of 480 differ by 2.5.
    expect(card.meanDifference).toBeCloseTo((3 * 2.5) / 480, 10);
    // Both are far from one a week in 1,000 series. The shadow is nearer, which is chance as often as not.
    expect(card).toMatchObject({ verdict: 'no-difference', reason: expect.stringContaining('chance') });
  });

  it('fits the boundaries of an environment to its history, as a candidate in shadow', async () => {
    const done = await refit();
    expect(done, done.outcome ?? '').toMatchObject({ state: 'shadow', reason: 'request' });
    const { body } = await http.get<ModelBody & { calibration: { table: { perWeek: number; boundary: number }[] } }>(
      `models/${done.modelId}`,
    );
    expect(body).toMatchObject({ kind: 'calibration', origin: 'refit', environmentId: environment.id });
    expect(body.stages).toMatchObject([{ environmentId: environment.id, stage: 'shadow' }]);
    const boundaries = body.calibration.table.map(({ boundary }) => boundary);
    expect(boundaries).toEqual([...boundaries].sort((a, b) => b - a));
    expect(boundaries.at(-1)).toBeGreaterThan(0);
    const shadows = await worker.get(ModelChoice).shadowsFor(environment.id);
    expect(shadows).toMatchObject([{ id: done.modelId, kind: 'calibration' }]);
    const again = await http.post<{ code: string }>(`environments/${environment.id}/refits`, { why: 'again' });
    expect([again.status, again.body.code]).toEqual([409, 'anomaly_detection.refit_running']);
    // Its environment only.
    expect((await http.post(`models/${done.modelId}/promote`, { why: 'for all' })).body.code).toBe(
      'anomaly_detection.model_unusable',
    );
  });

  it('promotes a better one by itself when its time in shadow is over, and one call takes it back', async () => {
    const { modelId } = await refit();
    await observe(modelId!, { active: cries(10), shadow: [] });
    await tend();
    expect((await refits())[0]).toMatchObject({ state: 'shadow' });
    world.clock.time += 2 * HOUR;
    await tend();
    expect((await refits())[0]).toMatchObject({ state: 'promoted', outcome: expect.stringContaining('better') });
    const active = await worker.get(ModelChoice).activeFor(environment.id);
    expect(active.calibration!.id).toBe(modelId);
    expect(active.calibration!.boundaryFor(1)).toBeGreaterThan(0);
    expect(world.audit.entries.at(-1)).toMatchObject({ action: 'anomaly-detection.promote-model', actor: 'system' });

    const back = await http.post(`models/${modelId}/roll-back`, { environmentId: environment.id, why: 'too calm' });
    expect(back.status).toBe(200);
    expect((await worker.get(ModelChoice).activeFor(environment.id)).calibration).toBeNull();
  });

  it('leaves the decision to people where it is not told to decide', async () => {
    const careful = await world.worker({ models: { ...config.models, autoPromote: false } });
    const { modelId } = await refit();
    await observe(modelId!, { active: cries(10), shadow: [] });
    world.clock.time += 2 * HOUR;
    await careful.get(TendRefitsProcessor).process({}, SIGNAL);
    expect((await refits())[0]).toMatchObject({
      state: 'skipped',
      outcome: expect.stringContaining('stays in shadow'),
    });
    expect((await http.get(`models/${modelId}`)).body.stages).toMatchObject([{ stage: 'shadow' }]);
  });

  it('does not promote one that is better by chance', async () => {
    const { modelId } = await refit();
    await observe(modelId!, { active: cries(3), shadow: cries(1) });
    world.clock.time += 2 * HOUR;
    await tend();
    expect((await refits())[0]).toMatchObject({ state: 'retired', outcome: expect.stringContaining('chance') });
    expect((await worker.get(ModelChoice).activeFor(environment.id)).calibration).toBeNull();
  });

  it('retires one that is not better, with the reason', async () => {
    const { modelId } = await refit();
    await observe(modelId!, { active: [], shadow: [10, 11, 12, 100, 101, 102] });
    world.clock.time += 2 * HOUR;
    await tend();
    expect((await refits())[0]).toMatchObject({ state: 'retired', outcome: expect.stringContaining('not better') });
    expect((await http.get(`models/${modelId}`)).body.stages).toMatchObject([{ stage: 'retired' }]);
    expect((await worker.get(ModelChoice).activeFor(environment.id)).calibration).toBeNull();
  });

  it('says why nothing was fitted where the history is too short', async () => {
    const young = await world.environment();
    await world.send(worker, young, [{ labels: { __name__: 'up' }, at: () => 1 }], 0, 40);
    const { body } = await http.post<Refit>(`environments/${young.id}/refits`, { why: 'early' });
    await worker.get(RefitEnvironmentProcessor).process({ environmentId: young.id, refitId: body.id }, SIGNAL);
    const { items } = (await http.get<{ items: Refit[] }>(`environments/${young.id}/refits`)).body;
    expect(items).toMatchObject([{ state: 'skipped', outcome: expect.stringContaining('0.0 series weeks') }]);
  });

  it('starts the first by itself as soon as there is enough history, and says until then how much is missing', async () => {
    const daily = await world.worker({ models: { ...FITS, refitHours: 24 } });
    const fresh = await world.environment();
    const some = Array.from({ length: SERIES }, (_, s): TestSeries => {
      const random = seededRandom(s + 100);
      return { labels: { __name__: 'queue_depth', queue: `q${s}` }, at: () => 100 + random() };
    });
    const arrive = async (from: number, to: number): Promise<void> => {
      const ids = await world.send(worker, fresh, some, from, to);
      await isScored(fresh, [...ids]);
      world.clock.time = timeOf(to);
      await daily.get(TendRefitsProcessor).process({}, SIGNAL);
    };
    const outlook = async () =>
      (
        await http.get<{ items: Refit[]; next: { missingHours: number | null; text: string } }>(
          `environments/${fresh.id}/refits`,
        )
      ).body;
    // 40 series need 1 hour, and 0.3 weeks over 40 series: 1.26 hours more.
    await arrive(0, 240);
    const early = await outlook();
    expect(early).toMatchObject({
      items: [],
      next: { text: expect.stringContaining('1.3 hours of history are missing') },
    });
    expect(early.next.missingHours).toBeCloseTo(1.26, 1);
    // Somebody is impatient: nothing is fitted, and what waits for history does not wait a day for that.
    const { body } = await http.post<Refit>(`environments/${fresh.id}/refits`, { why: 'early' });
    await worker.get(RefitEnvironmentProcessor).process({ environmentId: fresh.id, refitId: body.id }, SIGNAL);
    await arrive(240, 480);
    expect(await outlook()).toMatchObject({ items: [{ state: 'skipped' }] });
    await arrive(480, 560);
    const [first] = (await outlook()).items;
    expect(first).toMatchObject({ reason: 'schedule', state: 'fitting' });
    await worker.get(RefitEnvironmentProcessor).process({ environmentId: fresh.id, refitId: first!.id }, SIGNAL);
    expect(await outlook()).toMatchObject({
      items: [{ state: 'shadow' }, { state: 'skipped' }],
      next: { missingHours: null },
    });
  });

  it('does not fit to what happened in maintenance', async () => {
    const settings = worker.get(SettingsRepository);
    const once = { kind: 'once' as const, from: instant(0), to: instant(TICKS), reason: 'the cluster moves' };
    await worker.get(Database).transaction(async (tx) => {
      const { version } = await settings.lockHead(tx, environment.id);
      await settings.insert(tx, environment.id, {
        version: version + 1,
        document: { falseAlarmsPerWeek: 1, rules: [{ name: 'move', match: '', maintenance: [once] }] },
        comment: 'move',
        restoredFrom: null,
        createdBy: null,
        createdAt: new Date(world.clock.time),
      });
    });
    try {
      expect(await refit()).toMatchObject({ state: 'skipped', outcome: expect.stringContaining('0.0 series weeks') });
    } finally {
      await world.database.query(`DELETE FROM anomaly_detection_settings_heads WHERE environment_id = $1`, [
        environment.id,
      ]);
    }
  });

  it('starts by itself where anomalies are more than chosen', async () => {
    await isScored(environment, [...ids]);
    for (let i = 0; i < 3; i += 1) {
      await world.database.query(
        `INSERT INTO anomaly_detection_anomalies (id, environment_id, series_id, labels, detector, state, started_at,
           ended_at, end_reason, peak_at, score, value, yhat, yhat_lower, yhat_upper)
         VALUES (gen_random_uuid(), $1, $2, '{}', 'test', 'ended', $3, $3, 'calm', $3, 2, 1, 1, 1, 1)`,
        [environment.id, 900 + i, new Date(timeOf(TICKS - 10 - i))],
      );
    }
    await tend();
    const [started] = await refits();
    expect(started).toMatchObject({ reason: 'drift', state: 'fitting' });
  });
});
