import { crc32 } from 'node:zlib';
import type { SampleBatch } from '../../../../kernel/time-series.js';
import { blockOrder } from './block-order.js';
import { ByteReader, ByteWriter } from './byte-stream.js';
import { CorruptTelemetryError } from './codec.errors.js';
import { fillFromLittleEndian, littleEndianBytes, wordsOf } from './float-words.js';

const VERSION = 1;
const HEADER_BYTES = 24;
const CHECKED_FROM = 8;
const MAX_SAMPLES = 1 << 26;
/** Steps between times stay exact, and their zigzag numbers fit a varint of eight bytes. */
const MAX_TIME = 2 ** 50;

const writer = new ByteWriter();
let sortedWords = new Uint32Array(0);

interface BlockHeader {
  readonly count: number;
  readonly seriesCount: number;
  readonly timesFrom: number;
  readonly valuesFrom: number;
}

/**
 * One acknowledged request as one journal block: samples sorted by series id, then time (equal times in the order
 * given).
 *
 * Layout, version 1, little-endian: u8 version, 3 bytes 0, u32 CRC-32 (ISO-HDLC, zlib) of all bytes from 8 on, u32
 * samples, u32 distinct series, u32 bytes of the series column, u32 bytes of the time column. Series column: for each
 * distinct series two varints, the difference to the id before and its number of samples. Time column: zigzag varints,
 * within a series the difference to the time before, for its first sample the difference to the first time of the
 * series before. Value column: float64 each.
 *
 * @throws RangeError for negative ids, times that are no integers of less than 2^50, or columns of different length
 */
export function encodeBlock(batch: SampleBatch): Buffer {
  const { seriesIds, times, values } = batch;
  const count = seriesIds.length;
  if (times.length !== count || values.length !== count) throw new RangeError('columns of a batch differ in length');
  if (count > MAX_SAMPLES) throw new RangeError(`a block holds at most ${MAX_SAMPLES} samples, not ${count}`);
  const order = blockOrder(batch);
  writer.position = 0;
  writer.reserve(HEADER_BYTES + count * 26);
  writer.position = HEADER_BYTES;
  const seriesCount = writeSeriesColumn(seriesIds, order);
  const timesFrom = writer.position;
  writeTimeColumn(batch, order);
  const valuesFrom = writer.position;
  writer.raw(littleEndianBytes(order === undefined ? values : permuted(values, order)));
  const end = writer.position;
  writer.position = 0;
  writer.uint32(VERSION);
  writer.uint32(0);
  writer.uint32(count);
  writer.uint32(seriesCount);
  writer.uint32(timesFrom - HEADER_BYTES);
  writer.uint32(valuesFrom - timesFrom);
  writer.position = end;
  const block = writer.take();
  block.writeUInt32LE(crc32(block.subarray(CHECKED_FROM)), 4);
  return block;
}

/** Samples of a block, by series id, then time (equal times: in the order written). @throws CorruptTelemetryError */
export function decodeBlock(block: Uint8Array): SampleBatch {
  const reader = new ByteReader(block);
  const header = readHeader(reader);
  const seriesIds = new Int32Array(header.count);
  const times = new Float64Array(header.count);
  const values = new Float64Array(header.count);
  const runs = readSeriesColumn(reader, header);
  reader.position = header.timesFrom;
  let firstTime = 0;
  let at = 0;
  for (let s = 0; s < header.seriesCount; s++) {
    const end = at + runs[2 * s + 1]!;
    let time = firstTime + reader.zigzag();
    firstTime = time;
    times[at] = time;
    seriesIds.fill(runs[2 * s]!, at, end);
    for (at++; at < end; at++) times[at] = time += reader.zigzag();
  }
  fillFromLittleEndian(values, block.subarray(header.valuesFrom));
  return { seriesIds, times, values };
}

/**
 * Only the samples of these series, in block order, without decoding the others' values.
 *
 * @param seriesIds ascending
 * @throws CorruptTelemetryError
 */
