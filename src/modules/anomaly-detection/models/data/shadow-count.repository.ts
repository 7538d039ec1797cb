import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../../platform/database/database.js';
import type { ShadowCount } from '../shadow/shadow-count.js';
import type { ShadowHour } from './shadow.repository.js';

interface Row {
  readonly modelId: string;
  readonly beganAt: Date;
  readonly countedUntil: Date;
  readonly trackers: ShadowCount['trackers'];
  readonly hour: Date | null;
  readonly counts: Omit<ShadowHour, 'hour'> | null;
}

/** How far counting for shadows is, by shard. */
@Injectable()
export class ShadowCountRepository {
  constructor(private readonly db: Database) {}

  async of(environmentId: string, shard: number): Promise<ShadowCount[]> {
    const rows = await this.db.query<Row>(
      `SELECT model_id AS "modelId", began_at AS "beganAt", counted_until AS "countedUntil", trackers, hour, counts
       FROM anomaly_detection_shadow_shards WHERE environment_id = $1 AND shard = $2`,
      [environmentId, shard],
    );
    return rows.map(({ modelId, beganAt, countedUntil, trackers, hour, counts }) => ({
      modelId,
      beganAt: beganAt.getTime(),
      countedUntil: countedUntil.getTime(),
      trackers,
      hour: hour && counts && { ...counts, hour },
    }));
  }

  async save(tx: Transaction, environmentId: string, shard: number, counts: readonly ShadowCount[]): Promise<void> {
    const rows = counts.map(({ modelId, beganAt, countedUntil, trackers, hour }) => ({
      modelId,
      beganAt: new Date(beganAt),
      countedUntil: new Date(countedUntil),
      trackers,
      hour: hour?.hour ?? null,
      counts: hour,
    }));
    await tx.query(
      `INSERT INTO anomaly_detection_shadow_shards (environment_id, shard, model_id, began_at, counted_until, trackers,
         hour, counts)
       SELECT $1, $2, r."modelId", r."beganAt", r."countedUntil", r.trackers, r.hour, r.counts
       FROM jsonb_to_recordset($3::jsonb) AS r("modelId" uuid, "beganAt" timestamptz, "countedUntil" timestamptz,
         trackers jsonb, hour timestamptz, counts jsonb)
       JOIN anomaly_detection_models m ON m.id = r."modelId"
       ON CONFLICT (environment_id, shard, model_id) DO UPDATE SET began_at = excluded.began_at,
         counted_until = excluded.counted_until, trackers = excluded.trackers, hour = excluded.hour,
         counts = excluded.counts`,
      [environmentId, shard, JSON.stringify(rows)],
    );
  }
}
