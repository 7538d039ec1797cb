import { describe, expect, it } from 'vitest';
import { protoEncode, RequestV2Proto, WriteRequestProto } from '../../../../test/support/remote-write-protos.js';
import { exampleSeries, WriteRequestEncoder } from '../../../../test/support/remote-write-sender.js';
import { bindNewSeries, decodeWriteRequest } from './decode-write-request.js';
import type { DecodedWrite, WriteProtocol } from './decoded-write.js';
import { InvalidWriteRequestError, MalformedWriteRequestError } from './remote-write.errors.js';
import { SeriesKeyCache } from './series-key-cache.js';

const NOW = 1_795_219_200_123;
const newCache = () => new SeriesKeyCache({ maxSeries: 10_000 });
const labelsOf = (record: Record<string, string>) => Object.entries(record).map(([name, value]) => ({ name, value }));
const v1 = (timeseries: object[], rest: object = {}) => protoEncode(WriteRequestProto, { timeseries, ...rest });
const up = labelsOf({ __name__: 'up', job: 'node' });

/** The same series in either protocol; each carries [timestamp, value] samples. */
function encode(
  protocol: WriteProtocol,
  series: { labels: Record<string, string>; samples: [number, number][] }[],
): Buffer {
  const samplesOf = (samples: [number, number][]) => samples.map(([timestamp, value]) => ({ timestamp, value }));
  if (protocol === 'v1')
    return v1(series.map(({ labels, samples }) => ({ labels: labelsOf(labels), samples: samplesOf(samples) })));
  const symbols = ['', ...new Set(series.flatMap(({ labels }) => Object.entries(labels).flat()))].filter(
    (s, i) => i === 0 || s !== '',
  );
  return protoEncode(RequestV2Proto, {
    symbols,
    timeseries: series.map(({ labels, samples }) => ({
      labels_refs: Object.entries(labels)
        .flat()
        .map((text) => symbols.indexOf(text)),
      samples: samplesOf(samples),
    })),
  });
}

