import type { Labels, MetricType } from '../../../kernel/time-series.js';
import type { DecodedWrite, LabelLimits } from './decoded-write.js';
import { LabelSetBuilder } from './label-set.js';
import { metricTypeOf } from './metric-types.js';
import { NewSeriesList } from './new-series-list.js';
import { LENGTH_DELIMITED, ProtoReader, VARINT } from './proto-reader.js';
import { InvalidWriteRequestError } from './remote-write.errors.js';
import { SampleColumns } from './sample-columns.js';
import type { SeriesKeyCache } from './series-key-cache.js';

// io.prometheus.write.v2.Request: symbols = 4, timeseries = 5. TimeSeries: labels_refs = 1 (packed or not),
// samples = 2, histograms = 3, exemplars = 4, metadata = 5. Metadata: type = 1. The created timestamp of a series
// (field 6 of the release candidates) and the start timestamp of a sample (field 3 since 2.0) are skipped.
const SYMBOLS = (4 << 3) | LENGTH_DELIMITED;
const TIMESERIES = (5 << 3) | LENGTH_DELIMITED;
const PACKED_REFS = (1 << 3) | LENGTH_DELIMITED;
const SINGLE_REF = (1 << 3) | VARINT;
const SAMPLES = (2 << 3) | LENGTH_DELIMITED;
const HISTOGRAMS = (3 << 3) | LENGTH_DELIMITED;
const EXEMPLARS = (4 << 3) | LENGTH_DELIMITED;
const METADATA = (5 << 3) | LENGTH_DELIMITED;
const TYPICAL_BYTES_PER_SAMPLE = 32;
const NOT_INTERNED = -1;

/** Decodes `io.prometheus.write.v2.Request`, remote write 2.0. */
export class V2Decoder {
  private readonly reader: ProtoReader;
  private readonly columns: SampleColumns;
  private readonly newSeries = new NewSeriesList();
  private exemplarCount = 0;
  private histogramCount = 0;
  /** Symbol i is bytes [symbolFrom[i], symbolTo[i]) of the message. */
  private readonly symbolFrom: number[] = [];
  private readonly symbolTo: number[] = [];
  /** Lasting numbers of the symbols (`SeriesKeyCache.internSymbol`), looked up at first use. */
  private symbolIds = new Int32Array(0);
  private refs = new Uint32Array(64);
  private key = new DataView(new ArrayBuffer(64 * 4));
  private refCount = 0;

  constructor(
    message: Uint8Array,
    private readonly cache: SeriesKeyCache,
    private readonly limits: LabelLimits,
  ) {
    this.reader = new ProtoReader(message);
    this.columns = new SampleColumns(Math.ceil(message.length / TYPICAL_BYTES_PER_SAMPLE));
  }

  decode(): DecodedWrite {
    const reader = this.reader;
    const messageEnd = reader.end;
    this.readSymbols();
    reader.position = 0;
    let seriesIndex = 0;
    while (reader.position < messageEnd) {
      const tag = reader.tag();
      if (tag !== TIMESERIES) {
        reader.skip(tag & 7);
        continue;
      }
      reader.seriesIndex = seriesIndex++;
      reader.end = reader.delimitedEnd();
      this.timeSeries();
      reader.end = messageEnd;
      reader.seriesIndex = -1;
    }
    return {
      protocol: 'v2',
      ...this.columns.finish(),
      newSeries: this.newSeries.series,
      histogramCount: this.histogramCount,
      exemplarCount: this.exemplarCount,
      metadata: [],
    };
  }

  /** Symbols come first in practice, but protobuf allows any order: so a pass of their own. */
  private readSymbols(): void {
    const reader = this.reader;
    reader.part = 'symbols';
    while (reader.position < reader.end) {
      const tag = reader.tag();
      if (tag !== SYMBOLS) {
        reader.skip(tag & 7);
        continue;
      }
      const to = reader.delimitedEnd();
      this.symbolFrom.push(reader.position);
      this.symbolTo.push(to);
      reader.position = to;
    }
    if (this.symbolFrom.length > 0 && this.symbolFrom[0] !== this.symbolTo[0]) {
      throw new InvalidWriteRequestError('symbols[0]', 'the first symbol must be the empty string');
    }
    this.symbolIds = new Int32Array(this.symbolFrom.length).fill(NOT_INTERNED);
    reader.part = '';
  }

