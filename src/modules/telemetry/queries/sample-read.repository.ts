import { Injectable } from '@nestjs/common';
import type { SampleWindow, TimeRange } from '../../../kernel/time-series.js';
import { Database, type SqlParameter } from '../../../platform/database/database.js';
import type { Environment } from '../../environments/index.js';
import { findSeries } from '../storage/codec/block-codec.js';
import { decodeChunk } from '../storage/codec/chunk-codec.js';
import { type Fragment, mergeFragments } from '../storage/merge-samples.js';
import { hourOf } from '../storage/partition-names.js';
import { forEachRun } from '../storage/sample-columns.js';
import { ReadConflictError } from '../telemetry.errors.js';
import { BlockCache } from './block-cache.js';
import type { ReadFrom } from './series-read.repository.js';

/** Where samples lie: a journal row (no series, payload fetched apart) or a chunk. */
interface Location {
  readonly seriesId: number | null;
  readonly sequence: string;
  readonly payload: Buffer | null;
}

const ATTEMPTS = 4;
const EARLIEST_MS = Date.UTC(1900, 0, 1);
const LATEST_MS = Date.UTC(9999, 0, 1);

/** Reads samples wherever they are at the moment, in the journal or in chunks. */
@Injectable()
export class SampleReadRepository {
  constructor(
    private readonly database: Database,
    private readonly blocks: BlockCache,
  ) {}

  async read(
    environment: Pick<Environment, 'id' | 'key'>,
    seriesIds: readonly number[],
    range: TimeRange,
    from: ReadFrom,
  ): Promise<Map<number, SampleWindow>> {
    const wanted = Int32Array.from(new Set(seriesIds)).sort();
    if (wanted.length === 0 || !(range.from < range.to)) return new Map();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      // One statement, hence one snapshot: a pack moves rows in one transaction, so nothing is seen twice or never.
      const locations = await this.locate(environment, wanted, range, attempt === 1 ? from : 'primary');
      const journal = locations
        .filter(({ seriesId }) => seriesId === null)
        .sort((a, b) => Number(a.sequence) - Number(b.sequence));
      const blocks = await this.blocks.get(journal.map(({ sequence }) => sequence));
      // A block that is gone was packed after our snapshot: its samples are in chunks now.
      if (blocks) return this.merge(wanted, locations, blocks, range);
    }
    throw new ReadConflictError();
  }

  /** Samples that chunks of these series hold in the range, before any is read. The journal is not counted. */
  async countPacked(
    environment: Pick<Environment, 'key'>,
    seriesIds: readonly number[],
    range: TimeRange,
  ): Promise<number> {
    const parts = CHUNK_TABLES_READ.map(
      (table) => `SELECT samples FROM ${table} WHERE environment_key = ${environment.key} AND ${CHUNK_CONDITION}`,
    );
    const [row] = await this.database.read<{ samples: number }>(
      `SELECT coalesce(sum(samples), 0)::float8 AS samples FROM (${parts.join(' UNION ALL ')}) c`,
      [...rangeParameters(range), [...seriesIds]],
    );
    return row?.samples ?? 0;
  }

  private locate(
    environment: Pick<Environment, 'id' | 'key'>,
    seriesIds: Int32Array,
    range: TimeRange,
    from: ReadFrom,
  ): Promise<Location[]> {
    const chunks = CHUNK_TABLES_READ.map(
      (table) =>
        `SELECT series_id, sequence::text, payload FROM ${table} WHERE environment_key = ${environment.key} AND ${CHUNK_CONDITION}`,
    );
    const sql = `SELECT NULL::int AS "seriesId", id::text AS sequence, NULL::bytea AS payload FROM telemetry_journal
        WHERE environment_id = $5 AND quarantined_at IS NULL AND max_time >= $1::timestamptz AND min_time < $2::timestamptz
          AND (max_series IS NULL OR (max_series >= $6::int AND min_series <= $7::int))
      UNION ALL ${chunks.join(' UNION ALL ')}`;
    const parameters: SqlParameter[] = [
      ...rangeParameters(range),
      [...seriesIds],
      environment.id,
      seriesIds[0]!,
      seriesIds.at(-1)!,
    ];
    return from === 'primary'
      ? this.database.query<Location>(sql, parameters)
      : this.database.read<Location>(sql, parameters);
  }

  private merge(
    wanted: Int32Array,
    locations: readonly Location[],
    blocks: readonly Buffer[],
    range: TimeRange,
  ): Map<number, SampleWindow> {
    const fragments = new Map<number, Fragment[]>();
    const add = (seriesId: number, fragment: Fragment): void => {
      const list = fragments.get(seriesId);
      if (list) list.push(fragment);
      else fragments.set(seriesId, [fragment]);
    };
    const chunks = locations.filter((location) => location.seriesId !== null);
    chunks.sort((a, b) => Number(a.sequence) - Number(b.sequence));
    for (const { seriesId, payload } of chunks) {
      add(seriesId!, decodeChunk(payload!));
    }
    // What is in the journal was written after what is in chunks.
    for (const block of blocks) {
      const { seriesIds, times, values } = findSeries(block, wanted);
      forEachRun(seriesIds, (seriesId, start, end) => {
        add(seriesId, { times: times.subarray(start, end), values: values.subarray(start, end) });
      });
    }
    const windows = new Map<number, SampleWindow>();
    for (const [seriesId, list] of fragments) {
      const window = mergeFragments(list, range.from, range.to);
      if (window.times.length > 0) windows.set(seriesId, window);
    }
    return windows;
  }
}

const CHUNK_TABLES_READ = ['telemetry_chunks', 'telemetry_chunks_recent'] as const;

/** A chunk never crosses an hour, so its start is at most an hour before any of its samples: that prunes partitions. */
const CHUNK_CONDITION = `series_id = ANY ($4::int[]) AND start_time >= $3::timestamptz AND start_time < $2::timestamptz
  AND end_time >= $1::timestamptz`;

/** $1 from, $2 to, $3 start of the hour of from. */
function rangeParameters({ from, to }: TimeRange): [string, string, string] {
  const first = Math.min(Math.max(Math.floor(from), EARLIEST_MS), LATEST_MS);
  const last = Math.min(Math.max(Math.ceil(to), EARLIEST_MS), LATEST_MS);
  return [new Date(first).toISOString(), new Date(last).toISOString(), new Date(hourOf(first)).toISOString()];
}
