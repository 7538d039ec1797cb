import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SilenceWatch } from '../../../src/modules/anomaly-detection/scoring/silence/silence-watch.js';
import { SignalDeriver } from '../../../src/modules/anomaly-detection/signals/signal-deriver.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { DetectionWorld, START, STEP, timeOf, wobble, type TestSeries } from './support/world.js';

/** An hour of points is 240 ticks; five minutes are 20. */
const HOUR = 240;
const CONFIG = { serviceSignals: false, recordScores: false, shardSize: 10, maximumCatchUpHours: 100 };

const requests = (service: string, pod: string, present: (i: number) => boolean): TestSeries => ({
  labels: { __name__: 'queue_depth', service, pod },
  at: (i) => (present(i) ? 50 + wobble(i) : undefined),
});
const load = (instance: string, present: (i: number) => boolean): TestSeries => ({
  labels: { __name__: 'node_load1', job: 'node', instance },
  at: (i) => (present(i) ? 1 + 0.1 * wobble(i) : undefined),
});
const always = () => true;
const until =
  (end: number, again = Infinity) =>
  (i: number) =>
    i < end || i >= again;

describe('silence', () => {
  let world: DetectionWorld;
  let worker: TestingModule;
  beforeAll(async () => {
    world = await DetectionWorld.create();
    worker = await world.worker(CONFIG);
  });
  afterAll(() => world.close());

  /** As it happens: samples of some ticks, then their scores. */
  async function live(
    environment: Environment,
    series: readonly TestSeries[],
    from: number,
    to: number,
    step = 20,
    on = worker,
  ): Promise<void> {
    for (let i = from; i < to; i += step) {
      const next = Math.min(to, i + step);
      await world.send(on, environment, series, i, next);
      await world.score(on, environment, next);
    }
  }

  async function silences(environment: Environment): Promise<Record<string, unknown>[]> {
    return world.database.query(
      `SELECT labels ->> '__name__' AS metric, labels ->> 'service' AS service, labels ->> 'pod' AS pod, state,
         end_reason AS reason, adopted, value, yhat, detector, group_id AS "groupId", silence, score,
         (extract(epoch FROM started_at)::float8 * 1000 - $2) / $3 AS "startedAt",
         (extract(epoch FROM ended_at)::float8 * 1000 - $2) / $3 AS "endedAt",
         (extract(epoch FROM peak_at)::float8 * 1000 - $2) / $3 AS "knownAt"
       FROM anomaly_detection_anomalies WHERE environment_id = $1 ORDER BY started_at, labels ->> '__name__', labels ->> 'service'`,
      [environment.id, START, STEP],
    );
  }

  it('tells of a service that stopped reporting, once and in one group, and that it is back', async () => {
    const environment = await world.environment();
    const gone = until(HOUR + 20, HOUR + 80);
    const series = [
      requests('web', 'web-1', gone),
      requests('web', 'web-2', gone),
      { ...requests('web', 'web-1', gone), labels: { __name__: 'threads', service: 'web', pod: 'web-1' } },
      load('a', always),
    ];
    await live(environment, series, 0, HOUR + 60);
    const open = await silences(environment);
    // The newest sample is in tick 260, counted by its end; twenty ticks later five minutes are over.
    const expected = { state: 'open', startedAt: HOUR + 20, knownAt: HOUR + 41, value: null, yhat: null };
    expect(open).toEqual([
      expect.objectContaining({ metric: 'queue_depth', pod: 'web-2', detector: 'silence@1', ...expected }),
      expect.objectContaining({ metric: 'threads', ...expected }),
    ]);
    expect(new Set(open.map(({ groupId }) => groupId)).size).toBe(1);
    expect(open[0]).toMatchObject({
      silence: { scope: 'like', everyMs: STEP, reportedSince: timeOf(20), longestGapMs: STEP },
    });
    // 21 ticks of silence, where nothing was ever missing: five missed samples are the measure.
    expect(open[0]!['score']).toBeCloseTo(21 / 4, 9);

    await live(environment, series, HOUR + 60, HOUR + 100);
    expect(await silences(environment)).toEqual([
      expect.objectContaining({ metric: 'queue_depth', state: 'ended', reason: 'calm', endedAt: HOUR + 81 }),
      expect.objectContaining({ metric: 'threads', state: 'ended', reason: 'calm', adopted: false }),
    ]);
    const events = await world.events(environment);
    const told = events.filter(({ type }) => type.startsWith('anomaly-detection.anomaly-'));
    expect(told.map(({ type, payload }) => [type, payload['value'], payload['reason']])).toEqual([
      ['anomaly-detection.anomaly-detected', null, undefined],
      ['anomaly-detection.anomaly-detected', null, undefined],
      ['anomaly-detection.anomaly-ended', null, 'calm'],
      ['anomaly-detection.anomaly-ended', null, 'calm'],
    ]);
  });

  it('says nothing of a pod that leaves, a node that is removed, or a job that is done', async () => {
    const environment = await world.environment();
    const series = [
      requests('web', 'web-1', until(HOUR + 20)),
      requests('web', 'web-2', always),
      load('a', until(HOUR + 20)),
      load('b', always),
      {
        labels: { __name__: 'rows', pod: 'backup-28473920-x7k2p' },
        at: (i: number) => (i < HOUR + 20 ? i : undefined),
      },
      { labels: { __name__: 'rare', service: 'web' }, at: (i: number) => (i < HOUR && i % 50 < 5 ? 1 : undefined) },
    ];
    await live(environment, series, 0, HOUR + 80);
    expect(await silences(environment)).toEqual([]);
  });

  it('is one anomaly where nothing arrives at all', async () => {
    const environment = await world.environment();
    const gone = until(HOUR + 20, HOUR + 100);
    const series = [
      ...['web', 'shop', 'pay'].map((name) => requests(name, `${name}-1`, gone)),
      ...Array.from({ length: 15 }, (_, i) => load(String(i), gone)),
    ];
    await live(environment, series, 0, HOUR + 120);
    expect(await silences(environment)).toEqual([
      expect.objectContaining({ metric: 'environment:telemetry', startedAt: HOUR + 20, endedAt: HOUR + 101 }),
    ]);
  });

  it('takes an hour without a worker for nothing, and finds what fell silent in it as if it had been there', async () => {
    const series = [requests('web', 'web-1', until(HOUR + 100)), requests('pay', 'pay-1', always), load('a', always)];
    const watched = await world.environment();
    await live(watched, series, 0, 2 * HOUR + 40);
    const away = await world.environment();
    await live(away, series, 0, HOUR + 20);
    const other = await world.worker(CONFIG);
    // What was sent while nobody was there is scored now, in another process.
    await world.send(worker, away, series, HOUR + 20, 2 * HOUR + 40);
    await world.score(other, away, 2 * HOUR + 40);
    const facts = ({ metric, service, startedAt, knownAt, state, score }: Record<string, unknown>) => [
      ...[metric, service, startedAt, knownAt, state, score],
    ];
    expect((await silences(away)).map(facts)).toEqual((await silences(watched)).map(facts));
    expect(await silences(away)).toEqual([
      expect.objectContaining({ service: 'web', startedAt: HOUR + 100, knownAt: HOUR + 121, state: 'open' }),
    ]);
  });

  it('gives the same and nothing twice when workers take turns, or one is killed at any tick', async () => {
    const environment = await world.environment();
    const series = [requests('web', 'web-1', until(HOUR + 20, HOUR + 70)), load('a', always)];
    await live(environment, series, 0, HOUR + 30);
    for (let i = HOUR + 30; i < HOUR + 90; i += 7) {
      // A process that has never seen this environment, and then one that was away for some ticks.
      const fresh = i % 14 < 7 ? await world.worker(CONFIG) : worker;
      await live(environment, series, i, i + 7, 7, fresh);
    }
    expect(await silences(environment)).toEqual([
      expect.objectContaining({ startedAt: HOUR + 20, endedAt: HOUR + 71, reason: 'calm' }),
    ]);
  });

  it('does not take late samples for silence', async () => {
    const environment = await world.environment();
    const steady = load('a', always);
    const late = requests('web', 'web-1', always);
    await live(environment, [steady, late], 0, HOUR + 20);
    for (let i = HOUR + 20; i < HOUR + 80; i += 10) {
      await world.send(worker, environment, [steady], i, i + 10);
      await world.score(worker, environment, i + 10);
      await world.send(worker, environment, [late], i, i + 10);
    }
    expect(await silences(environment)).toEqual([]);
  });

  it('is adopted after the time that was set, and does not page again', async () => {
    const environment = await world.environment();
    const adopting = await world.worker({ ...CONFIG, silenceAdoptHours: 1 });
    const series = [requests('web', 'web-1', until(HOUR + 20)), load('a', always)];
    await live(environment, series, 0, 3 * HOUR, 20, adopting);
    expect(await silences(environment)).toEqual([
      expect.objectContaining({ reason: 'adopted-silence', adopted: true, endedAt: 2 * HOUR + 20 }),
    ]);
  });

  it('opens once where two workers look at the same time', async () => {
    const environment = await world.environment();
    const series = [requests('web', 'web-1', until(HOUR + 20)), load('a', always)];
    await live(environment, series, 0, HOUR + 40);
    const other = await world.worker(CONFIG);
    await world.send(worker, environment, series, HOUR + 40, HOUR + 60);
    // Scored, and nobody has looked for silence yet: as after a kill between the two.
    const looked = await world.database.query<{ at: Date }>(
      `SELECT watched_until AS at FROM anomaly_detection_silence WHERE environment_id = $1`,
      [environment.id],
    );
    const watches = [worker, other].map((one) => one.get(SilenceWatch));
    const looking = vi.spyOn(watches[0]!, 'advance').mockResolvedValue();
    await world.score(worker, environment, HOUR + 60);
    looking.mockRestore();
    expect(await silences(environment)).toEqual([]);
    expect(looked[0]!.at.getTime()).toBe(timeOf(HOUR + 40));
    await Promise.all(watches.map((watch) => watch.advance(environment.id, STEP)));
    await Promise.all(watches.map((watch) => watch.advance(environment.id, STEP)));
    expect(await silences(environment)).toEqual([
      expect.objectContaining({ startedAt: HOUR + 20, knownAt: HOUR + 41 }),
    ]);
    const told = (await world.events(environment)).filter(({ type }) => type.endsWith('anomaly-detected'));
    expect(told).toHaveLength(1);
  });

  it('is told of a service by its signals, not by its pods', async () => {
    const environment = await world.environment();
    const signals = await world.worker({ ...CONFIG, serviceSignals: true });
    const pod = (name: string, present: (i: number) => boolean): TestSeries => ({
      labels: { __name__: 'http_requests_total', service: 'web', pod: name },
      type: 'counter',
      at: (i) => (present(i) ? 100 * i + 10 * wobble(i) : undefined),
    });
    // One pod leaves early, which is nothing; the last leaves an hour and more after the first signal.
    const series = [pod('web-1', until(HOUR + 10)), pod('web-2', until(HOUR + 60)), load('a', always)];
    for (let i = 0; i < HOUR + 120; i += 20) {
      await world.send(signals, environment, series, i, i + 20);
      const target = { environmentId: environment.id, tick: timeOf(i + 20), tickMs: STEP };
      await signals.get(SignalDeriver).deriveUntil(target);
      await world.score(signals, environment, i + 20);
    }
    const found = await silences(environment);
    expect(found.map(({ metric }) => metric)).toContain('service:http_requests_total:rate');
    for (const { service, pod: ofPod, startedAt } of found) {
      expect([service, ofPod]).toEqual(['web', null]);
      // A pod that misses a scrape or two keeps its last value.
      expect(startedAt).toBeGreaterThanOrEqual(HOUR + 60);
      expect(startedAt).toBeLessThan(HOUR + 66);
    }
    expect(new Set(found.map(({ groupId }) => groupId)).size).toBe(1);
  });

  it('is off where it is turned off, and ends what was open', async () => {
    const environment = await world.environment();
    const series = [requests('web', 'web-1', until(HOUR + 20)), load('a', always)];
    await live(environment, series, 0, HOUR + 60);
    expect(await silences(environment)).toHaveLength(1);
    const off = await world.worker({ ...CONFIG, silenceMinutes: 0 });
    await live(environment, series, HOUR + 60, HOUR + 120, 20, off);
    expect(await silences(environment)).toEqual([expect.objectContaining({ state: 'ended', reason: 'excluded' })]);
  });
});
