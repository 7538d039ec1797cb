import { Injectable } from '@nestjs/common';
import type { Page } from '../../../kernel/page.js';
import { compileMatcher } from '../../../kernel/series-selector-matching.js';
import type { SeriesSelector } from '../../../kernel/series-selector.js';
import { METRIC_NAME_LABEL, type Labels, type MetricType } from '../../../kernel/time-series.js';
import { Database, type SqlParameter } from '../../../platform/database/database.js';
import { decodeCursor, encodeCursor } from '../../../platform/http/paging.js';
import { InvalidQueryError } from '../telemetry.errors.js';
import type { Series, SeriesQuery } from '../telemetry.reader.js';
import { type ExpandedSelector, filterFor, isDecidable } from './series-filter.js';

/** Where to read: a replica may lag behind what was acknowledged. */
export type ReadFrom = 'primary' | 'replica';

interface SeriesRow {
  readonly id: number;
  readonly environmentId: string;
  readonly labels: Labels;
  readonly metricType: MetricType;
  readonly derivedFrom: number | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

const COLUMNS = `id, environment_id AS "environmentId", labels, metric_type AS "metricType", derived_from AS "derivedFrom",
  created_at AS "createdAt", ended_at AS "endedAt"`;
/** Rows that a regular expression looks at per round trip, where its label has too many values to list. */
const SCAN_ROWS = 5_000;
const MOST_VALUES = 20_000;

/** The read model of series. */
@Injectable()
export class SeriesReadRepository {
  constructor(private readonly database: Database) {}

  async page(environmentId: string, query: SeriesQuery, from: ReadFrom): Promise<Page<Series>> {
    const found: Series[] = [];
    let after = query.cursor === undefined ? 0 : seriesIdOf(query.cursor);
    const filter = filterFor(await Promise.all(query.selectors.map((one) => this.expand(environmentId, one, from))), 4);
    const batch = filter.matches ? SCAN_ROWS : query.limit + 1;
    const condition = `environment_id = $1 AND id > $2 ${query.includeDerived ? '' : 'AND derived_from IS NULL'} AND ${filter.sql}`;
    // Where labels have an index, the ids come first: with a LIMIT in sight the planner would test labels row by row.
    const sql = filter.indexed
      ? `WITH matching AS MATERIALIZED (SELECT id FROM telemetry_series WHERE ${condition})
         SELECT ${COLUMNS} FROM telemetry_series WHERE id IN (SELECT id FROM matching ORDER BY id LIMIT $3) ORDER BY id`
      : `SELECT ${COLUMNS} FROM telemetry_series WHERE ${condition} ORDER BY id LIMIT $3`;
    while (found.length <= query.limit) {
      const rows = await this.run<SeriesRow>(from, sql, [environmentId, after, batch, ...filter.parameters]);
      for (const row of rows) if (!filter.matches || filter.matches(row.labels)) found.push(row);
      if (rows.length < batch) break;
      after = rows.at(-1)!.id;
    }
    const items = found.slice(0, query.limit);
    return { items, nextCursor: found.length > query.limit ? encodeCursor([items.at(-1)!.id]) : null };
  }

  /**
   * Tries regular expressions on the distinct values of their labels, which are far fewer than series, and leaves
   * the rest to SQL. PostgreSQL's own expressions would mean something else than Prometheus's (RE2).
   */
  private async expand(environmentId: string, selector: SeriesSelector, from: ReadFrom): Promise<ExpandedSelector> {
    const decidable = selector.filter(isDecidable);
    const expanded: ExpandedSelector[number][] = [...decidable];
    for (const matcher of selector) {
      if (isDecidable(matcher)) continue;
      const filter = filterFor([decidable], 3);
      const value = matcher.name === METRIC_NAME_LABEL ? 'metric_name' : `coalesce(labels ->> $2, '')`;
      const rows = await this.run<{ value: string }>(
        from,
        `SELECT ${value} AS value FROM telemetry_series
          WHERE environment_id = $1 AND ($2::text IS NOT NULL) AND ${filter.sql} GROUP BY 1 LIMIT ${MOST_VALUES + 1}`,
        [environmentId, matcher.name, ...filter.parameters],
      );
      if (rows.length > MOST_VALUES) {
        expanded.push(matcher);
        continue;
      }
      const accepts = compileMatcher(matcher);
      const negated = matcher.operator === '!~';
      const values = rows.map((row) => row.value).filter((text) => accepts(text) !== negated);
      expanded.push({ name: matcher.name, operator: negated ? 'not-in' : 'in', values });
    }
    return expanded;
  }

  async byIds(environmentId: string, ids: readonly number[], from: ReadFrom): Promise<Series[]> {
    return this.run<SeriesRow>(
      from,
      `SELECT ${COLUMNS} FROM telemetry_series WHERE environment_id = $1 AND id = ANY ($2::int[]) ORDER BY id`,
      [environmentId, ids],
    );
  }

  async derived(environmentId: string, sourceIds: readonly number[], metric: string): Promise<Series[]> {
    return this.run<SeriesRow>(
      'primary',
      `SELECT ${COLUMNS} FROM telemetry_series
        WHERE environment_id = $1 AND derived_from = ANY ($2::int[]) AND metric_name = $3 ORDER BY id`,
      [environmentId, sourceIds, metric],
    );
  }

  /** Series that sources sent and that have not ended. */
  async countLive(environmentId: string, from: ReadFrom): Promise<number> {
    const [row] = await this.run<{ live: number }>(
      from,
      `SELECT count(*)::int AS live FROM telemetry_series
        WHERE environment_id = $1 AND derived_from IS NULL AND ended_at IS NULL`,
      [environmentId],
    );
    return row?.live ?? 0;
  }

  async lastSampleAt(environmentId: string, from: ReadFrom): Promise<Date | null> {
    const [row] = await this.run<{ at: Date | null }>(
      from,
      `SELECT greatest(
          (SELECT max(max_time) FROM telemetry_journal WHERE environment_id = $1 AND quarantined_at IS NULL),
          (SELECT last_sample_at FROM telemetry_environments WHERE environment_id = $1)) AS at`,
      [environmentId],
    );
    return row?.at ?? null;
  }

  private run<Row extends object>(from: ReadFrom, sql: string, parameters: readonly SqlParameter[]): Promise<Row[]> {
    return from === 'primary' ? this.database.query<Row>(sql, parameters) : this.database.read<Row>(sql, parameters);
  }
}

function seriesIdOf(cursor: string): number {
  const [id] = decodeCursor(cursor) ?? [];
  if (!Number.isInteger(id) || (id as number) < 0 || (id as number) > 0x7fffffff) {
    throw new InvalidQueryError('cursor', 'The cursor is not one of this list. Start again without it.');
  }
  return id as number;
}
