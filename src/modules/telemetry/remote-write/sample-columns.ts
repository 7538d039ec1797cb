import { HIGH_WORD, LOW_WORD, wordsOf } from '../storage/codec/float-words.js';
import { FIXED64, type ProtoReader, VARINT } from './proto-reader.js';
import { InvalidWriteRequestError } from './remote-write.errors.js';

/** Years 1 to 9999: what ISO 8601, PostgreSQL and the storage codecs all hold exactly. */
const MIN_TIME_MS = -62_135_596_800_000;
const MAX_TIME_MS = 253_402_300_799_999;
/** StaleNaN of Prometheus (model/value), as its upper and lower half. */
const STALE_HIGH = 0x7ff00000;
const STALE_LOW = 0x00000002;

const VALUE_TAG = (1 << 3) | FIXED64;
const TIMESTAMP_TAG = (2 << 3) | VARINT;

/** Growing columns of samples. Values go through as 32-bit halves: floats may lose the payload bits of a NaN. */
export class SampleColumns {
  count = 0;
  private ids: Int32Array;
  private times: Float64Array;
  private values: Float64Array;
  private words: Uint32Array;
  private readonly staleIds: number[] = [];
  private readonly staleTimes: number[] = [];

  constructor(expected: number) {
    const capacity = Math.max(16, expected);
    this.ids = new Int32Array(capacity);
    this.times = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
    this.words = wordsOf(this.values);
  }

  get staleCount(): number {
    return this.staleIds.length;
  }

  /** Reads a Sample message ending at `end`; protocols 1.0 and 2.0 share it. Its series is set by `assign`. */
  readSample(reader: ProtoReader, end: number): void {
    const bytes = reader.bytes;
    const view = reader.view;
    const outerEnd = reader.end;
    reader.end = end;
    let low = 0;
    let high = 0;
    let time = 0;
    while (reader.position < end) {
      const tag = bytes[reader.position]!;
      if (tag === VALUE_TAG) {
        reader.position++;
        const at = reader.advance(8);
        low = view.getInt32(at, true);
        high = view.getInt32(at + 4, true);
      } else if (tag === TIMESTAMP_TAG) {
        reader.position++;
        time = reader.int64();
      } else {
        const other = reader.tag();
        if (other >>> 3 <= 2) throw reader.malformed(`a sample field has wire type ${other & 7}`);
        reader.skip(other & 7);
      }
    }
    reader.end = outerEnd;
    if (!(time >= MIN_TIME_MS && time <= MAX_TIME_MS)) {
      throw new InvalidWriteRequestError(
        reader.where,
        `timestamp ${time} is outside the years 1 to 9999; timestamps are milliseconds since 1970`,
      );
    }
    if (high === STALE_HIGH && low === STALE_LOW) {
      this.staleIds.push(0);
      this.staleTimes.push(time);
      return;
    }
    if (this.count === this.ids.length) this.grow();
    const i = this.count++;
    this.times[i] = time;
    this.words[2 * i + LOW_WORD] = low;
    this.words[2 * i + HIGH_WORD] = high;
  }

  /** Sets the series of every sample and stale marker read since the given counts. */
  assign(fromSample: number, fromStale: number, seriesId: number): void {
    for (let i = fromSample; i < this.count; i++) this.ids[i] = seriesId;
    for (let i = fromStale; i < this.staleIds.length; i++) this.staleIds[i] = seriesId;
  }

  finish() {
    return {
      seriesIds: this.ids.subarray(0, this.count),
      times: this.times.subarray(0, this.count),
      values: this.values.subarray(0, this.count),
      staleSeriesIds: Int32Array.from(this.staleIds),
      staleTimes: Float64Array.from(this.staleTimes),
      sampleCount: this.count + this.staleIds.length,
    };
  }

  private grow(): void {
    const capacity = this.ids.length * 2;
    const ids = new Int32Array(capacity);
    const times = new Float64Array(capacity);
    const values = new Float64Array(capacity);
    ids.set(this.ids);
    times.set(this.times);
    values.set(this.values);
    this.ids = ids;
    this.times = times;
    this.values = values;
    this.words = wordsOf(values);
  }
}