export function findSeries(block: Uint8Array, seriesIds: Int32Array): SampleBatch {
  const reader = new ByteReader(block);
  const header = readHeader(reader);
  const runs = readSeriesColumn(reader, header);
  let found = 0;
  for (let s = 0, wanted = 0; s < header.seriesCount; s++) {
    while (wanted < seriesIds.length && seriesIds[wanted]! < runs[2 * s]!) wanted++;
    if (seriesIds[wanted] === runs[2 * s]) found += runs[2 * s + 1]!;
  }
  const result = { seriesIds: new Int32Array(found), times: new Float64Array(found), values: new Float64Array(found) };
  if (found === 0) return result;
  reader.position = header.timesFrom;
  let firstTime = 0;
  let at = 0;
  let next = 0;
  for (let s = 0, wanted = 0; s < header.seriesCount && next < found; s++) {
    const id = runs[2 * s]!;
    const length = runs[2 * s + 1]!;
    while (wanted < seriesIds.length && seriesIds[wanted]! < id) wanted++;
    const take = seriesIds[wanted] === id;
    let time = firstTime + reader.zigzag();
    firstTime = time;
    if (take) {
      result.seriesIds.fill(id, next, next + length);
      result.times[next] = time;
      const from = header.valuesFrom + at * 8;
      fillFromLittleEndian(result.values.subarray(next, next + length), block.subarray(from, from + length * 8));
    }
    for (let i = 1; i < length; i++) {
      time += reader.zigzag();
      if (take) result.times[next + i] = time;
    }
    if (take) next += length;
    at += length;
  }
  return result;
}

function writeSeriesColumn(seriesIds: Int32Array, order: Uint32Array | undefined): number {
  let seriesCount = 0;
  let previous = 0;
  for (let i = 0; i < seriesIds.length;) {
    const id = order === undefined ? seriesIds[i]! : seriesIds[order[i]!]!;
    if (id < 0) throw new RangeError(`series id ${id} is negative`);
    let end = i + 1;
    while (end < seriesIds.length && (order === undefined ? seriesIds[end] : seriesIds[order[end]!]) === id) end++;
    writer.varint(id - previous);
    writer.varint(end - i);
    previous = id;
    seriesCount++;
    i = end;
  }
  return seriesCount;
}

function writeTimeColumn({ seriesIds, times }: SampleBatch, order: Uint32Array | undefined): void {
  let previousId = -1;
  let previousTime = 0;
  let firstTime = 0;
  for (let i = 0; i < times.length; i++) {
    const entry = order === undefined ? i : order[i]!;
    const time = times[entry]!;
    if (!(time > -MAX_TIME && time < MAX_TIME) || Math.floor(time) !== time) {
      throw new RangeError(`time ${time} is no epoch millisecond`);
    }
    const id = seriesIds[entry]!;
    writer.zigzag(time - (id === previousId ? previousTime : firstTime));
    if (id !== previousId) firstTime = time;
    previousId = id;
    previousTime = time;
  }
}

function permuted(values: Float64Array, order: Uint32Array): Float64Array {
  const words = wordsOf(values);
  if (sortedWords.length < words.length) sortedWords = new Uint32Array(words.length * 2);
  for (let i = 0; i < order.length; i++) {
    const entry = order[i]!;
    sortedWords[2 * i] = words[2 * entry]!;
    sortedWords[2 * i + 1] = words[2 * entry + 1]!;
  }
  return new Float64Array(sortedWords.buffer, 0, values.length);
}

function readHeader(reader: ByteReader): BlockHeader {
  const { view, bytes } = reader;
  if (bytes.length < HEADER_BYTES) throw new CorruptTelemetryError(`a block has only ${bytes.length} bytes`);
  const version = view.getUint32(0, true);
  if (version !== VERSION)
    throw new CorruptTelemetryError(`a block has format version ${version}, this release reads ${VERSION}`);
  if (crc32(bytes.subarray(CHECKED_FROM)) !== view.getUint32(4, true)) {
    throw new CorruptTelemetryError('the checksum of a block does not match its bytes');
  }
  const count = view.getUint32(8, true);
  const seriesCount = view.getUint32(12, true);
  const timesFrom = HEADER_BYTES + view.getUint32(16, true);
  const valuesFrom = timesFrom + view.getUint32(20, true);
  if (count > MAX_SAMPLES || seriesCount > count || valuesFrom + count * 8 !== bytes.length) {
    throw new CorruptTelemetryError('the parts of a block do not add up to its length');
  }
  return { count, seriesCount, timesFrom, valuesFrom };
}

/** Pairs (series id, number of samples). */
function readSeriesColumn(reader: ByteReader, { count, seriesCount }: BlockHeader): Float64Array {
  const runs = new Float64Array(seriesCount * 2);
  reader.position = HEADER_BYTES;
  let id = 0;
  let sum = 0;
  for (let s = 0; s < seriesCount; s++) {
    id += reader.varint();
    const length = reader.varint();
    runs[2 * s] = id;
    runs[2 * s + 1] = length;
    sum += length;
    if (length === 0 || sum > count)
      throw new CorruptTelemetryError('the series of a block do not add up to its samples');
  }
  if (sum !== count) throw new CorruptTelemetryError('the series of a block do not add up to its samples');
  return runs;
}
