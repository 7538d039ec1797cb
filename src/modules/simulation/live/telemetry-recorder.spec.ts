import { beforeEach, describe, expect, it } from 'vitest';
import type { ScrapeFrame, SeriesDescriptor } from '../../../engine/simulation/telemetry/telemetry.types.js';
import { parseSelector } from '../../../kernel/series-selector-parser.js';
import type { SampleBatch } from '../../../kernel/time-series.js';
import type { SeriesDescription, TelemetryWriter } from '../../telemetry/index.js';
import { TelemetryRecorder } from './telemetry-recorder.js';

class FakeWriter implements TelemetryWriter {
  readonly names: string[] = [];
  readonly rows: [name: string, time: number, value: number][] = [];
  readonly ended: [name: string, time: number][] = [];

  async resolveSeries(_environmentId: string, series: readonly SeriesDescription[]): Promise<Int32Array> {
    return Int32Array.from(series, ({ labels }) => {
      const name = labels['__name__']!;
      if (!this.names.includes(name)) this.names.push(name);
      return this.names.indexOf(name);
    });
  }
  async append(_environmentId: string, { seriesIds, times, values }: SampleBatch): Promise<void> {
    seriesIds.forEach((id, i) => this.rows.push([this.names[id]!, times[i]!, values[i]!]));
  }
  async endSeries(_environmentId: string, seriesIds: Int32Array, times: Float64Array): Promise<void> {
    seriesIds.forEach((id, i) => this.ended.push([this.names[id]!, times[i]!]));
  }
}

const series = (name: string): SeriesDescriptor =>
  ({ labels: { __name__: name }, metricType: 'gauge' }) as unknown as SeriesDescriptor;

describe('TelemetryRecorder', () => {
  let writer: FakeWriter;
  let recorder: TelemetryRecorder;

  beforeEach(() => {
    writer = new FakeWriter();
    recorder = new TelemetryRecorder('environment', []);
  });

  /** A scrape with these series in its slots; null: the slot is free. */
  function frame(
    time: number,
    slots: readonly (readonly [string, number] | null)[],
    { started = [], ended = [] }: { started?: number[]; ended?: number[] } = {},
  ): ScrapeFrame {
    return {
      time,
      families: [],
      series: slots.map((slot) => slot && series(slot[0])),
      values: Float64Array.from(slots, (slot) => slot?.[1] ?? NaN),
      started,
      ended,
    };
  }

  it('tells telemetry of a series with its first value', async () => {
    const slots = (b: number) => [['a', 1] as const, ['b', b] as const];
    recorder.add(frame(0, slots(NaN)), true);
    await recorder.flush(writer);
    expect(writer.names).toEqual(['a']);

    recorder.add(frame(15, slots(NaN)), true);
    recorder.add(frame(30, slots(7)), true);
    await recorder.flush(writer);
    expect(writer.names).toEqual(['a', 'b']);
    expect(writer.rows).toEqual([
      ['a', 0, 1],
      ['a', 15, 1],
      ['a', 30, 1],
      ['b', 30, 7],
    ]);
  });

  it('ends what had a value, and never mentions what had none', async () => {
    recorder.add(
      frame(0, [
        ['a', 1],
        ['silent', NaN],
      ]),
      true,
    );
    recorder.add(frame(15, [['c', 3], null], { ended: [0, 1], started: [0] }), true);
    await recorder.flush(writer);
    expect(writer.names).toEqual(['a', 'c']);
    expect(writer.ended).toEqual([['a', 15]]);
    expect(writer.rows).toEqual([
      ['a', 0, 1],
      ['c', 15, 3],
    ]);
  });

  it('knows what ends although all its samples were stored by another', async () => {
    recorder.add(frame(0, [['a', 1]]), false);
    recorder.add(frame(15, [null], { ended: [0] }), true);
    await recorder.flush(writer);
    expect(writer.rows).toEqual([]);
    expect(writer.ended).toEqual([['a', 15]]);
  });

  it('stores the series that are selected, and those of users whatever is selected', async () => {
    recorder = new TelemetryRecorder('environment', [parseSelector('{__name__=~"a.*"}')]);
    recorder.add(
      frame(0, [
        ['a1', 1],
        ['b1', 2],
      ]),
      true,
    );
    recorder.addSamples([{ labels: { __name__: 'users' }, value: 5 }], 0);
    recorder.addSamples([{ labels: { __name__: 'nobody' }, value: NaN }], 0);
    expect(await recorder.flush(writer)).toBe(2);
    expect(writer.rows).toEqual([
      ['a1', 0, 1],
      ['users', 0, 5],
    ]);
  });
});
