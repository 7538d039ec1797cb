import type { SampleWindow } from '../../../../kernel/time-series.js';
import { ByteReader, ByteWriter } from './byte-stream.js';
import { CorruptTelemetryError } from './codec.errors.js';
import { planDecimals, readDecimals, writeDecimals } from './decimal-values.js';
import { fillFromLittleEndian, littleEndianBytes, wordsOf } from './float-words.js';
import { readTimes, timesAreRegularEnough, writeTimes } from './time-stream.js';
import { readXorValues, writeXorValues } from './xor-values.js';

const VERSION = 1;
/** A flipped bit in the count must not allocate the whole memory. */
const MAX_SAMPLES = 1 << 24;

const RAW_TIMES = 0x80;
const CONSTANT = 0;
const XOR = 1;
const DECIMAL_RANGE = 2;
const DECIMAL_DELTA = 3;

const writer = new ByteWriter();

/**
 * Packs samples [from, to) of one series. Lossless for every float64 bit pattern in values and times; integer times
 * that ascend in even steps and values with few decimal places pack best.
 *
 * Layout, version 1: version byte; mode byte (bits 0-6 how values are packed, bit 7 raw times); sample count as a
 * varint; times (`time-stream.ts`, or float64 little-endian each); values (one float64 when all are the same,
 * `decimal-values.ts`, or `xor-values.ts`). No checksum: PostgreSQL checks its pages, the journal blocks have one.
 *
 * @throws RangeError for more than 2^24 samples or arrays of different length
 */
export function encodeChunk(times: Float64Array, values: Float64Array, from = 0, to = times.length): Buffer {
  const count = to - from;
  if (!(from >= 0 && count >= 0 && to <= times.length && to <= values.length)) {
    throw new RangeError(`samples [${from}, ${to}) of ${times.length} times and ${values.length} values`);
  }
  if (count > MAX_SAMPLES) throw new RangeError(`a chunk holds at most ${MAX_SAMPLES} samples, not ${count}`);
  writer.position = 0;
  writer.reserve(16);
  writer.byte(VERSION);
  if (count === 0) {
    writer.byte(CONSTANT);
    writer.varint(0);
    return writer.take();
  }
  const regular = timesAreRegularEnough(times, from, to);
  const constant = isConstant(values, from, to);
  const plan = constant ? undefined : planDecimals(values, from, to);
  const mode = constant ? CONSTANT : plan === undefined ? XOR : plan.delta ? DECIMAL_DELTA : DECIMAL_RANGE;
  writer.byte(regular ? mode : mode | RAW_TIMES);
  writer.varint(count);
  if (regular) writeTimes(writer, times, from, to);
  else writeRaw(times, from, to);
  if (constant) writeRaw(values, from, from + 1);
  else if (plan === undefined) writeXorValues(writer, values, from, to);
  else writeDecimals(writer, count, plan);
  return writer.take();
}

/** @throws CorruptTelemetryError */
export function decodeChunk(chunk: Uint8Array): SampleWindow {
  const reader = new ByteReader(chunk);
  const { mode, count } = readHeader(reader);
  const times = new Float64Array(count);
  const values = new Float64Array(count);
  if (count === 0) return { times, values };
  if ((mode & RAW_TIMES) === 0) readTimes(reader, times);
  else readRaw(reader, times);
  switch (mode & ~RAW_TIMES) {
    case CONSTANT:
      readRaw(reader, values.subarray(0, 1));
      repeatFirst(values);
      break;
    case XOR:
      readXorValues(reader, values);
      break;
    case DECIMAL_RANGE:
    case DECIMAL_DELTA:
      readDecimals(reader, (mode & ~RAW_TIMES) === DECIMAL_DELTA, values);
      break;
    default:
      throw new CorruptTelemetryError(`a chunk names the unknown value packing ${mode & ~RAW_TIMES}`);
  }
  return { times, values };
}

/** Samples in a chunk, from its header alone. @throws CorruptTelemetryError */
export function chunkSampleCount(chunk: Uint8Array): number {
  return readHeader(new ByteReader(chunk)).count;
}

function readHeader(reader: ByteReader): { mode: number; count: number } {
  const version = reader.byte();
  if (version !== VERSION)
    throw new CorruptTelemetryError(`a chunk has format version ${version}, this release reads ${VERSION}`);
  const mode = reader.byte();
  const count = reader.varint();
  if (count > MAX_SAMPLES) throw new CorruptTelemetryError(`a chunk claims ${count} samples`);
  return { mode, count };
}

function isConstant(values: Float64Array, from: number, to: number): boolean {
  const words = wordsOf(values);
  const a = words[2 * from]!;
  const b = words[2 * from + 1]!;
  for (let i = from + 1; i < to; i++) if (words[2 * i] !== a || words[2 * i + 1] !== b) return false;
  return true;
}

function repeatFirst(values: Float64Array): void {
  const words = wordsOf(values);
  const a = words[0]!;
  const b = words[1]!;
  for (let i = 1; i < values.length; i++) {
    words[2 * i] = a;
    words[2 * i + 1] = b;
  }
}

function writeRaw(numbers: Float64Array, from: number, to: number): void {
  const bytes = littleEndianBytes(numbers.subarray(from, to));
  writer.reserve(bytes.length);
  writer.raw(bytes);
}

function readRaw(reader: ByteReader, into: Float64Array): void {
  fillFromLittleEndian(into, reader.raw(into.byteLength));
}
