import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Histogram } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { Environment } from '../../environments/index.js';
import { telemetryConfig } from '../telemetry.config.js';
import { MERGE_SECONDS } from '../telemetry.metrics.js';
import { ChunkRepository, type StoredChunk } from './chunk.repository.js';
import { decodeChunk, encodeChunk } from './codec/chunk-codec.js';
import { ChunkCopyEncoder } from './copy-encoder.js';
import { type Fragment, mergeFragments } from './merge-samples.js';
import { partitionTable, storageLock } from './partition-names.js';
import { PartitionRepository } from './partition.repository.js';

/** Series that are merged at a time; bounds memory (about 240 samples of 16 bytes each). */
const SERIES_PER_SLICE = 2_000;
/** A merged hour that late samples fell into is rewritten once they stop, or at this many pieces. */
const LATE_CALM_SECONDS = 600;
const MOST_LATE_WRITES = 60;

/** Turns the two-minute chunks of closed hours into one chunk per series and hour. */
@Injectable()
export class MergeService {
  private readonly logger = new Logger(MergeService.name);

  constructor(
    private readonly database: Database,
    private readonly chunks: ChunkRepository,
    private readonly partitions: PartitionRepository,
    private readonly clock: Clock,
    @InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>,
    @InjectMetric(MERGE_SECONDS) private readonly mergeSeconds: Histogram,
  ) {}

  async isDue(environment: Environment): Promise<boolean> {
    return (await this.dueHours(environment)).length > 0;
  }

  /** Merges every hour that is due. Answers how many. */
  async merge(environment: Environment, signal?: AbortSignal): Promise<number> {
    let merged = 0;
    for (const hour of await this.dueHours(environment)) {
      if (signal?.aborted) break;
      if (await this.mergeHour(environment, hour)) merged++;
    }
    return merged;
  }

  /** Closed hours that are still in small chunks, and merged ones that late samples have been added to. */
  private async dueHours(environment: Environment): Promise<number[]> {
    const closed = this.clock.now() - this.config.mergeGraceSeconds * 1000;
    const recent = await this.partitions.list('recent', environment.key);
    const late = await this.chunks.settledLateHours(environment.id, LATE_CALM_SECONDS, MOST_LATE_WRITES);
    const due = [
      ...recent.filter(({ toMs }) => toMs <= closed).map(({ fromMs }) => fromMs),
      ...late.map(({ hourMs }) => hourMs),
    ];
    return [...new Set(due)].sort((a, b) => a - b);
  }

  /** False where another process holds the environment's storage. */
  async mergeHour(environment: Environment, hourMs: number): Promise<boolean> {
    const stop = this.mergeSeconds.startTimer();
    await this.partitions.ensure('hourly', environment.key, [hourMs]);
    const outcome = await this.database.transaction(async (tx) => {
      if (!(await this.database.tryLock(tx, storageLock(environment.key)))) return undefined;
      return this.rewrite(tx, environment, hourMs);
    });
    if (!outcome) return false;
    this.logger.log({
      msg: 'merged an hour',
      environmentId: environment.id,
      hour: new Date(hourMs).toISOString(),
      ...outcome,
      seconds: stop(),
    });
    return true;
  }

  private async rewrite(tx: Transaction, environment: Environment, hourMs: number) {
    const recent = partitionTable('recent', environment.key, hourMs);
    const hourly = partitionTable('hourly', environment.key, hourMs);
    const hasRecent = (await this.partitions.list('recent', environment.key, tx)).some(({ table }) => table === recent);
    const earlier = await this.chunks.seriesInHour(tx, hourly, hourMs);
    const fresh = hasRecent ? await this.chunks.seriesInHour(tx, recent, hourMs) : [];
    const series = Int32Array.from(new Set([...earlier, ...fresh])).sort();
    const sources = [...(earlier.length > 0 ? [hourly] : []), ...(hasRecent ? [recent] : [])];

    const merged: { encoder: ChunkCopyEncoder; read: number }[] = [];
    for (let i = 0; i < series.length; i += SERIES_PER_SLICE) {
      const last = series[Math.min(i + SERIES_PER_SLICE, series.length) - 1]!;
      const stored = await this.chunks.chunksInHour(tx, sources, hourMs, series[i]!, last);
      const encoder = this.encodeSlice(environment.key, stored);
      merged.push({ encoder, read: stored.length });
      // What the hour held before is read again with each slice, so it goes only after the last one.
      if (earlier.length === 0) await this.chunks.copy(tx, hourly, encoder);
    }
    if (earlier.length > 0) {
      await this.chunks.deleteHour(tx, hourly, hourMs);
      for (const { encoder } of merged) await this.chunks.copy(tx, hourly, encoder);
    }
    await this.chunks.clearLateHour(tx, environment.id, hourMs);
    if (hasRecent) {
      await tx.query(`SET LOCAL lock_timeout = '3s'`);
      await this.partitions.drop(tx, recent);
    }
    return {
      series: series.length,
      chunksRead: merged.reduce((sum, { read }) => sum + read, 0),
      chunksWritten: merged.reduce((sum, { encoder }) => sum + encoder.rows, 0),
    };
  }

  /** One chunk per series out of its chunks, which come in the order of writing. */
  private encodeSlice(environmentKey: number, stored: readonly StoredChunk[]): ChunkCopyEncoder {
    const encoder = new ChunkCopyEncoder(environmentKey);
    for (let from = 0; from < stored.length;) {
      const { seriesId } = stored[from]!;
      const fragments: Fragment[] = [];
      let to = from;
      for (; to < stored.length && stored[to]!.seriesId === seriesId; to++) {
        const fragment = this.decode(stored[to]!);
        if (fragment) fragments.push(fragment);
      }
      const { times, values } = mergeFragments(fragments);
      if (times.length > 0) {
        const sequence = stored[to - 1]!.sequence;
        encoder.add(sequence, times[0]!, times[times.length - 1]!, seriesId, times.length, encodeChunk(times, values));
      }
      from = to;
    }
    return encoder;
  }

  private decode(chunk: StoredChunk): Fragment | undefined {
    try {
      return decodeChunk(chunk.payload);
    } catch (error) {
      this.logger.error({
        msg: 'a chunk is unreadable and was left out of its hour',
        seriesId: chunk.seriesId,
        err: error,
      });
      return undefined;
    }
  }
}
