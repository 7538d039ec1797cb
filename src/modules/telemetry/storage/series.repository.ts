import { Injectable } from '@nestjs/common';
import type { Labels, MetricType } from '../../../kernel/time-series.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { Environment } from '../../environments/index.js';
import type { SeriesIdentity } from './series-identity.js';

export interface StoredIdentity {
  readonly id: number;
  /** Hex of the hash, as in `SeriesIdentity.hash`. */
  readonly hash: string;
  readonly metricType: MetricType;
}

export interface NewSeriesRow {
  readonly identity: SeriesIdentity;
  readonly labels: Labels;
  readonly metricType: MetricType;
  readonly derivedFrom: number | null;
}

/** Writes and looks up series; queries by matcher are in queries/. */
@Injectable()
export class SeriesRepository {
  constructor(private readonly database: Database) {}

  async findByHashes(environmentId: string, hashes: readonly string[], tx?: Transaction): Promise<StoredIdentity[]> {
    const sql = `SELECT id, encode(labels_hash, 'hex') AS hash, metric_type AS "metricType" FROM telemetry_series
        WHERE environment_id = $1 AND labels_hash = ANY ($2::bytea[])`;
    const parameters = [environmentId, hashes.map((hash) => Buffer.from(hash, 'hex'))];
    return tx ? tx.query<StoredIdentity[]>(sql, parameters) : this.database.query<StoredIdentity>(sql, parameters);
  }

