import { bindNewSeries, decodeWriteRequest } from '../../src/modules/telemetry/remote-write/decode-write-request.js';
import { SeriesKeyCache } from '../../src/modules/telemetry/remote-write/series-key-cache.js';
import { decompressSnappy } from '../../src/modules/telemetry/remote-write/snappy.js';
import { decodeBlock, encodeBlock, findSeries } from '../../src/modules/telemetry/storage/codec/block-codec.js';
import { decodeChunk, encodeChunk } from '../../src/modules/telemetry/storage/codec/chunk-codec.js';
import { compressSnappy } from '../support/snappy-compressor.js';
import { exampleSeries, WriteRequestEncoder } from '../support/remote-write-sender.js';

const START = 1_795_219_200_000;
const SERIES = 2000;

/** CPU time of this process for one call, in ms: the median of seven rounds of at least 150 ms. */
function measure(work: () => void): number {
  const rounds: number[] = [];
  for (let round = 0; round < 8; round++) {
    const before = process.cpuUsage();
    let calls = 0;
    let spent = 0;
    do {
      work();
      calls++;
      const { user, system } = process.cpuUsage(before);
      spent = (user + system) / 1000;
    } while (spent < 150);
    if (round > 0) rounds.push(spent / calls);
  }
  return rounds.sort((a, b) => a - b)[3]!;
}

function report(name: string, samples: number, work: () => void, note = ''): void {
  const ms = measure(work);
  const rate = samples / ms / 1000;
  console.log(`${name.padEnd(52)} ${ms.toFixed(3).padStart(9)} ms ${rate.toFixed(2).padStart(8)} M samples/s  ${note}`);
}

function benchDecode(protocol: 'v1' | 'v2', samplesPerSeries: number): void {
  const series = exampleSeries(SERIES);
  const samples = SERIES * samplesPerSeries;
  const encoder = new WriteRequestEncoder(protocol, series);
  const times = Float64Array.from({ length: samples }, (_, i) => START + (i % samplesPerSeries) * 15_000);
  const values = Float64Array.from({ length: samples }, (_, i) => Math.sqrt(i));
  const message = Buffer.from(encoder.encode(times, values));
  const body = compressSnappy(message);
  const cache = new SeriesKeyCache({ maxSeries: 100_000 });
  const empty = new SeriesKeyCache({ maxSeries: 100_000 });
  const ids = Int32Array.from({ length: SERIES }, (_, i) => i + 1);
  bindNewSeries(decodeWriteRequest(protocol, message, cache), ids, cache);
  const title = `${protocol}, ${samplesPerSeries} sample(s)/series`;
  report(
    `${title}: snappy`,
    samples,
    () => decompressSnappy(body, 1 << 26),
    `${message.length} B raw, ${body.length} B snappy`,
  );
  report(`${title}: decode, known series`, samples, () => decodeWriteRequest(protocol, message, cache));
  report(`${title}: snappy + decode, known series`, samples, () =>
    decodeWriteRequest(protocol, decompressSnappy(body, 1 << 26), cache),
  );
  report(`${title}: decode, unknown series`, samples, () => decodeWriteRequest(protocol, message, empty));
  report(`${title}: encode (the test sender)`, samples, () => encoder.encode(times, values));
}

/** 40% counters, 25% gauges of two decimals, 20% near constant, 15% full entropy. */
function seriesValues(i: number, count: number): Float64Array {
  let state = i * 2654435761 + 1;
  const random = () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
  let level = i * 100;
  return Float64Array.from({ length: count }, () => {
    const kind = i % 20;
    if (kind < 8) return (level += Math.floor(random() * 400));
    if (kind < 13) return Number((50 + 20 * random()).toFixed(2));
    if (kind < 17) return random() < 0.98 ? level : ++level;
    return random() * 1000;
  });
}

function benchChunks(title: string, samplesPerChunk: number, jitterMs: number): void {
  const chunks = 400;
  const samples = chunks * samplesPerChunk;
  const windows = Array.from({ length: chunks }, (_, i) => ({
    times: Float64Array.from(
      { length: samplesPerChunk },
      (_, k) => START + k * 15_000 + Math.round(Math.sin(i * k * 7.3) * jitterMs),
    ),
    values: seriesValues(i, samplesPerChunk),
  }));
  const encoded = windows.map(({ times, values }) => encodeChunk(times, values));
  const bytes = encoded.reduce((sum, chunk) => sum + chunk.length, 0);
  report(
    `chunk encode, ${title}`,
    samples,
    () => windows.forEach(({ times, values }) => encodeChunk(times, values)),
    `${(bytes / samples).toFixed(2)} B/sample`,
  );
  report(`chunk decode, ${title}`, samples, () => encoded.forEach((chunk) => decodeChunk(chunk)));
}

function benchBlocks(title: string, order: (i: number) => number): void {
  const batch = {
    seriesIds: Int32Array.from({ length: SERIES }, (_, i) => 5000 + order(i)),
    times: new Float64Array(SERIES).fill(START),
    values: Float64Array.from({ length: SERIES }, (_, i) => Math.sqrt(i)),
  };
  const block = encodeBlock(batch);
  report(`block encode, ${title}`, SERIES, () => encodeBlock(batch), `${(block.length / SERIES).toFixed(2)} B/sample`);
  report(`block decode, ${title}`, SERIES, () => decodeBlock(block));
  report(`block findSeries of 1, ${title}`, SERIES, () => findSeries(block, Int32Array.of(6000)));
}

export function run(): void {
  console.log(`Node ${process.version}, CPU time of one core; requests of ${SERIES} series with 9 labels`);
  for (const protocol of ['v1', 'v2'] as const) for (const perSeries of [1, 4]) benchDecode(protocol, perSeries);
  benchBlocks('ids ascending', (i) => i);
  benchBlocks('ids in any order', (i) => (i * 7919) % SERIES);
  benchChunks('1 h at 15 s, even steps', 240, 0);
  benchChunks('1 h at 15 s, 3 ms jitter', 240, 3);
  benchChunks('2 min at 15 s, even steps', 8, 0);
}
