import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import type { SampleBatch } from '../../../kernel/time-series.js';
import type { ConfigOf } from '../../../platform/config/define-config.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { Environment } from '../../environments/index.js';
import { telemetryConfig } from '../telemetry.config.js';
import { PACKED_SAMPLES_TOTAL, PACK_SECONDS } from '../telemetry.metrics.js';
import { ChunkRepository } from './chunk.repository.js';
import { decodeBlock } from './codec/block-codec.js';
import { encodeChunk } from './codec/chunk-codec.js';
import { ChunkCopyEncoder } from './copy-encoder.js';
import { JournalRepository, type TakenRow } from './journal.repository.js';
import { type ChunkTier, HOUR_MS, hourOf, partitionTable, storageLock } from './partition-names.js';
import { PartitionRepository, sqlState } from './partition.repository.js';
import { type SampleColumns, collectBySeries, windowOf } from './sample-columns.js';
import { SeriesRepository } from './series.repository.js';

const UNDEFINED_TABLE = '42P01';

interface Pack {
  readonly samples: number;
  readonly chunks: number;
}

/** Moves acknowledged samples from the journal into chunks, in one transaction: they are always in exactly one. */
@Injectable()
export class PackService {
  private readonly logger = new Logger(PackService.name);

  constructor(
    private readonly database: Database,
    private readonly journal: JournalRepository,
    private readonly chunks: ChunkRepository,
    private readonly partitions: PartitionRepository,
    private readonly series: SeriesRepository,
    private readonly clock: Clock,
    @InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>,
    @InjectMetric(PACK_SECONDS) private readonly packSeconds: Histogram,
    @InjectMetric(PACKED_SAMPLES_TOTAL) private readonly packedSamples: Counter,
  ) {}

  /** Packs everything that waits, in portions. Answers how many samples; 0 where another process is at it. */
  async pack(environment: Environment, signal?: AbortSignal): Promise<number> {
    let total = 0;
    while (!signal?.aborted) {
      const done = await this.packPortion(environment);
      if (!done) break;
      total += done.samples;
      if (done.samples < this.config.packAfterSamples) break;
    }
    return total;
  }

  private async packPortion(environment: Environment): Promise<Pack | undefined> {
    const stop = this.packSeconds.startTimer();
    const pack = await this.withFreshPartitions(() =>
      this.database.transaction(async (tx) => {
        if (!(await this.database.tryLock(tx, storageLock(environment.key)))) return undefined;
        const rows = await this.journal.take(tx, environment.id, this.config.packAfterSamples);
        return rows.length === 0 ? undefined : this.store(tx, environment, rows);
      }),
    );
    if (!pack) return undefined;
    const seconds = stop();
    this.packedSamples.inc(pack.samples);
    this.logger.debug({ msg: 'packed', environmentId: environment.id, ...pack, seconds });
    return pack;
  }

  private async store(tx: Transaction, environment: Environment, rows: readonly TakenRow[]): Promise<Pack> {
    const batches: SampleBatch[] = [];
    const packed: string[] = [];
    for (const row of rows) {
      try {
        batches.push(decodeBlock(row.payload));
        packed.push(row.id);
      } catch (error) {
        this.logger.error({ msg: 'a journal row is unreadable and was set aside', journalId: row.id, err: error });
        await this.journal.quarantine(tx, row.id);
      }
    }
    const columns = collectBySeries(batches);
    const sequence = await this.chunks.nextSequence(tx);
    const encoders = this.encode(environment.key, sequence, columns);
    for (const [hour, { tier, encoder }] of encoders) {
      await this.partitions.ensure(tier, environment.key, [hour]);
      await this.chunks.copy(tx, partitionTable(tier, environment.key, hour), encoder);
    }
    const late = [...encoders].filter(([, { tier }]) => tier === 'hourly').map(([hour]) => hour);
    if (late.length > 0) await this.chunks.noteLateHours(tx, environment.id, late);
    const newest = newestTimes(columns);
    const last = newest.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (newest.length > 0) await this.chunks.noteLastSample(tx, environment.id, environment.key, last);
    await this.journal.delete(tx, packed);
    await this.revive(environment.id, columns, newest);
    let chunks = 0;
    for (const { encoder } of encoders.values()) chunks += encoder.rows;
    return { samples: columns.times.length, chunks };
  }

  /** Chunks by hour. An hour that was or may soon be merged gets its late samples where merged hours are. */
  private encode(environmentKey: number, sequence: number, columns: SampleColumns) {
    const now = this.clock.now();
    const closedBefore = hourOf(now - this.config.mergeGraceSeconds * 1000) - HOUR_MS;
    const encoders = new Map<number, { tier: ChunkTier; encoder: ChunkCopyEncoder }>();
    for (let i = 0; i < columns.seriesIds.length; i++) {
      const { times, values } = windowOf(columns, i);
      for (let from = 0; from < times.length;) {
        const hour = hourOf(times[from]!);
        let to = from + 1;
        while (to < times.length && times[to]! < hour + HOUR_MS) to++;
        let target = encoders.get(hour);
        if (!target) {
          target = { tier: hour <= closedBefore ? 'hourly' : 'recent', encoder: new ChunkCopyEncoder(environmentKey) };
          encoders.set(hour, target);
        }
        const payload = encodeChunk(times, values, from, to);
        target.encoder.add(sequence, times[from]!, times[to - 1]!, columns.seriesIds[i]!, to - from, payload);
        from = to;
      }
    }
    return encoders;
  }

  /** Series whose samples went on after their stale marker, whichever process received which. */
  private async revive(environmentId: string, columns: SampleColumns, newest: Float64Array): Promise<void> {
    const ended = new Map((await this.series.ended(environmentId)).map(({ id, endedMs }) => [id, endedMs]));
    if (ended.size === 0) return;
    const ids: number[] = [];
    const times: number[] = [];
    columns.seriesIds.forEach((id, i) => {
      if (newest[i]! > (ended.get(id) ?? Number.POSITIVE_INFINITY)) {
        ids.push(id);
        times.push(newest[i]!);
      }
    });
    if (ids.length > 0) await this.series.clearEnded(environmentId, ids, times);
  }

  /** Once more where a partition that we knew was dropped by another process. */
  private async withFreshPartitions<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (sqlState(error) !== UNDEFINED_TABLE) throw error;
      this.partitions.forget();
      return work();
    }
  }
}

/** Time of the newest sample of each series of the columns. */
function newestTimes({ seriesIds, offsets, times }: SampleColumns): Float64Array {
  return Float64Array.from(seriesIds, (_, i) => {
    let newest = Number.NEGATIVE_INFINITY;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) if (times[k]! > newest) newest = times[k]!;
    return newest;
  });
}
