import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignalDeriver } from '../../../src/modules/anomaly-detection/signals/signal-deriver.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { TelemetryReader } from '../../../src/modules/telemetry/index.js';
import { LAST, POD_SERIES } from './support/service-pods.js';
import { DetectionWorld, STEP, timeOf, wobble } from './support/world.js';

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
    await world.send(worker, environment, POD_SERIES, 0, LAST);
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
    await world.send(first, environment, POD_SERIES, 0, LAST);
    await world.send(first, other, POD_SERIES, 0, LAST);
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
    await world.send(worker, environment, POD_SERIES, 0, LAST);
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
    await world.send(worker, environment, POD_SERIES, 0, 40);
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
      series: POD_SERIES.length,
    });
    expect(states.find(({ state }) => state === 'ok')!.series).toBe(5);
  });

  it('stops at the limit of a service, and says how many it left out', async () => {
    const worker = await world.worker({ maximumSignalsPerService: 4 });
    const environment = await world.environment();
    await world.send(worker, environment, POD_SERIES, 0, 40);
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