  private timeSeries(): void {
    const reader = this.reader;
    const columns = this.columns;
    const end = reader.end;
    const samplesBefore = columns.count;
    const staleBefore = columns.staleCount;
    const histogramsBefore = this.histogramCount;
    let metadataFrom = -1;
    this.refCount = 0;
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === SAMPLES) {
        reader.part = 'samples';
        columns.readSample(reader, reader.delimitedEnd());
        reader.part = '';
      } else if (tag === PACKED_REFS) {
        const to = reader.delimitedEnd();
        reader.end = to;
        while (reader.position < to) this.addRef(reader.varint32());
        reader.end = end;
      } else if (tag === SINGLE_REF) {
        this.addRef(reader.varint32());
      } else {
        if (tag === METADATA) metadataFrom = reader.position;
        else if (tag === HISTOGRAMS) this.histogramCount++;
        else if (tag === EXEMPLARS) this.exemplarCount++;
        reader.skip(tag & 7);
      }
    }
    if (columns.count === samplesBefore && columns.staleCount === staleBefore) return;
    if (this.histogramCount > histogramsBefore) {
      throw new InvalidWriteRequestError(
        reader.where,
        'a series carries both samples and histograms; send them as two',
      );
    }
    columns.assign(samplesBefore, staleBefore, this.seriesOfRefs(metadataFrom));
  }

  private addRef(ref: number): void {
    if (ref >= this.symbolFrom.length) {
      throw this.reader.malformed(`label reference ${ref} is beyond the ${this.symbolFrom.length} symbols`);
    }
    let id = this.symbolIds[ref]!;
    if (id === NOT_INTERNED) {
      id = this.cache.internSymbol(this.reader.view, this.symbolFrom[ref]!, this.symbolTo[ref]!);
      this.symbolIds[ref] = id;
    }
    if (this.refCount === this.refs.length) this.growRefs();
    this.refs[this.refCount] = ref;
    this.key.setInt32(this.refCount * 4, id, true);
    this.refCount++;
  }

  private growRefs(): void {
    const refs = new Uint32Array(this.refs.length * 2);
    refs.set(this.refs);
    this.refs = refs;
    const key = new Uint8Array(this.key.byteLength * 2);
    key.set(new Uint8Array(this.key.buffer));
    this.key = new DataView(key.buffer);
  }

  private seriesOfRefs(metadataFrom: number): number {
    if (this.refCount % 2 !== 0) throw this.reader.malformed('label references do not come in pairs');
    const keyBytes = this.refCount * 4;
    const known = this.cache.find('v2', this.key, 0, keyBytes);
    if (known >= 0) return known;
    return this.newSeries.reference(new Uint8Array(this.key.buffer, 0, keyBytes), () => ({
      labels: this.labels(),
      metricType: this.metricType(metadataFrom),
    }));
  }

  private labels(): Labels {
    const labels = new LabelSetBuilder(this.reader.bytes, `${this.reader.where}.labels`, this.limits);
    for (let i = 0; i < this.refCount; i += 2) {
      const name = this.refs[i]!;
      const value = this.refs[i + 1]!;
      labels.add(this.symbolFrom[name]!, this.symbolTo[name]!, this.symbolFrom[value]!, this.symbolTo[value]!);
    }
    return labels.build();
  }

  /** Type out of the series' Metadata message at `from`; `unknown` where it has none. */
  private metricType(from: number): MetricType {
    if (from < 0) return 'unknown';
    const reader = new ProtoReader(this.reader.bytes.subarray(0, this.reader.end));
    reader.seriesIndex = this.reader.seriesIndex;
    reader.part = 'metadata';
    reader.position = from;
    reader.end = reader.delimitedEnd();
    let type = 0;
    while (reader.position < reader.end) {
      const tag = reader.tag();
      if (tag === 1 << 3) type = reader.int64();
      else reader.skip(tag & 7);
    }
    return metricTypeOf(type);
  }
}
