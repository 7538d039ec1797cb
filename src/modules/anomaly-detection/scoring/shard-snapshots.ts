import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { Detector } from '../../../engine/detection/detector.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { SNAPSHOT_BYTES } from '../anomaly-detection.metrics.js';
import { SnapshotRepository, type SnapshotKind, type SnapshotRow } from '../data/snapshot.repository.js';
import {
  decodeMemories,
  encodeMemories,
  type StoredMemories,
  type StoredMemory,
} from '../models/memory/memory-codec.js';
import { ModelledEnsemble } from './modelled-ensemble.js';
import type { ScoringSetup } from './scoring-setup.js';
import { scoredRows, type Shard, type ShardTarget } from './shard.js';
import { encodeSnapshot, type SnapshotEntry } from './snapshot-codec.js';
import { SnapshotReader } from './snapshot-reader.js';

const pack = promisify<Buffer, { level: number }, Buffer>(deflate);
const unpack = promisify<Buffer, Buffer>(inflate);
/** States are floats that hardly repeat: more effort gains a few percent and costs ten times as much. */
const LEVEL = 1;

export interface RestoredSnapshot {
  readonly takenUntil: EpochMs;
  readonly learnedFrom: EpochMs;
  readonly entries: readonly SnapshotEntry[];
  /** What models remembered of the same series at the same position. */
  readonly memories: readonly StoredMemory[];
}

/** Keeps states of shards in the database, so that a restart goes on where the snapshot was taken. */
@Injectable()
export class ShardSnapshots {
  private readonly logger = new Logger(ShardSnapshots.name);

  constructor(
    private readonly snapshots: SnapshotRepository,
    private readonly reader: SnapshotReader,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
    @InjectMetric(SNAPSHOT_BYTES) private readonly written: Counter,
  ) {}

  /** Null where there is none that these states could go on from: the reason is logged, and history is learned anew. */
  async load(
    { detectorName }: Pick<ScoringSetup, 'detectorName'>,
    target: Pick<ShardTarget, 'environmentId' | 'shard' | 'tickMs'>,
    kind: SnapshotKind,
    notAfter: EpochMs,
  ): Promise<RestoredSnapshot | null> {
    const { environmentId, shard } = target;
    const row = await this.reader.find(environmentId, shard, kind);
    if (!row) return null;
    const refuse = (reason: string): null => {
      this.logger.warn({ msg: 'snapshot not used; learning from history', environmentId, shard, kind, reason });
      return null;
    };
    if (row.detector !== detectorName) return refuse(`it is of ${row.detector}, not ${detectorName}`);
    if (row.shardSize !== this.config.shardSize) return refuse(`it holds ${row.shardSize} series ids`);
    if (row.tickMs !== target.tickMs) return refuse(`its tick was ${row.tickMs} ms`);
    const takenUntil = row.takenUntil.getTime();
    if (takenUntil > notAfter) return refuse('it is ahead of what was scored');
    try {
      const entries = await this.reader.entriesOf(row);
      const memories = await this.memoriesOf(row, takenUntil);
      return { takenUntil, learnedFrom: row.learnedFrom.getTime(), entries, memories };
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error));
    }
  }

  /** When none was taken for `snapshotMinutes`; shards take turns, so that not all are written on the same tick. */
  due({ cursor, snapshotAt, number, tickMs }: Shard): boolean {
    if (snapshotAt === null) return true;
    const period = Math.max(1, Math.round((this.config.snapshotMinutes * 60_000) / tickMs));
    const turn = (at: EpochMs): number => Math.floor((at / tickMs + number) / period);
    return turn(cursor) > turn(snapshotAt);
  }

  async save({ detector, detectorName }: ScoringSetup, shard: Shard, kind: SnapshotKind): Promise<void> {
    const { rows } = scoredRows(shard);
    const bytes = encodeSnapshot(entriesOf(detector, shard));
    const states = await pack(bytes, { level: LEVEL });
    const remembered = memoriesOf(detector, shard);
    const memories = remembered && (await pack(encodeMemories(remembered), { level: LEVEL }));
    await this.snapshots.save(shard.environmentId, shard.number, kind, {
      detector: detectorName,
      shardSize: this.config.shardSize,
      tickMs: shard.tickMs,
      takenUntil: new Date(shard.cursor),
      learnedFrom: new Date(shard.learnedFrom),
      series: rows.length,
      states,
      memories,
    });
    this.written.inc(states.length + (memories?.length ?? 0));
  }

  /** States without memories go on all the same: models fill theirs within minutes. */
  private async memoriesOf({ memories }: SnapshotRow, takenUntil: EpochMs): Promise<readonly StoredMemory[]> {
    if (memories === null) return [];
    try {
      const stored = decodeMemories(await unpack(memories));
      // An older release wrote the states since, and knew nothing of memories.
      return stored.takenUntil === takenUntil ? stored.models : [];
    } catch (error) {
      this.logger.warn({ msg: 'memories of models not restored', reason: String(error) });
      return [];
    }
  }

  async forget(environmentId: string, shard: number, kind: SnapshotKind): Promise<void> {
    await this.snapshots.delete(environmentId, shard, kind);
  }
}

function entriesOf(detector: Detector, shard: Shard): SnapshotEntry[] {
  return scoredRows(shard).rows.map(({ series, carry, detection }) => ({
    seriesId: series.id,
    carry,
    state: detector.serialise(detection),
  }));
}

/** Null where no model that is used keeps a memory. */
function memoriesOf(detector: Detector, shard: Shard): StoredMemories | null {
  if (!(detector instanceof ModelledEnsemble) || detector.memoryModels.length === 0) return null;
  const models = detector.memoryModels.map((modelId) => ({
    modelId,
    series: scoredRows(shard).rows.flatMap(({ series, detection }) => {
      const memory = shard.memories.find(modelId, detection);
      return memory ? [{ seriesId: series.id, memory }] : [];
    }),
  }));
  return { takenUntil: shard.cursor, models };
}
