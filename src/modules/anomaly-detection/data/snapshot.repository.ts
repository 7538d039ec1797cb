import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';

/** `scoring`: what scores now. `learned`: made from a longer history in the background, to take over. */
export type SnapshotKind = 'scoring' | 'learned';

export interface SnapshotRow {
  /** `channel-ensemble@1` */
  readonly detector: string;
  readonly shardSize: number;
  readonly tickMs: number;
  /** Every sample before this time is in the states. */
  readonly takenUntil: Date;
  readonly learnedFrom: Date;
  readonly series: number;
  /** Compressed. */
  readonly states: Buffer;
  /** Compressed; null where no model keeps a memory, or an older release wrote the row. */
  readonly memories: Buffer | null;
}

@Injectable()
export class SnapshotRepository {
  constructor(private readonly database: Database) {}

  async find(environmentId: string, shard: number, kind: SnapshotKind): Promise<SnapshotRow | undefined> {
    const [row] = await this.database.query<SnapshotRow>(
      `SELECT detector, shard_size AS "shardSize", tick_ms AS "tickMs", taken_until AS "takenUntil",
         learned_from AS "learnedFrom", series, states, memories
       FROM anomaly_detection_snapshots WHERE environment_id = $1 AND shard = $2 AND kind = $3`,
      [environmentId, shard, kind],
    );
    return row;
  }

  /** Never replaces a newer one of the same detector: a worker that was held up may come late. */
  async save(environmentId: string, shard: number, kind: SnapshotKind, row: SnapshotRow): Promise<void> {
    await this.database.query(
      `INSERT INTO anomaly_detection_snapshots AS known (environment_id, shard, kind, detector, shard_size, tick_ms,
         taken_until, learned_from, series, states, memories)
       SELECT $1::uuid, $2::integer, $3::text, $4::text, $5::integer, $6::integer, $7::timestamptz, $8::timestamptz,
         $9::integer, $10::bytea, $11::bytea
       WHERE EXISTS (SELECT 1 FROM anomaly_detection_shards s WHERE s.environment_id = $1::uuid AND s.shard = $2::integer)
       ON CONFLICT (environment_id, shard, kind) DO UPDATE SET detector = excluded.detector,
         shard_size = excluded.shard_size, tick_ms = excluded.tick_ms, taken_until = excluded.taken_until,
         learned_from = excluded.learned_from, series = excluded.series, states = excluded.states,
         memories = excluded.memories, written_at = now()
       WHERE known.taken_until <= excluded.taken_until OR known.detector <> excluded.detector
         OR known.shard_size <> excluded.shard_size OR known.tick_ms <> excluded.tick_ms`,
      [
        environmentId,
        shard,
        kind,
        row.detector,
        row.shardSize,
        row.tickMs,
        row.takenUntil,
        row.learnedFrom,
        row.series,
        row.states,
        row.memories,
      ],
    );
  }

  async delete(environmentId: string, shard: number, kind: SnapshotKind): Promise<void> {
    await this.database.query(
      `DELETE FROM anomaly_detection_snapshots WHERE environment_id = $1 AND shard = $2 AND kind = $3`,
      [environmentId, shard, kind],
    );
  }
}
