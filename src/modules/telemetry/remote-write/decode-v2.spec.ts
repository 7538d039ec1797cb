import { describe, expect, it } from 'vitest';
import { protoEncode, RequestV2Proto } from '../../../../test/support/remote-write-protos.js';
import { bindNewSeries, decodeWriteRequest } from './decode-write-request.js';
import { SeriesKeyCache } from './series-key-cache.js';

const NOW = 1_795_219_200_123;
const newCache = () => new SeriesKeyCache({ maxSeries: 10_000 });

describe('protocol 2.0', () => {
  const decode = (message: Uint8Array, cache = newCache()) => decodeWriteRequest('v2', message, cache);
  const symbols = ['', '__name__', 'up', 'helps', 's'];

  it('takes type from metadata, skips created and start timestamps, counts exemplars and histograms', () => {
    const decoded = decode(
      protoEncode(RequestV2Proto, {
        symbols,
        timeseries: [
          {
            labels_refs: [1, 2],
            samples: [{ timestamp: NOW, value: 7, start_timestamp: NOW - 5 }],
            metadata: { type: 2, help_ref: 3, unit_ref: 4 },
            created_timestamp: NOW - 9,
            exemplars: [{ labels_refs: [1, 2], value: 1, timestamp: NOW }],
          },
          {
            labels_refs: [1, 2],
            histograms: [
              { count_int: 1, timestamp: NOW },
              { count_int: 2, timestamp: NOW },
            ],
          },
        ],
      }),
    );
    expect(decoded).toMatchObject({ sampleCount: 1, exemplarCount: 1, histogramCount: 2 });
    expect(decoded.newSeries[0]).toMatchObject({ metricType: 'gauge', labels: { __name__: 'up' } });
  });

  it('takes unpacked references and symbols after the series', () => {
    const series = Buffer.from([0x2a, 0x08, 0x08, 0x01, 0x08, 0x02, 0x12, 0x02, 0x10, 0x05]);
    const table = Buffer.concat(
      symbols.map((text) => Buffer.concat([Buffer.from([0x22, text.length]), Buffer.from(text)])),
    );
    const decoded = decode(Buffer.concat([series, table]));
    expect(decoded.newSeries[0]!.labels).toEqual({ __name__: 'up' });
    expect([...decoded.times]).toEqual([5]);
  });

  it.each([
    [
      'a reference beyond the table',
      { symbols, timeseries: [{ labels_refs: [1, 5], samples: [{}] }] },
      /reference 5 is beyond the 5 symbols/,
    ],
    ['an odd number of references', { symbols, timeseries: [{ labels_refs: [1, 2, 3], samples: [{}] }] }, /pairs/],
    [
      'samples beside histograms',
      { symbols, timeseries: [{ labels_refs: [1, 2], samples: [{}], histograms: [{}] }] },
      /both/,
    ],
    ['a first symbol that is not empty', { symbols: ['x'], timeseries: [] }, /first symbol/],
    ['no labels', { symbols, timeseries: [{ samples: [{}] }] }, /__name__/],
  ])('refuses %s', (_name, message, reason) => {
    expect(() => decode(protoEncode(RequestV2Proto, message))).toThrow(reason);
  });

  it('never confuses series when symbols are forgotten', () => {
    const cache = new SeriesKeyCache({ maxSeries: 8 });
    const idOf = new Map<string, number>();
    for (let round = 0; round < 400; round++) {
      const name = `m${(round * 7) % 61}`;
      const message = protoEncode(RequestV2Proto, {
        symbols: ['', '__name__', name, 'i', String(round % 61)],
        timeseries: [{ labels_refs: [1, 2, 3, 4], samples: [{ timestamp: NOW, value: 1 }] }],
      });
      const decoded = decode(message, cache);
      const text = `${name}/${round % 61}`;
      if (decoded.newSeries.length === 0) expect(decoded.seriesIds[0]).toBe(idOf.get(text));
      else {
        idOf.set(text, idOf.get(text) ?? idOf.size);
        bindNewSeries(decoded, [idOf.get(text)!], cache);
      }
    }
  });
});
