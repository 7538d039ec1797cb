import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { FieldIssue } from '../../../kernel/errors.js';
import { Clock } from '../../../kernel/clock.js';
import type { SampleBatch } from '../../../kernel/time-series.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import type { Environment } from '../../environments/index.js';
import { bindNewSeries, decodeWriteRequest } from '../remote-write/decode-write-request.js';
import {
  type DecodedWrite,
  type NewSeries,
  REFUSED_SERIES,
  type WriteProtocol,
} from '../remote-write/decoded-write.js';
import { decompressSnappy } from '../remote-write/snappy.js';
import { encodeBlock } from '../storage/codec/block-codec.js';
import { explainWriteError } from '../storage/environment-gone.js';
import { MetadataRepository } from '../storage/metadata.repository.js';
import { DAY_MS } from '../storage/partition-names.js';
import { telemetryConfig } from '../telemetry.config.js';
import { SeriesNotFoundError } from '../telemetry.errors.js';
import { SAMPLES_TOTAL, type SampleOutcome } from '../telemetry.metrics.js';
import { EndedSeries } from './ended-series.js';
import { JournalWriter } from './journal-writer.js';
import { type AcceptedSamples, filterSamples } from './sample-filter.js';
import { SeriesRegistry } from './series-registry.js';

export interface WriteOutcome {
  /** Samples that are durable now, stale markers included. */
  readonly stored: number;
  /** Why others are not; empty where all are. */
  readonly issues: readonly FieldIssue[];
}

/** Epoch milliseconds, both ends included. */
interface AcceptedRange {
  readonly oldest: number;
  readonly newest: number;
}

const ARE = ['is', 'are'] as const;
const BELONG = ['belongs', 'belong'] as const;
/** Of series that cannot be stored, in one answer. */
const MOST_REFUSALS_NAMED = 10;
/** Simulated environments may run ahead of our clock, within what partitions can be made for. */
const FURTHEST_AHEAD_MS = 366 * DAY_MS;

/** From bytes to durable samples. Everything it acknowledges survives a crash of any process. */
@Injectable()
export class IngestService {
  constructor(
    private readonly registry: SeriesRegistry,
    private readonly journal: JournalWriter,
    private readonly ended: EndedSeries,
    private readonly metadata: MetadataRepository,
    private readonly clock: Clock,
    @InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>,
    @InjectMetric(SAMPLES_TOTAL) private readonly samplesTotal: Counter<'outcome'>,
  ) {}

  /** A remote-write body as received. */
  async write(environment: Environment, protocol: WriteProtocol, body: Uint8Array): Promise<WriteOutcome> {
    const message = decompressSnappy(body, this.config.maxMessageBytes);
    const decoded = await this.decode(environment, protocol, message);
    if (decoded.metadata.length > 0) {
      await this.metadata.upsert(environment.id, decoded.metadata).catch((error: unknown) => {
        throw explainWriteError(error, environment.id);
      });
    }
    const range = this.acceptedRange(environment, this.config.futureToleranceSeconds * 1000);
    const accepted = await this.store(environment, decoded, range);
    const ended = await this.ended.end(environment.id, decoded.staleSeriesIds, decoded.staleTimes, range);
    this.count('stale_marker', ended);
    this.count('histogram_dropped', decoded.histogramCount);
    return {
      stored: accepted.batch.times.length + ended,
      issues: [
        ...this.issuesOf(environment, accepted, decoded.histogramCount),
        ...decoded.newSeries.flatMap(({ refusal }) => refusal ?? []).slice(0, MOST_REFUSALS_NAMED),
      ],
    };
  }

  /** Samples of sources inside the product, which may run ahead of our clock. */
  async append(environment: Environment, batch: SampleBatch): Promise<AcceptedSamples> {
    if (batch.times.length > 0) {
      const gone = await this.registry.findGone(environment.id, batch.seriesIds);
      if (gone.length > 0) throw new SeriesNotFoundError(gone);
    }
    return this.store(environment, batch, this.acceptedRange(environment, FURTHEST_AHEAD_MS));
  }

  async endSeries(environment: Environment, seriesIds: Int32Array, times: Float64Array): Promise<void> {
    const range = this.acceptedRange(environment, FURTHEST_AHEAD_MS);
    this.count('stale_marker', await this.ended.end(environment.id, seriesIds, times, range));
  }

