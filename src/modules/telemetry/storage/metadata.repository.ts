import { Injectable } from '@nestjs/common';
import type { MetricType } from '../../../kernel/time-series.js';
import { Database } from '../../../platform/database/database.js';
import { MAX_METRIC_NAME_BYTES } from './series-identity.js';

export interface FamilyMetadata {
  readonly metricFamily: string;
  readonly metricType: MetricType;
  readonly help: string;
  readonly unit: string;
}

@Injectable()
export class MetadataRepository {
  constructor(private readonly database: Database) {}

  /** Stores what changed, and gives the series of those families their type. */
  async upsert(environmentId: string, metadata: readonly FamilyMetadata[]): Promise<void> {
    // No series can belong to a family whose name is longer.
    const storable = metadata.filter(({ metricFamily }) => Buffer.byteLength(metricFamily) <= MAX_METRIC_NAME_BYTES);
    const families = new Map(storable.map((entry) => [entry.metricFamily, entry]));
    const changed = await this.database.query<{ family: string; type: MetricType }>(
      `WITH changed AS (
         INSERT INTO telemetry_metadata AS m (environment_id, metric_family, metric_type, help, unit)
         SELECT $1, family, type, help, unit
           FROM jsonb_to_recordset($2::jsonb) AS r(family text, type text, help text, unit text) ORDER BY family
         ON CONFLICT (environment_id, metric_family) DO UPDATE
           SET metric_type = excluded.metric_type, help = excluded.help, unit = excluded.unit, updated_at = now()
           WHERE (m.metric_type, m.help, m.unit) IS DISTINCT FROM (excluded.metric_type, excluded.help, excluded.unit)
         RETURNING metric_family AS family, metric_type AS type)
       SELECT family, type FROM changed`,
      [environmentId, JSON.stringify([...families.values()].map(toRecord))],
    );
    const names: string[] = [];
    const types: string[] = [];
    for (const { family, type } of changed) {
      for (const suffix of SUFFIXES[type] ?? ['']) {
        names.push(family + suffix);
        types.push(type);
      }
    }
    if (names.length === 0) return;
    await this.database.query(
      `WITH due AS (
         SELECT s.id, given.type FROM telemetry_series s JOIN unnest($2::text[], $3::text[]) AS given(name, type) ON s.metric_name = given.name
          WHERE s.environment_id = $1 AND s.metric_type <> given.type AND given.type <> 'unknown'
          ORDER BY s.id FOR NO KEY UPDATE OF s)
       UPDATE telemetry_series s SET metric_type = due.type FROM due WHERE s.id = due.id`,
      [environmentId, names, types],
    );
  }
}

/** Names of the series of a family, by its type (OpenMetrics 1.0, section 5). */
const SUFFIXES: Partial<Record<MetricType, readonly string[]>> = {
  counter: ['', '_total'],
  histogram: ['', '_bucket', '_sum', '_count'],
  gaugehistogram: ['', '_bucket', '_gsum', '_gcount'],
  summary: ['', '_sum', '_count'],
  info: ['', '_info'],
};

function toRecord({ metricFamily, metricType, help, unit }: FamilyMetadata): object {
  return {
    family: clean(metricFamily),
    type: metricType,
    help: clean(help).slice(0, 2_000),
    unit: clean(unit).slice(0, 100),
  };
}

/** PostgreSQL cannot store NUL; in a help text nobody misses it. */
function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
