import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../../kernel/clock.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { ShardRow, StoredTrackers } from './rows.js';

/** How far each shard was scored, and the trackers that are in the middle of something. */
@Injectable()
export class ShardRepository {
  constructor(private readonly database: Database) {}

  /** The shard's row; made with `scoredUntil` where there is none. */
  async ensure(environmentId: string, shard: number, scoredUntil: EpochMs): Promise<ShardRow> {
    const known = await this.find(environmentId, shard);
    if (known) return known;
    await this.database.query(
      `INSERT INTO anomaly_detection_shards (environment_id, shard, scored_until) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING`,
      [environmentId, shard, new Date(scoredUntil)],
    );
    return (await this.find(environmentId, shard))!;
  }

  async find(environmentId: string, shard: number): Promise<ShardRow | undefined> {
    const [row] = await this.database.query<ShardRow>(
      `SELECT scored_until AS "scoredUntil", trackers, learned_from AS "learnedFrom", learning_from AS "learningFrom",
         learned_until AS "learnedUntil"
       FROM anomaly_detection_shards
       WHERE environment_id = $1 AND shard = $2`,
      [environmentId, shard],
    );
    return row;
  }

  /** Where the shard stands, with its row locked until the transaction ends. Undefined when it is gone. */
  async lock(tx: Transaction, environmentId: string, shard: number): Promise<EpochMs | undefined> {
    const [row] = await tx.query<{ scoredUntil: Date }[]>(
      `SELECT scored_until AS "scoredUntil" FROM anomaly_detection_shards
       WHERE environment_id = $1 AND shard = $2 FOR UPDATE`,
      [environmentId, shard],
    );
    return row?.scoredUntil.getTime();
  }

  async advance(
    tx: Transaction,
    environmentId: string,
    shard: number,
    change: {
      readonly scoredUntil: EpochMs;
      readonly series: number;
      readonly trackers: StoredTrackers;
      readonly learnedFrom: EpochMs;
      /** Where a longer history that is still to be learned would begin; null: as it was. */
      readonly learningFrom: EpochMs | null;
    },
  ): Promise<void> {
    await tx.query(
      `UPDATE anomaly_detection_shards SET scored_until = $3, series = $4, trackers = $5, learned_from = $6,
         learning_from = coalesce(learning_from, $7), learning_until = coalesce(learning_until, $7)
       WHERE environment_id = $1 AND shard = $2`,
      [
        environmentId,
        shard,
        new Date(change.scoredUntil),
        change.series,
        JSON.stringify(change.trackers),
        new Date(change.learnedFrom),
        change.learningFrom === null ? null : new Date(change.learningFrom),
      ],
    );
  }

  /** How far learning from history is, for people; null where none is going on. */
  async showLearning(
    environmentId: string,
    shard: number,
    progress: { readonly from: EpochMs; readonly at: EpochMs } | null,
  ): Promise<void> {
    await this.database.query(
      `UPDATE anomaly_detection_shards SET learning_from = $3, learning_until = $4
       WHERE environment_id = $1 AND shard = $2`,
      [environmentId, shard, progress && new Date(progress.from), progress && new Date(progress.at)],
    );
  }

  /** A `learned` snapshot of this position waits for the next tick. */
  async offerLearned(environmentId: string, shard: number, until: EpochMs): Promise<void> {
    await this.database.query(
      `UPDATE anomaly_detection_shards SET learned_until = $3, learning_from = NULL, learning_until = NULL
       WHERE environment_id = $1 AND shard = $2`,
      [environmentId, shard, new Date(until)],
    );
  }

  /** The `learned` snapshot was taken over, or is of no use. */
  async withdrawLearned(environmentId: string, shard: number): Promise<void> {
    await this.database.query(
      `UPDATE anomaly_detection_shards SET learned_until = NULL WHERE environment_id = $1 AND shard = $2`,
      [environmentId, shard],
    );
  }

  /**
   * Moves the environment to where its slowest shard is. Answers the new position once, however many workers ask:
   * null when another was first, or a shard is still behind. Shards that no plan names any more are left out after
   * ten minutes behind the foremost.
   */
  async advanceEnvironment(
    tx: Transaction,
    environmentId: string,
  ): Promise<{ readonly scoredUntil: Date; readonly series: number } | null> {
    const [row] = await tx.query<{ scoredUntil: Date; series: number }[]>(
      `WITH newest AS (
         SELECT max(scored_until) AS at FROM anomaly_detection_shards WHERE environment_id = $1::uuid
       ), position AS (
         SELECT min(scored_until) AS scored_until, coalesce(sum(series), 0)::integer AS series
         FROM anomaly_detection_shards, newest
         WHERE environment_id = $1::uuid AND scored_until > newest.at - interval '10 minutes'
       )
       INSERT INTO anomaly_detection_environments AS known (environment_id, scored_until, series)
       SELECT $1::uuid, scored_until, series FROM position WHERE scored_until IS NOT NULL
       ON CONFLICT (environment_id) DO UPDATE SET scored_until = excluded.scored_until, series = excluded.series
       WHERE known.scored_until < excluded.scored_until
       RETURNING scored_until AS "scoredUntil", series`,
      [environmentId],
    );
    return row ?? null;
  }

  /** Shards none of whose series has a state: what was in them is gone. Should one come to life, it begins anew. */
  async deleteEmpty(environmentId: string, shardSize: number): Promise<void> {
    await this.database.query(
      `WITH gone AS (DELETE FROM anomaly_detection_shards shards WHERE environment_id = $1 AND NOT EXISTS (
         SELECT 1 FROM anomaly_detection_series_states states WHERE states.environment_id = shards.environment_id
           AND states.series_id >= shards.shard * $2::int AND states.series_id < (shards.shard + 1) * $2::int)
         RETURNING shards.environment_id, shards.shard), counts AS (
         DELETE FROM anomaly_detection_shadow_shards shadows USING gone
         WHERE shadows.environment_id = gone.environment_id AND shadows.shard = gone.shard)
       DELETE FROM anomaly_detection_snapshots snapshots USING gone
       WHERE snapshots.environment_id = gone.environment_id AND snapshots.shard = gone.shard`,
      [environmentId, shardSize],
    );
  }
}
