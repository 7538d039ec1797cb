import { describe, expect, it } from 'vitest';
import { protoEncode, WriteRequestProto } from '../../../../test/support/remote-write-protos.js';
import { exampleSeries, WriteRequestEncoder } from '../../../../test/support/remote-write-sender.js';
import { decodeWriteRequest } from './decode-write-request.js';
import { MalformedWriteRequestError } from './remote-write.errors.js';
import { SeriesKeyCache } from './series-key-cache.js';

const NOW = 1_795_219_200_123;
const newCache = () => new SeriesKeyCache({ maxSeries: 10_000 });
const labelsOf = (record: Record<string, string>) => Object.entries(record).map(([name, value]) => ({ name, value }));
const v1 = (timeseries: object[], rest: object = {}) => protoEncode(WriteRequestProto, { timeseries, ...rest });
const up = labelsOf({ __name__: 'up', job: 'node' });

describe('protocol 1.0', () => {
  const decode = (message: Uint8Array, cache = newCache()) => decodeWriteRequest('v1', message, cache);

  it('counts exemplars and histograms, reads metadata, skips unknown fields', () => {
    const message = Buffer.concat([
      Buffer.from([0x10, 0x96, 0x01, 0x7d, 1, 2, 3, 4, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0xfa, 0x07, 1, 0]), // fields 2, 15, 15, 127
      v1(
        [
          {
            labels: up,
            samples: [{ timestamp: NOW, value: 3 }],
            exemplars: [{ labels: up, value: 1, timestamp: NOW }],
          },
          { labels: up, histograms: [{ count_int: 5, sum: 2.5, schema: -4, timestamp: NOW }] },
        ],
        {
          metadata: [
            { type: 1, metric_family_name: 'up', help: 'Ob es läuft.', unit: '' },
            { type: 99, metric_family_name: 'x' },
          ],
        },
      ),
    ]);
    expect(decode(message)).toMatchObject({
      sampleCount: 1,
      exemplarCount: 1,
      histogramCount: 1,
      metadata: [
        { metricFamily: 'up', metricType: 'counter', help: 'Ob es läuft.', unit: '' },
        { metricFamily: 'x', metricType: 'unknown' },
      ],
    });
  });

  it('takes labels that stand apart, before and after the samples, and proto3 defaults', () => {
    const label = (name: string, value: string) =>
      Buffer.from([
        0x0a,
        name.length + value.length + 4,
        0x0a,
        name.length,
        ...Buffer.from(name),
        0x12,
        value.length,
        ...Buffer.from(value),
      ]);
    const body = Buffer.concat([label('__name__', 'up'), Buffer.from([0x12, 0]), label('job', 'x')]);
    const message = Buffer.concat([Buffer.from([0x0a, body.length]), body]);
    const decoded = decode(message);
    expect(decoded.newSeries[0]!.labels).toEqual({ __name__: 'up', job: 'x' });
    expect([decoded.times[0], decoded.values[0]]).toEqual([0, 0]);
  });

  it.each([
    ['a group', [0x0b, 0x0c], /wire type 3/],
    ['field number 0', [0x02, 0x00], /field number 0/],
    ['a length past the end', [0x0a, 0x05, 0x00], /length of 5 runs past/],
    [
      'an inner length past its message',
      [0x0a, 0x02, 0x0a, 0x05, 1, 2, 3, 4, 5],
      /timeseries\[0\]\.labels.*length of 5/,
    ],
    ['a length of 64 bits', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], /32 bits/],
    ['an endless varint', [0x10, ...new Array<number>(11).fill(0xff)], /64 bits/],
    ['a cut-off double', [0x0a, 0x05, 0x12, 0x03, 0x09, 1, 2], /samples.*cut off/],
    ['a sample value of the wrong type', [0x0a, 0x04, 0x12, 0x02, 0x08, 0x01], /wire type 0/],
  ])('refuses %s', (_name, bytes, reason) => {
    expect(() => decode(Buffer.from(bytes))).toThrow(MalformedWriteRequestError);
    expect(() => decode(Buffer.from(bytes))).toThrow(reason);
  });

  it('makes nothing of a 2.0 message, as the specification foresees', () => {
    const message = new WriteRequestEncoder('v2', exampleSeries(3)).encode(new Float64Array(3), new Float64Array(3));
    expect(decode(message).sampleCount).toBe(0);
  });
});
