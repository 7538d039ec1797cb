import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../../kernel/clock.js';
import type { SampleBatch } from '../../../kernel/time-series.js';
import { type Environment, EnvironmentsProvisioner } from '../../environments/index.js';
import { type SeriesDescription, TelemetryWriter } from '../telemetry.writer.js';
import type { HostCollector } from './host-collector.js';
import { HostSource } from './host-source.js';

const START = 1_795_228_180_000;

class FakeClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

class FakeProvisioner extends EnvironmentsProvisioner {
  readonly asked: object[] = [];
  override async ensure(environment: { readonly slug: string }): Promise<Environment> {
    this.asked.push(environment);
    return { id: 'env-1', slug: environment.slug } as Environment;
  }
  override create(): Promise<Environment> {
    throw new Error('the host is an environment that is ensured, never created');
  }
  override remove(): Promise<void> {
    throw new Error('the host source removes no environment');
  }
}

class FakeWriter extends TelemetryWriter {
  readonly rows: [id: number, time: number, value: number][] = [];
  readonly ids = new Map<string, number>();
  down = false;
  gate: Promise<void> = Promise.resolve();
  override async resolveSeries(_environmentId: string, series: readonly SeriesDescription[]): Promise<Int32Array> {
    if (this.down) throw new Error('connection refused');
    return Int32Array.from(series, ({ labels }) => {
      const key = JSON.stringify(labels);
      if (!this.ids.has(key)) this.ids.set(key, this.ids.size + 1);
      return this.ids.get(key)!;
    });
  }
  override async append(_environmentId: string, { seriesIds, times, values }: SampleBatch): Promise<void> {
    await this.gate;
    seriesIds.forEach((id, i) => this.rows.push([id, times[i]!, values[i]!]));
  }
  override endSeries(): Promise<void> {
    throw new Error('the host source ends no series');
  }
}

class FakeCollector {
  readings = 0;
  async collect(): Promise<object[]> {
    this.readings++;
    return ['a', 'b'].map((name) => ({ labels: { __name__: name }, metricType: 'gauge', value: this.readings }));
  }
}

describe('HostSource', () => {
  let collector: FakeCollector;
  let provisioner: FakeProvisioner;
  let writer: FakeWriter;
  let source: HostSource;
  let warnings: unknown[];
  const make = (maxBufferedSamples?: number) =>
    new HostSource(collector as unknown as HostCollector, provisioner, writer, new FakeClock(), {
      intervalSeconds: 5,
      maxBufferedSamples,
    });

  beforeEach(() => {
    vi.useFakeTimers({ now: START });
    warnings = [];
    vi.spyOn(Logger.prototype, 'warn').mockImplementation((message: unknown) => void warnings.push(message));
    vi.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    collector = new FakeCollector();
    provisioner = new FakeProvisioner();
    writer = new FakeWriter();
    source = make();
  });
  afterEach(async () => {
    writer.gate = Promise.resolve();
    const stopped = source.onApplicationShutdown();
    await vi.advanceTimersByTimeAsync(5000);
    await stopped;
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('reads at once and then every five seconds, into the environment of this machine', async () => {
    source.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(10_100);
    expect(writer.rows).toEqual([
      [1, START, 1],
      [2, START, 1],
      [1, START + 5000, 2],
      [2, START + 5000, 2],
      [1, START + 10_000, 3],
      [2, START + 10_000, 3],
    ]);
    expect(provisioner.asked[0]).toMatchObject({ slug: 'this-machine', kind: 'host' });
    expect(warnings).toEqual([]);
  });

  it('keeps readings while the database is away, warns once a minute, and writes them afterwards in order', async () => {
    writer.down = true;
    source.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ reason: 'connection refused' });
    await vi.advanceTimersByTimeAsync(11_000);
    expect(warnings).toHaveLength(2);
    expect(writer.rows).toEqual([]);
    writer.down = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(writer.rows.filter(([id]) => id === 1).map(([, time]) => time)).toEqual(
      Array.from({ length: 16 }, (_, i) => START + i * 5000),
    );
  });

  it('gives up the oldest readings beyond its bound', async () => {
    source = make(6);
    writer.down = true;
    source.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(25_000);
    writer.down = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(writer.rows.map(([, , value]) => value)).toEqual([5, 5, 6, 6, 7, 7]);
  });

  it('never overlaps: a slow write delays the next reading', async () => {
    let open = () => {};
    writer.gate = new Promise((resolve) => (open = resolve));
    source.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(collector.readings).toBe(1);
    open();
    await vi.advanceTimersByTimeAsync(3500);
    expect(collector.readings).toBe(2);
    expect(writer.rows.map(([, time]) => time)).toEqual([START, START, START + 15_000, START + 15_000]);
  });

  it('stops: no reading afterwards, and a hanging write does not hold the process', async () => {
    source.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(1000);
    writer.gate = new Promise(() => undefined);
    await vi.advanceTimersByTimeAsync(5000);
    const stopped = source.onApplicationShutdown();
    await vi.advanceTimersByTimeAsync(3000);
    await stopped;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collector.readings).toBe(2);
  });
});