  private acceptedRange(environment: Environment, aheadMs: number): AcceptedRange {
    const now = this.clock.now();
    return { oldest: now - environment.retentionDays * DAY_MS, newest: now + aheadMs };
  }

  /** Decodes and gives every series its id. Once more from scratch where remembered ids were purged meanwhile. */
  private async decode(environment: Environment, protocol: WriteProtocol, message: Uint8Array): Promise<DecodedWrite> {
    const cache = this.registry.keyCache(environment);
    for (;;) {
      const decoded = decodeWriteRequest(protocol, message, cache);
      if (decoded.newSeries.length > 0) {
        bindNewSeries(decoded, await this.resolve(environment, decoded.newSeries), cache);
      }
      const known = decoded.seriesIds.some((id) => id < 0)
        ? decoded.seriesIds.filter((id) => id >= 0)
        : decoded.seriesIds;
      if ((await this.registry.findGone(environment.id, known)).length === 0) return decoded;
      cache.clear();
    }
  }

  /** Ids in the order given, negative for those that are not stored. */
  private async resolve(environment: Environment, series: readonly NewSeries[]): Promise<Int32Array> {
    const ids = new Int32Array(series.length).fill(REFUSED_SERIES);
    const storable = series.flatMap(({ refusal }, i) => (refusal ? [] : [i]));
    if (storable.length === 0) return ids;
    const resolved = await this.registry.resolve(
      environment,
      storable.map((i) => series[i]!),
    );
    storable.forEach((i, k) => (ids[i] = resolved[k]!));
    return ids;
  }

  private async store(environment: Environment, batch: SampleBatch, range: AcceptedRange): Promise<AcceptedSamples> {
    const accepted = filterSamples(batch, range.oldest, range.newest);
    const { batch: kept, minTime, maxTime } = accepted;
    if (kept.times.length > 0) {
      const payload = encodeBlock(kept);
      await this.journal.append({
        environmentId: environment.id,
        environmentKey: environment.key,
        minTime,
        maxTime,
        ...seriesRange(kept.seriesIds),
        samples: kept.times.length,
        payload,
      });
      await this.ended.revive(environment.id, kept);
    }
    this.count('stored', kept.times.length);
    this.count('rejected_old', accepted.tooOld);
    this.count('rejected_future', accepted.inFuture);
    this.count('rejected_limit', accepted.refused);
    this.count('rejected_labels', accepted.unstorable);
    return accepted;
  }

  private issuesOf(environment: Environment, accepted: AcceptedSamples, histograms: number): FieldIssue[] {
    const issues: FieldIssue[] = [];
    const add = (count: number, verb: readonly [one: string, many: string], rest: string): void => {
      if (count === 0) return;
      const subject = count === 1 ? `1 sample ${verb[0]}` : `${count} samples ${verb[1]}`;
      issues.push({ path: 'timeseries', message: `${subject} ${rest}` });
    };
    add(accepted.tooOld, ARE, `older than the environment's retention of ${environment.retentionDays} days.`);
    add(
      accepted.inFuture,
      ARE,
      `more than ${this.config.futureToleranceSeconds} s ahead of our clock; check the sender's clock.`,
    );
    add(
      accepted.refused,
      BELONG,
      `to new series beyond the environment's limit of ${environment.maxSeries}; raise maxSeries or drop labels with many values.`,
    );
    add(accepted.unstorable, BELONG, 'to series that cannot be stored.');
    if (histograms > 0) {
      const subject = histograms === 1 ? '1 native histogram was' : `${histograms} native histograms were`;
      issues.push({
        path: 'timeseries',
        message: `${subject} not stored; send classic histograms (send_native_histograms: false).`,
      });
    }
    return issues;
  }

  private count(outcome: SampleOutcome, samples: number): void {
    if (samples > 0) this.samplesTotal.inc({ outcome }, samples);
  }
}

function seriesRange(ids: Int32Array): { readonly minSeries: number; readonly maxSeries: number } {
  let [minSeries, maxSeries] = [ids[0]!, ids[0]!];
  for (let i = 1; i < ids.length; i++) {
    const id = ids[i]!;
    if (id < minSeries) minSeries = id;
    else if (id > maxSeries) maxSeries = id;
  }
  return { minSeries, maxSeries };
}
