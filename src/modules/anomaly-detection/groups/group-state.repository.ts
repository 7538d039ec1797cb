import { Injectable } from '@nestjs/common';
import type { CallNames } from '../../../engine/detection/groups/call-graph.js';
import type { AnomalyGroup, GroupsState } from '../../../engine/detection/groups/groups.types.js';
import { Database, type Transaction } from '../../../platform/database/database.js';

/** Groups of an environment as the engine knows them, and as rows for readers. */
@Injectable()
export class GroupStateRepository {
  constructor(private readonly database: Database) {}

  /** Locked until the transaction ends, so that shards put their anomalies into groups one after the other. */
  async lock(
    tx: Transaction,
    environmentId: string,
  ): Promise<{ readonly state: GroupsState; readonly calls: CallNames }> {
    await tx.query(`INSERT INTO anomaly_detection_group_states (environment_id) VALUES ($1) ON CONFLICT DO NOTHING`, [
      environmentId,
    ]);
    const [row] = await tx.query<{ state: GroupsState; calls: CallNames }[]>(
      `SELECT state, calls FROM anomaly_detection_group_states WHERE environment_id = $1 FOR UPDATE`,
      [environmentId],
    );
    return row!;
  }

  async save(
    tx: Transaction,
    environmentId: string,
    state: GroupsState,
    changed: readonly AnomalyGroup[],
  ): Promise<void> {
    await tx.query(`UPDATE anomaly_detection_group_states SET state = $2 WHERE environment_id = $1`, [
      environmentId,
      JSON.stringify(state),
    ]);
    if (changed.length === 0) return;
    await tx.query(
      `INSERT INTO anomaly_detection_groups AS known (id, environment_id, started_at, last_started_at, calm_since,
         ended_at, services, anomalies, open_anomalies, peak_score, peak_anomaly_id)
       SELECT id, $1::uuid, started_at, last_started_at, calm_since, ended_at,
         ARRAY(SELECT jsonb_array_elements_text(services::jsonb)), anomalies, open_anomalies, peak_score, peak_anomaly_id
       FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::text[],
         $8::integer[], $9::integer[], $10::float8[], $11::uuid[])
         AS news (id, started_at, last_started_at, calm_since, ended_at, services, anomalies, open_anomalies,
           peak_score, peak_anomaly_id)
       ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, last_started_at = excluded.last_started_at,
         calm_since = excluded.calm_since, ended_at = excluded.ended_at, services = excluded.services,
         anomalies = excluded.anomalies, open_anomalies = excluded.open_anomalies, peak_score = excluded.peak_score,
         peak_anomaly_id = excluded.peak_anomaly_id`,
      [
        environmentId,
        changed.map(({ id }) => id),
        changed.map(({ startedAt }) => new Date(startedAt)),
        changed.map(({ lastStartedAt }) => new Date(lastStartedAt)),
        changed.map(({ calmSince }) => dateOrNull(calmSince)),
        changed.map(({ endedAt }) => dateOrNull(endedAt)),
        changed.map(({ services }) => JSON.stringify(services)),
        changed.map(({ anomalies }) => anomalies),
        changed.map(({ open }) => open.length),
        changed.map(({ peakScore }) => peakScore),
        changed.map(({ peakAnomalyId }) => peakAnomalyId),
      ],
    );
  }

  async join(tx: Transaction, members: readonly (readonly [anomalyId: string, groupId: string])[]): Promise<void> {
    if (members.length === 0) return;
    await tx.query(
      `UPDATE anomaly_detection_anomalies SET group_id = joined.group_id
       FROM unnest($1::uuid[], $2::uuid[]) AS joined (anomaly_id, group_id) WHERE id = anomaly_id`,
      [members.map(([id]) => id), members.map(([, group]) => group)],
    );
  }

  async saveCalls(environmentId: string, calls: CallNames): Promise<void> {
    await this.database.query(
      `INSERT INTO anomaly_detection_group_states (environment_id, calls) VALUES ($1, $2)
       ON CONFLICT (environment_id) DO UPDATE SET calls = excluded.calls`,
      [environmentId, JSON.stringify(calls)],
    );
  }

  /** Groups none of whose anomalies is left. */
  async deleteEmpty(environmentId: string, before: Date): Promise<void> {
    await this.database.query(
      `DELETE FROM anomaly_detection_groups g WHERE environment_id = $1 AND started_at < $2 AND calm_since < $2
         AND NOT EXISTS (SELECT 1 FROM anomaly_detection_anomalies a WHERE a.group_id = g.id)`,
      [environmentId, before],
    );
  }
}

function dateOrNull(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