  /** Marks as seen, where that is some hours old; answers those that exist. The others were purged. */
  async touch(environmentId: string, ids: readonly number[]): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `WITH due AS (
         SELECT id FROM telemetry_series
          WHERE environment_id = $1 AND id = ANY ($2::int[]) AND last_seen_at < now() - interval '5 hours' ${IN_ORDER}
       ), touched AS (
         UPDATE telemetry_series s SET last_seen_at = now() FROM due WHERE s.id = due.id RETURNING s.id)
       SELECT id FROM touched
       UNION ALL
       SELECT id FROM telemetry_series
        WHERE environment_id = $1 AND id = ANY ($2::int[]) AND last_seen_at >= now() - interval '5 hours'`,
      [environmentId, ids],
    );
    return rows.map((row) => row.id);
  }

  /** Series that count against the limit: received ones that have not ended. */
  async countLive(environmentId: string, tx?: Transaction): Promise<number> {
    const sql = `SELECT count(*)::int AS live FROM telemetry_series
                  WHERE environment_id = $1 AND derived_from IS NULL AND ended_at IS NULL`;
    const rows: { live: number }[] = tx
      ? await tx.query(sql, [environmentId])
      : await this.database.query<{ live: number }>(sql, [environmentId]);
    return rows[0]?.live ?? 0;
  }

  /**
   * Creates what is missing, received series only up to the environment's limit. Under a lock, so that processes
   * together keep the limit; what another created while this one waited for the lock is none of the new ones.
   */
  async create(environment: Environment, rows: readonly NewSeriesRow[]): Promise<{ id: number; hash: string }[]> {
    return this.database.transaction(async (tx) => {
      await this.database.lock(tx, `telemetry:series:${environment.id}`);
      const hashes = rows.map((row) => row.identity.hash);
      const existing = await this.findByHashes(environment.id, hashes, tx);
      const known = new Set(existing.map(({ hash }) => hash));
      const missing = rows.filter((row) => !known.has(row.identity.hash));
      if (missing.length === 0) return existing;
      const free = Math.max(0, environment.maxSeries - (await this.countLive(environment.id, tx)));
      const received = missing.filter((row) => row.derivedFrom === null).slice(0, free);
      const accepted = [...received, ...missing.filter((row) => row.derivedFrom !== null)];
      if (accepted.length === 0) return existing;
      const created = (await tx.query(
        `WITH given AS (
           SELECT * FROM jsonb_to_recordset($3::jsonb)
             AS r(hash text, name text, family text, labels jsonb, type text, source int)
         ), inserted AS (
           INSERT INTO telemetry_series
             (environment_id, environment_key, labels, metric_name, labels_hash, metric_type, derived_from)
           SELECT $1, $2, labels, name, decode(hash, 'hex'),
                  coalesce(nullif(type, 'unknown'), (${KNOWN_TYPE}), 'unknown'), source
             FROM given
           ON CONFLICT (environment_id, labels_hash) DO NOTHING
           RETURNING id, encode(labels_hash, 'hex') AS hash
         )
         SELECT id, hash FROM inserted`,
        [environment.id, environment.key, JSON.stringify(accepted.map(toRecord))],
      )) as { id: number; hash: string }[];
      return [...existing, ...created];
    });
  }

  async setMetricTypes(environmentId: string, ids: readonly number[], types: readonly MetricType[]): Promise<void> {
    await this.database.query(
      `WITH due AS (
         SELECT s.id, given.type FROM telemetry_series s JOIN unnest($2::int[], $3::text[]) AS given(id, type) ON s.id = given.id
          WHERE s.environment_id = $1 AND s.metric_type <> given.type ${IN_ORDER_OF_S})
       UPDATE telemetry_series s SET metric_type = due.type FROM due WHERE s.id = due.id`,
      [environmentId, ids, types],
    );
  }

  /** Ends series at the times of their stale markers. */
  async markEnded(environmentId: string, ids: readonly number[], times: readonly number[]): Promise<void> {
    await this.database.query(
      `WITH given AS (
         SELECT id, to_timestamp(max(at) / 1000) AS at FROM unnest($2::int[], $3::float8[]) AS g(id, at) GROUP BY id
       ), due AS (
         SELECT s.id, given.at FROM telemetry_series s JOIN given ON given.id = s.id
          WHERE s.environment_id = $1 AND (s.ended_at IS NULL OR s.ended_at < given.at) ${IN_ORDER_OF_S})
       UPDATE telemetry_series s SET ended_at = due.at FROM due WHERE s.id = due.id`,
      [environmentId, ids, times],
    );
  }

  /** Series that live again: samples at these times came after their end. */
  async clearEnded(environmentId: string, ids: readonly number[], times: readonly number[]): Promise<void> {
    await this.database.query(
      `WITH given AS (SELECT id, to_timestamp(at / 1000) AS at FROM unnest($2::int[], $3::float8[]) AS g(id, at)
       ), due AS (
         SELECT s.id FROM telemetry_series s JOIN given ON given.id = s.id
          WHERE s.environment_id = $1 AND s.ended_at < given.at ${IN_ORDER_OF_S})
       UPDATE telemetry_series s SET ended_at = NULL FROM due WHERE s.id = due.id`,
      [environmentId, ids, times],
    );
  }

  async ended(environmentId: string): Promise<{ id: number; endedMs: number }[]> {
    return this.database.query<{ id: number; endedMs: number }>(
      `SELECT id, (extract(epoch FROM ended_at) * 1000)::float8 AS "endedMs" FROM telemetry_series
        WHERE environment_id = $1 AND ended_at IS NOT NULL`,
      [environmentId],
    );
  }

  /** Removes series that nothing wrote to for so long that no sample of theirs is left. */
  async purge(environmentId: string, unseenDays: number): Promise<number> {
    const rows = await this.database.query<{ count: number }>(
      `WITH purged AS (
         DELETE FROM telemetry_series WHERE environment_id = $1
            AND last_seen_at < now() - make_interval(days => $2::int) AND derived_from IS NULL RETURNING id)
       SELECT count(*)::int AS count FROM purged`,
      [environmentId, unseenDays],
    );
    return rows[0]?.count ?? 0;
  }
}

/** Requests that change the same series lock them in one order, so that none waits for another in a circle. */
const IN_ORDER = 'ORDER BY id FOR NO KEY UPDATE';
const IN_ORDER_OF_S = 'ORDER BY s.id FOR NO KEY UPDATE OF s';

/** Type of the metadata that a name belongs to: its own, or its family's where the suffix fits the type. */
const KNOWN_TYPE = `
  SELECT m.metric_type FROM telemetry_metadata m
   WHERE m.environment_id = $1 AND m.metric_type <> 'unknown'
     AND (m.metric_family = name
       OR (m.metric_family = family AND m.metric_type = ANY (
             CASE WHEN name LIKE '%\\_total' THEN ARRAY['counter']
                  WHEN name LIKE '%\\_info' THEN ARRAY['info']
                  ELSE ARRAY['histogram', 'gaugehistogram', 'summary'] END)))
   ORDER BY m.metric_family = name DESC LIMIT 1`;

function toRecord(row: NewSeriesRow): object {
  return {
    hash: row.identity.hash,
    name: row.identity.metricName,
    family: row.identity.metricName.replace(/_(total|bucket|sum|count|info)$/, ''),
    labels: row.labels,
    type: row.metricType,
    source: row.derivedFrom,
  };
}
