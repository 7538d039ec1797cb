import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../../kernel/clock.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { Presence } from '../scoring/silence/presence.js';
import { ANOMALY_COLUMNS, type AnomalyRow } from './rows.js';

export interface SilencePosition {
  /** Presence up to here was looked at. */
  readonly watchedUntil: Date;
  readonly snapshotUntil: Date | null;
  /** Where the slowest shard was scored; null where there is none. */
  readonly scoredUntil: Date | null;
}

export interface SilenceSnapshot {
  readonly until: Date;
  readonly tickMs: number;
  /** Compressed. */
  readonly bytes: Buffer;
}

interface PresenceRow {
  readonly shard: number;
  readonly shardSize: number;
  readonly from: Date;
  readonly until: Date;
  readonly tickMs: number;
  readonly bits: Buffer;
}

/** When series had values, as shards noted it, and how far somebody looked at that for silence. */
@Injectable()
export class SilenceRepository {
  constructor(private readonly database: Database) {}

  /** In the transaction that moves the shard to `until`. */
  async addPresence(tx: Transaction, environmentId: string, presence: Presence): Promise<void> {
    const { shard, from, until, tickMs, shardSize, bits } = presence;
    await tx.query(
      `INSERT INTO anomaly_detection_presence (environment_id, shard, taken_from, taken_until, tick_ms, shard_size, bits)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [environmentId, shard, new Date(from), new Date(until), tickMs, shardSize, Buffer.from(bits)],
    );
  }

  /** A shard that is more than an hour behind the foremost is not waited for. */
  async position(environmentId: string): Promise<SilencePosition | null> {
    await this.database.query(
      `INSERT INTO anomaly_detection_silence (environment_id, watched_until)
       SELECT $1::uuid, min(taken_from) FROM anomaly_detection_presence WHERE environment_id = $1::uuid
         AND NOT EXISTS (SELECT 1 FROM anomaly_detection_silence WHERE environment_id = $1::uuid)
       HAVING min(taken_from) IS NOT NULL
       ON CONFLICT DO NOTHING`,
      [environmentId],
    );
    const [row] = await this.database.query<SilencePosition>(
      `SELECT watched_until AS "watchedUntil", snapshot_until AS "snapshotUntil", (
         SELECT min(scored_until) FROM anomaly_detection_shards WHERE environment_id = $1 AND scored_until > (
           SELECT max(scored_until) FROM anomaly_detection_shards WHERE environment_id = $1) - interval '1 hour'
       ) AS "scoredUntil"
       FROM anomaly_detection_silence WHERE environment_id = $1`,
      [environmentId],
    );
    return row ?? null;
  }

  /** Ascending by tick. */
  async presence(environmentId: string, from: EpochMs, until: EpochMs): Promise<Presence[]> {
    const rows = await this.database.query<PresenceRow>(
      `SELECT shard, shard_size AS "shardSize", taken_from AS "from", taken_until AS "until", tick_ms AS "tickMs", bits
       FROM anomaly_detection_presence WHERE environment_id = $1 AND taken_until > $2 AND taken_from < $3
       ORDER BY taken_until, shard`,
      [environmentId, new Date(from), new Date(until)],
    );
    return rows.map((row) => ({ ...row, from: row.from.getTime(), until: row.until.getTime() }));
  }

  /** Where presence begins that lies after `from`; null where there is none. */
  async nextPresence(environmentId: string, from: EpochMs): Promise<EpochMs | null> {
    const [row] = await this.database.query<{ from: Date | null }>(
      `SELECT min(taken_from) AS "from" FROM anomaly_detection_presence
       WHERE environment_id = $1 AND taken_until > $2`,
      [environmentId, new Date(from)],
    );
    return row?.from?.getTime() ?? null;
  }

  async snapshot(environmentId: string): Promise<SilenceSnapshot | null> {
    const [row] = await this.database.query<SilenceSnapshot>(
      `SELECT snapshot_until AS "until", snapshot_tick_ms AS "tickMs", snapshot AS "bytes"
       FROM anomaly_detection_silence WHERE environment_id = $1 AND snapshot IS NOT NULL`,
      [environmentId],
    );
    return row ?? null;
  }

  /** Where it stands, locked until the transaction ends. */
  async lock(tx: Transaction, environmentId: string): Promise<EpochMs | undefined> {
    const [row] = await tx.query<{ watchedUntil: Date }[]>(
      `SELECT watched_until AS "watchedUntil" FROM anomaly_detection_silence WHERE environment_id = $1 FOR UPDATE`,
      [environmentId],
    );
    return row?.watchedUntil.getTime();
  }

  /** With a snapshot, presence is kept for `keep` milliseconds before it, for workers that take turns. */
  async advance(
    tx: Transaction,
    environmentId: string,
    { until, keep }: { readonly until: EpochMs; readonly keep: number },
    snapshot: { readonly tickMs: number; readonly bytes: Buffer } | null,
  ): Promise<void> {
    await tx.query(
      `UPDATE anomaly_detection_silence SET watched_until = $2, snapshot = coalesce($3, snapshot),
         snapshot_tick_ms = coalesce($4, snapshot_tick_ms),
         snapshot_until = CASE WHEN $3::bytea IS NULL THEN snapshot_until ELSE $2 END
       WHERE environment_id = $1`,
      [environmentId, new Date(until), snapshot?.bytes ?? null, snapshot?.tickMs ?? null],
    );
    if (snapshot === null) return;
    await tx.query(`DELETE FROM anomaly_detection_presence WHERE environment_id = $1 AND taken_until <= $2`, [
      environmentId,
      new Date(until - keep),
    ]);
  }

  /** What nobody came to look at for so long that it is not made up for any more. */
  async deletePresenceBefore(environmentId: string, behindMs: number): Promise<void> {
    await this.database.query(
      `DELETE FROM anomaly_detection_presence WHERE environment_id = $1 AND taken_until < (
         SELECT max(scored_until) FROM anomaly_detection_shards WHERE environment_id = $1) - $2 * interval '1 millisecond'`,
      [environmentId, behindMs],
    );
  }

  /** Silences that are open, by when they began. */
  async open(environmentId: string): Promise<AnomalyRow[]> {
    return this.database.query<AnomalyRow>(
      `SELECT ${ANOMALY_COLUMNS} FROM anomaly_detection_anomalies
       WHERE environment_id = $1 AND state = 'open' AND silence IS NOT NULL ORDER BY started_at, id`,
      [environmentId],
    );
  }

  /** How far signals of services were derived; null where there are none. */
  async signalsUntil(environmentId: string): Promise<EpochMs | null> {
    const [row] = await this.database.query<{ until: Date }>(
      `SELECT derived_until AS "until" FROM anomaly_detection_signals WHERE environment_id = $1`,
      [environmentId],
    );
    return row?.until.getTime() ?? null;
  }
}
