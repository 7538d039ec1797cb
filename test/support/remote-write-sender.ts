import type { WriteProtocol } from '../../src/modules/telemetry/remote-write/decoded-write.js';
import { compressSnappy } from './snappy-compressor.js';

/** Labels of one series as senders order them: sorted by name, `__name__` among them. */
export type SeriesLabels = readonly (readonly [name: string, value: string])[];

export interface OutgoingSeries {
  readonly labels: SeriesLabels;
  /** 2.0 only: number of the enum MetricType (1 counter, 2 gauge). */
  readonly metricType?: number;
}

export const CONTENT_TYPES: Readonly<Record<WriteProtocol, string>> = {
  v1: 'application/x-protobuf',
  v2: 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
};

/** The headers a Prometheus sends along. */
export function writeHeaders(protocol: WriteProtocol): Record<string, string> {
  return {
    'content-type': CONTENT_TYPES[protocol],
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': protocol === 'v1' ? '0.1.0' : '2.0.0',
    'user-agent': 'dsim-test-sender/1.0',
  };
}

/**
 * Writes remote-write messages for a fixed set of series, with the labels encoded once: fast enough to load a
 * receiver from the same machine.
 *
 * `encode(times, values)`: sample k of series i is entry i * samplesPerSeries + k; times in epoch milliseconds.
 * `NaN` values with payload (stale markers) go through bit for bit.
 */
export class WriteRequestEncoder {
  private readonly prefix: Buffer;
  private readonly labels: readonly Buffer[];
  private readonly metadata: readonly Buffer[];
  private buffer = Buffer.allocUnsafe(1 << 16);

  constructor(
    readonly protocol: WriteProtocol,
    readonly series: readonly OutgoingSeries[],
  ) {
    if (protocol === 'v1') {
      this.prefix = Buffer.alloc(0);
      this.labels = series.map(({ labels }) => Buffer.concat(labels.map(labelField)));
      this.metadata = series.map(() => Buffer.alloc(0));
    } else {
      const symbols = new Map<string, number>([['', 0]]);
      const refOf = (text: string): number => {
        const known = symbols.get(text);
        if (known !== undefined) return known;
        symbols.set(text, symbols.size);
        return symbols.size - 1;
      };
      this.labels = series.map(({ labels }) =>
        delimited(1, Buffer.concat(labels.flatMap(([name, value]) => [varint(refOf(name)), varint(refOf(value))]))),
      );
      this.metadata = series.map(({ metricType }) =>
        metricType === undefined ? Buffer.alloc(0) : delimited(5, Buffer.concat([varint(1 << 3), varint(metricType)])),
      );
      this.prefix = Buffer.concat([...symbols.keys()].map((text) => delimited(4, Buffer.from(text))));
    }
  }

  /** The protobuf message, uncompressed. Valid until the next call. */
  encode(times: Float64Array, values: Float64Array): Buffer {
    const perSeries = times.length / this.series.length;
    const seriesTag = this.protocol === 'v1' ? 0x0a : 0x2a;
    let needed = this.prefix.length + times.length * 24;
    for (let i = 0; i < this.labels.length; i++) needed += this.labels[i]!.length + this.metadata[i]!.length + 16;
    if (this.buffer.length < needed) this.buffer = Buffer.allocUnsafe(needed * 2);
    const out = this.buffer;
    const valueBytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    out.set(this.prefix);
    let at = this.prefix.length;
    for (let i = 0; i < this.series.length; i++) {
      const labels = this.labels[i]!;
      const metadata = this.metadata[i]!;
      const first = i * perSeries;
      let length = labels.length + metadata.length;
      for (let k = first; k < first + perSeries; k++) length += 2 + 10 + varintSize(times[k]!);
      out[at++] = seriesTag;
      at = writeVarint(out, at, length);
      out.set(labels, at);
      at += labels.length;
      for (let k = first; k < first + perSeries; k++) {
        out[at++] = 0x12;
        out[at++] = 10 + varintSize(times[k]!);
        out[at++] = 0x09;
        for (let b = 0; b < 8; b++) out[at++] = valueBytes[k * 8 + b]!;
        out[at++] = 0x10;
        at = writeVarint(out, at, times[k]!);
      }
      out.set(metadata, at);
      at += metadata.length;
    }
    return out.subarray(0, at);
  }

  /** The body to POST with `writeHeaders(protocol)`. */
  encodeCompressed(times: Float64Array, values: Float64Array): Buffer {
    return compressSnappy(this.encode(times, values));
  }
}

/** A fleet that looks like node_exporter and HTTP services behind Kubernetes: nine labels per series. */
export function exampleSeries(count: number, tag = ''): OutgoingSeries[] {
  return Array.from({ length: count }, (_, i) => {
    const pod = Math.floor(i / 40);
    const labels: [string, string][] = [
      ['__name__', `http_request_duration_seconds_${i % 10}_total`],
      ['cluster', `eu-central-1-production${tag}`],
      ['container', 'checkout'],
      ['handler', `/api/v1/orders/${i % 4}`],
      ['instance', `10.42.${pod % 256}.${(pod >> 8) + 7}:9100`],
      ['job', 'kubernetes-pods'],
      ['le', String(i % 40)],
      ['namespace', 'shop'],
      ['pod', `checkout-7d9f8b6c5d-${pod.toString(36).padStart(5, 'x')}`],
    ];
    return { labels, metricType: 1 };
  });
}

/** A ready body for `count` example series with one sample each at `timeMs`; value i is i + 0.5. */
export function exampleBody(protocol: WriteProtocol, count: number, timeMs: number): Buffer {
  const encoder = new WriteRequestEncoder(protocol, exampleSeries(count));
  return encoder.encodeCompressed(
    new Float64Array(count).fill(timeMs),
    Float64Array.from({ length: count }, (_, i) => i + 0.5),
  );
}

function labelField([name, value]: readonly [string, string]): Buffer {
  return delimited(1, Buffer.concat([delimited(1, Buffer.from(name)), delimited(2, Buffer.from(value))]));
}

function delimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const out = Buffer.alloc(varintSize(value));
  writeVarint(out, 0, value);
  return out;
}

function varintSize(value: number): number {
  if (value < 0) return 10;
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

function writeVarint(out: Buffer, at: number, value: number): number {
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) out[at++] = Number(rest & 127n) | 128;
    out[at++] = Number(rest);
    return at;
  }
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out[at++] = (rest % 128) | 128;
  out[at++] = rest;
  return at;
}
