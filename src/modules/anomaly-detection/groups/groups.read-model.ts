import { Injectable } from '@nestjs/common';
import { Database, type SqlParameter } from '../../../platform/database/database.js';
import { ANOMALY_COLUMNS, type AnomalyRow } from '../data/rows.js';

export interface GroupRow {
  readonly id: string;
  readonly state: 'open' | 'held' | 'ended';
  readonly startedAt: Date;
  readonly lastStartedAt: Date;
  readonly calmSince: Date | null;
  readonly services: readonly string[];
  readonly anomalies: number;
  readonly openAnomalies: number;
  readonly peakScore: number;
  readonly peakAnomalyId: string;
}

export interface GroupFilter {
  readonly state?: GroupRow['state'];
  readonly service?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly limit: number;
  /** Start and id of the last group of the page before. */
  readonly after?: readonly [Date, string];
}

/**
 * A held group ends by the event time that is scored, not by anything that would have to run for it. While anomalies
 * run their scores rise without a word to the group, so its peak is looked up.
 */
const GROUPS = `
  SELECT g.id, g.started_at, g.last_started_at, g.calm_since, g.services, g.anomalies, g.open_anomalies,
    coalesce(peak.score, g.peak_score) AS peak_score, coalesce(peak.id, g.peak_anomaly_id) AS peak_anomaly_id,
    CASE WHEN g.calm_since IS NULL THEN 'open'
      WHEN g.ended_at IS NOT NULL OR g.calm_since + $2::int * interval '1 millisecond' <= e.scored_until THEN 'ended'
      ELSE 'held' END AS state
  FROM anomaly_detection_groups g
  LEFT JOIN anomaly_detection_environments e ON e.environment_id = g.environment_id
  LEFT JOIN LATERAL (
    SELECT a.id, a.score FROM anomaly_detection_anomalies a
    WHERE g.calm_since IS NULL AND a.environment_id = g.environment_id AND a.group_id = g.id
    ORDER BY a.score DESC, a.id LIMIT 1
  ) peak ON true
  WHERE g.environment_id = $1`;

const COLUMNS = `
  id, state, started_at AS "startedAt", last_started_at AS "lastStartedAt", calm_since AS "calmSince", services,
  anomalies, open_anomalies AS "openAnomalies", peak_score AS "peakScore", peak_anomaly_id AS "peakAnomalyId"`;

@Injectable()
export class GroupsReadModel {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async groups(environmentId: string, holdMs: number, filter: GroupFilter): Promise<GroupRow[]> {
    const parameters: SqlParameter[] = [environmentId, holdMs, filter.limit];
    const conditions = ['true'];
    const bind = (value: SqlParameter): string => `$${parameters.push(value)}`;
    if (filter.state !== undefined) conditions.push(`state = ${bind(filter.state)}`);
    if (filter.service !== undefined) conditions.push(`${bind(filter.service)} = ANY (services)`);
    if (filter.to !== undefined) conditions.push(`started_at < ${bind(filter.to)}`);
    if (filter.from !== undefined) conditions.push(`(calm_since IS NULL OR calm_since > ${bind(filter.from)})`);
    if (filter.after !== undefined) {
      const [startedAt, id] = filter.after;
      conditions.push(`(started_at, id) < (${bind(startedAt)}, ${bind(id)}::uuid)`);
    }
    return this.database.read<GroupRow>(
      `SELECT ${COLUMNS} FROM (${GROUPS}) groups WHERE ${conditions.join(' AND ')}
       ORDER BY started_at DESC, id DESC LIMIT $3`,
      parameters,
    );
  }

  async group(environmentId: string, holdMs: number, groupId: string): Promise<GroupRow | undefined> {
    const [row] = await this.database.read<GroupRow>(`SELECT ${COLUMNS} FROM (${GROUPS} AND g.id = $3) groups`, [
      environmentId,
      holdMs,
      groupId,
    ]);
    return row;
  }

  async members(environmentId: string, groupId: string, limit: number): Promise<AnomalyRow[]> {
    return this.database.read<AnomalyRow>(
      `SELECT ${ANOMALY_COLUMNS} FROM anomaly_detection_anomalies
       WHERE environment_id = $1 AND group_id = $2 ORDER BY started_at, id LIMIT $3`,
      [environmentId, groupId, limit],
    );
  }
}