describe.each(['v1', 'v2'] as const)('decodeWriteRequest %s', (protocol) => {
  const decode = (message: Uint8Array, cache = newCache()) => decodeWriteRequest(protocol, message, cache);

  it('reads what protobufjs wrote, in the order of the message', () => {
    const message = encode(protocol, [
      {
        labels: { __name__: 'up', instance: 'a:9100', job: 'node' },
        samples: [
          [NOW, 1],
          [NOW + 15_000, 0],
        ],
      },
      { labels: { __name__: 'température', job: 'büro' }, samples: [[-1, -0.5]] },
      { labels: { __name__: 'up', instance: 'a:9100', job: 'node' }, samples: [[NOW + 30_000, 2.5]] },
    ]);
    const decoded = decode(message);
    expect([...decoded.seriesIds]).toEqual([-1, -1, -2, -1]);
    expect([...decoded.times]).toEqual([NOW, NOW + 15_000, -1, NOW + 30_000]);
    expect([...decoded.values]).toEqual([1, 0, -0.5, 2.5]);
    expect(decoded.newSeries.map(({ labels }) => labels)).toEqual([
      { __name__: 'up', instance: 'a:9100', job: 'node' },
      { __name__: 'température', job: 'büro' },
    ]);
    expect(decoded).toMatchObject({ protocol, sampleCount: 4, histogramCount: 0, exemplarCount: 0, metadata: [] });
  });

  it('knows bound series again without describing them, and survives a cleared cache', () => {
    const cache = newCache();
    const series = [
      { labels: { __name__: 'a', x: '1' }, samples: [[NOW, 1]] as [number, number][] },
      { labels: { __name__: 'b', x: '1' }, samples: [[NOW, 2]] as [number, number][] },
    ];
    const first = decode(encode(protocol, series), cache);
    bindNewSeries(first, [70, 71], cache);
    expect([...first.seriesIds]).toEqual([70, 71]);
    // Other order, other symbol table, one series more.
    const second = decode(
      encode(protocol, [{ labels: { __name__: 'c', x: '2' }, samples: [[NOW, 3]] }, ...series.toReversed()]),
      cache,
    );
    expect([...second.seriesIds]).toEqual([-1, 71, 70]);
    expect(second.newSeries).toHaveLength(1);
    cache.clear();
    expect([...decode(encode(protocol, series), cache).seriesIds]).toEqual([-1, -2]);
  });

  it.each([0, 1, -1, 127, 128, 2 ** 31, -(2 ** 31), 2 ** 32 + 5, NOW, -NOW, 253402300799999, -62135596800000])(
    'reads timestamp %d',
    (timestamp) => {
      expect([...decode(encode(protocol, [{ labels: { __name__: 'up' }, samples: [[timestamp, 1]] }])).times]).toEqual([
        timestamp,
      ]);
    },
  );

  it.each(['9223372036854775807', '-9223372036854775808', '253402300800000', '-62135596800001', '-9007199254740993'])(
    'refuses timestamp %s',
    (timestamp) => {
      const message =
        protocol === 'v1'
          ? v1([{ labels: up, samples: [{ timestamp, value: 1 }] }])
          : protoEncode(RequestV2Proto, {
              symbols: ['', '__name__', 'up'],
              timeseries: [{ labels_refs: [1, 2], samples: [{ timestamp, value: 1 }] }],
            });
      expect(() => decode(message)).toThrow(InvalidWriteRequestError);
      expect(() => decode(message)).toThrow(/timeseries\[0\]\.samples/);
    },
  );

  it('keeps every bit of a value and sets exact stale markers apart', () => {
    const patterns = [
      0x7ff0000000000001n,
      0x7ff8000000000000n,
      0x7ff8000000000002n,
      0xfff0000000000002n,
      0x7ff0000000000003n,
      0x8000000000000000n,
      0x0000000000000001n,
      0x7ff0000000000000n,
      0xfff0000000000000n,
      0x7fefffffffffffffn,
    ];
    const series = patterns.map((_, i) => ({ labels: [['__name__', `m${i}`]] as [string, string][] }));
    series.push({ labels: [['__name__', 'gone']] });
    const values = new Float64Array(BigUint64Array.from([...patterns, 0x7ff0000000000002n]).buffer);
    const message = new WriteRequestEncoder(protocol, series).encode(new Float64Array(series.length).fill(NOW), values);
    const cache = newCache();
    const decoded = decode(message, cache);
    const words = new BigUint64Array(decoded.values.slice().buffer);
    expect([...words]).toEqual(patterns);
    expect([...decoded.staleSeriesIds]).toEqual([-11]);
    expect([...decoded.staleTimes]).toEqual([NOW]);
    expect(decoded.sampleCount).toBe(11);
    bindNewSeries(
      decoded,
      Array.from({ length: 11 }, (_, i) => i + 1),
      cache,
    );
    expect([...decoded.staleSeriesIds]).toEqual([11]);
  });

  it('agrees with protobufjs about the messages of the test sender, 500 series of nine labels', () => {
    const series = exampleSeries(500);
    const times = Float64Array.from({ length: 1000 }, (_, i) => NOW + i * 977);
    const values = Float64Array.from({ length: 1000 }, (_, i) => Math.sqrt(i) * (i % 3 === 0 ? -1 : 1e9));
    const message = new WriteRequestEncoder(protocol, series).encode(times, values);
    const decoded = decode(message);
    const reference = (protocol === 'v1' ? WriteRequestProto : RequestV2Proto).toObject(
      (protocol === 'v1' ? WriteRequestProto : RequestV2Proto).decode(message),
      { longs: Number, arrays: true },
    ) as {
      symbols?: string[];
      timeseries: {
        labels?: { name: string; value: string }[];
        labels_refs?: number[];
        samples: { value: number; timestamp: number }[];
      }[];
    };
    const samples = reference.timeseries.flatMap((entry) => entry.samples);
    expect([...decoded.times]).toEqual(samples.map((sample) => sample.timestamp));
    expect([...decoded.values]).toEqual(samples.map((sample) => sample.value));
    expect(decoded.newSeries.map(({ labels }) => Object.entries(labels))).toEqual(
      reference.timeseries.map(
        (entry) =>
          entry.labels?.map(({ name, value }) => [name, value]) ??
          entry.labels_refs!.reduce<string[][]>(
            (pairs, ref, i) =>
              i % 2 === 0
                ? [...pairs, [reference.symbols![ref]!]]
                : [...pairs.slice(0, -1), [...pairs.at(-1)!, reference.symbols![ref]!]],
            [],
          ),
      ),
    );
  });

  it('sorts labels, drops empty values and keeps __proto__ a plain label', () => {
    const labels = [
      ['job', 'b'],
      ['__name__', 'up'],
      ['empty', ''],
      ['__proto__', 'x'],
    ] as const;
    const message = new WriteRequestEncoder(protocol, [{ labels }]).encode(Float64Array.of(NOW), Float64Array.of(1));
    expect(Object.entries(decode(message).newSeries[0]!.labels)).toEqual([
      ['__name__', 'up'],
      ['__proto__', 'x'],
      ['job', 'b'],
    ]);
  });

  it.each([
    ['no metric name', [['job', 'x']], /__name__/],
    [
      'an empty metric name',
      [
        ['__name__', ''],
        ['job', 'x'],
      ],
      /__name__/,
    ],
    [
      'a label twice',
      [
        ['__name__', 'up'],
        ['a', '1'],
        ['a', '2'],
      ],
      /"a" occurs twice/,
    ],
    [
      'a label without a name',
      [
        ['', '1'],
        ['__name__', 'up'],
      ],
      /no name/,
    ],
    [
      'U+0000',
      [
        ['__name__', 'up'],
        ['a', 'x\0'],
      ],
      /U\+0000/,
    ],
    [
      'a long name',
      [
        ['__name__', 'up'],
        ['n'.repeat(1025), '1'],
      ],
      /1025 bytes/,
    ],
    [
      'a long value',
      [
        ['__name__', 'up'],
        ['a', 'ü'.repeat(2049)],
      ],
      /"a" has 4098 bytes/,
    ],
    [
      'too many labels',
      [['__name__', 'up'], ...Array.from({ length: 64 }, (_, i) => [`l${i}`, '1'])],
      /more than 64 labels/,
    ],
  ])('refuses %s and says where', (_name, pairs, reason) => {
    const series = [{ labels: [['__name__', 'fine']] as [string, string][] }, { labels: pairs as [string, string][] }];
    const message = new WriteRequestEncoder(protocol, series).encode(Float64Array.of(NOW, NOW), Float64Array.of(1, 2));
    expect(() => decode(message)).toThrow(reason);
    expect(() => decode(message)).toThrow(/timeseries\[1\]\.labels/);
  });

  it('refuses text that is no UTF-8', () => {
    const message = encode(protocol, [{ labels: { __name__: 'up', a: 'ZZ' }, samples: [[NOW, 1]] }]);
    const at = message.indexOf('ZZ');
    message[at] = 0xc3;
    message[at + 1] = 0x28;
    expect(() => decode(message)).toThrow(/UTF-8/);
  });

  it('reads an empty message as nothing, and a series without samples as none', () => {
    expect(decode(Buffer.alloc(0))).toMatchObject({ sampleCount: 0, newSeries: [] });
    expect(decode(encode(protocol, [{ labels: { __name__: 'up' }, samples: [] }]))).toMatchObject({
      sampleCount: 0,
      newSeries: [],
    });
  });

  it('refuses every cut of a valid message or reads a shorter one, and never crashes on mutations', () => {
    const encoder = new WriteRequestEncoder(protocol, exampleSeries(6));
    const valid = Buffer.from(encoder.encode(new Float64Array(12).fill(NOW), new Float64Array(12).fill(0.1)));
    const cache = newCache();
    bindNewSeries(decode(valid, cache), [1, 2, 3, 4, 5, 6], cache);
    let refused = 0;
    const attempt = (message: Uint8Array) => {
      try {
        const decoded: DecodedWrite = decode(message, cache);
        expect(decoded.times.length + decoded.staleTimes.length).toBe(decoded.sampleCount);
        for (const time of decoded.times) expect(Number.isFinite(time)).toBe(true);
      } catch (error) {
        if (!(error instanceof MalformedWriteRequestError || error instanceof InvalidWriteRequestError)) throw error;
        refused++;
      }
    };
    for (let cut = 0; cut < valid.length; cut++) attempt(valid.subarray(0, cut));
    expect(refused).toBeGreaterThan(valid.length * 0.9);
    let state = 12345;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state % below;
    };
    for (let i = 0; i < 20_000; i++) {
      const mutated = Buffer.from(valid);
      for (let k = random(4); k >= 0; k--) mutated[random(mutated.length)] = random(256);
      attempt(mutated);
    }
    for (let i = 0; i < 5_000; i++) attempt(Buffer.from(Array.from({ length: random(60) }, () => random(256))));
  });
});
