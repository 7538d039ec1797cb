import type { Labels } from '../../../kernel/time-series.js';
import type { DecodedWrite, LabelLimits, MetricFamilyMetadata } from './decoded-write.js';
import { LabelSetBuilder, readText } from './label-set.js';
import { metricTypeOf } from './metric-types.js';
import { NewSeriesList } from './new-series-list.js';
import { LENGTH_DELIMITED, ProtoReader } from './proto-reader.js';
import { SampleColumns } from './sample-columns.js';
import type { SeriesKeyCache } from './series-key-cache.js';

// prometheus.WriteRequest: timeseries = 1, metadata = 3. TimeSeries: labels = 1, samples = 2, exemplars = 3,
// histograms = 4. Label: name = 1, value = 2. MetricMetadata: type = 1, metric_family_name = 2, help = 4, unit = 5.
const FIELD_1 = (1 << 3) | LENGTH_DELIMITED;
const FIELD_2 = (2 << 3) | LENGTH_DELIMITED;
const FIELD_3 = (3 << 3) | LENGTH_DELIMITED;
const FIELD_4 = (4 << 3) | LENGTH_DELIMITED;
const FIELD_5 = (5 << 3) | LENGTH_DELIMITED;
/** A label pair and one sample rarely take less; only the first guess at the size of the columns. */
const TYPICAL_BYTES_PER_SAMPLE = 100;

/** Decodes `prometheus.WriteRequest`, remote write 1.0. */
export class V1Decoder {
  private readonly reader: ProtoReader;
  private readonly columns: SampleColumns;
  private readonly newSeries = new NewSeriesList();
  private readonly metadata: MetricFamilyMetadata[] = [];
  private exemplarCount = 0;
  private histogramCount = 0;

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
    let seriesIndex = 0;
    while (reader.position < messageEnd) {
      const tag = reader.tag();
      if (tag === FIELD_1) {
        reader.seriesIndex = seriesIndex++;
        reader.end = reader.delimitedEnd();
        this.timeSeries();
        reader.end = messageEnd;
        reader.seriesIndex = -1;
      } else if (tag === FIELD_3) {
        reader.part = `metadata[${this.metadata.length}]`;
        reader.end = reader.delimitedEnd();
        this.metadata.push(this.metricMetadata());
        reader.end = messageEnd;
        reader.part = '';
      } else {
        reader.skip(tag & 7);
      }
    }
    return {
      protocol: 'v1',
      ...this.columns.finish(),
      newSeries: this.newSeries.series,
      histogramCount: this.histogramCount,
      exemplarCount: this.exemplarCount,
      metadata: this.metadata,
    };
  }

  private timeSeries(): void {
    const reader = this.reader;
    const columns = this.columns;
    const bytes = reader.bytes;
    const end = reader.end;
    const samplesBefore = columns.count;
    const staleBefore = columns.staleCount;
    const labelsFrom = reader.position;
    reader.part = 'labels';
    while (reader.position < end && bytes[reader.position] === FIELD_1) {
      reader.position++;
      reader.position = reader.delimitedEnd();
    }
    const labelsTo = reader.position;
    let scattered = false;
    reader.part = 'samples';
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === FIELD_2) {
        columns.readSample(reader, reader.delimitedEnd());
        continue;
      }
      if (tag === FIELD_1) scattered = true;
      else if (tag === FIELD_3) this.exemplarCount++;
      else if (tag === FIELD_4) this.histogramCount++;
      reader.skip(tag & 7);
    }
    if (columns.count === samplesBefore && columns.staleCount === staleBefore) return;
    reader.part = 'labels';
    const seriesId = scattered
      ? this.seriesOf(this.gatherLabels(labelsFrom, end))
      : this.seriesAt(labelsFrom, labelsTo);
    columns.assign(samplesBefore, staleBefore, seriesId);
    reader.part = '';
  }

  private seriesAt(from: number, to: number): number {
    const known = this.cache.find('v1', this.reader.view, from, to);
    return known >= 0 ? known : this.seriesOf(this.reader.bytes.subarray(from, to));
  }

  /** Series id, or reference to a new series, for the label fields in `key`. */
  private seriesOf(key: Uint8Array): number {
    const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
    const known = this.cache.find('v1', view, 0, key.byteLength);
    if (known >= 0) return known;
    return this.newSeries.reference(key, () => ({ labels: this.labelsOf(key), metricType: 'unknown' }));
  }

  private labelsOf(key: Uint8Array): Labels {
    const reader = new ProtoReader(key);
    reader.seriesIndex = this.reader.seriesIndex;
    reader.part = 'labels';
    const labels = new LabelSetBuilder(key, reader.where, this.limits);
    const keyEnd = reader.end;
    while (reader.position < keyEnd) {
      reader.tag();
      reader.end = reader.delimitedEnd();
      let nameFrom = 0;
      let nameTo = 0;
      let valueFrom = 0;
      let valueTo = 0;
      while (reader.position < reader.end) {
        const tag = reader.tag();
        if (tag === FIELD_1) {
          nameTo = reader.delimitedEnd();
          nameFrom = reader.position;
          reader.position = nameTo;
        } else if (tag === FIELD_2) {
          valueTo = reader.delimitedEnd();
          valueFrom = reader.position;
          reader.position = valueTo;
        } else {
          reader.skip(tag & 7);
        }
      }
      reader.end = keyEnd;
      labels.add(nameFrom, nameTo, valueFrom, valueTo);
    }
    return labels.build();
  }

  /** Protobuf lets fields come in any order: brings labels that stand apart together. */
  private gatherLabels(from: number, to: number): Uint8Array {
    const reader = this.reader;
    const parts: Uint8Array[] = [];
    reader.position = from;
    while (reader.position < to) {
      const start = reader.position;
      const tag = reader.tag();
      reader.skip(tag & 7);
      if (tag === FIELD_1) parts.push(reader.bytes.subarray(start, reader.position));
    }
    return Buffer.concat(parts);
  }

  private metricMetadata(): MetricFamilyMetadata {
    const reader = this.reader;
    let metricType = 0;
    let metricFamily = '';
    let help = '';
    let unit = '';
    while (reader.position < reader.end) {
      const tag = reader.tag();
      if (tag === 1 << 3) metricType = reader.int64();
      else if (tag === FIELD_2) metricFamily = this.text();
      else if (tag === FIELD_4) help = this.text();
      else if (tag === FIELD_5) unit = this.text();
      else reader.skip(tag & 7);
    }
    return { metricFamily, metricType: metricTypeOf(metricType), help, unit };
  }

  private text(): string {
    const reader = this.reader;
    const to = reader.delimitedEnd();
    const text = readText(reader.bytes, reader.position, to, reader.where);
    reader.position = to;
    return text;
  }
}
