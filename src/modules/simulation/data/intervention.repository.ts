import { Injectable } from '@nestjs/common';
import type { Change } from '../../../engine/scenario/scenario.types.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { StoredFault } from '../live/stored-fault.js';

/** What people did to a simulation by hand. With scenario and seed it is all that a replay needs. */
export type Intervention =
  | { readonly kind: 'inject-fault'; readonly payload: StoredFault }
  | { readonly kind: 'clear-fault'; readonly payload: { readonly name: string } }
  | { readonly kind: 'change'; readonly payload: Change };

export type StoredIntervention = Intervention & {
  readonly id: number;
  readonly actor: string | null;
  readonly requestedAt: Date;
  /** Step before which it acts; null: not decided yet. */
  readonly step: number | null;
  /** Why it did nothing; null: it did, or has not been tried. */
  readonly refusal: string | null;
};

export type AppliedIntervention = StoredIntervention & { readonly step: number };

const COLUMNS = `id::float8 AS id, kind, payload, actor, requested_at AS "requestedAt", step, refusal`;

@Injectable()
export class InterventionRepository {
  constructor(private readonly db: Database) {}

  async add(
    tx: Transaction,
    environmentId: string,
    intervention: Intervention,
    actor: string,
    requestedAt: Date,
  ): Promise<number> {
    const rows: { id: number }[] = await tx.query(
      `INSERT INTO simulation_interventions (environment_id, kind, payload, actor, requested_at)
       VALUES ($1, $2, $3, $4, $5) RETURNING id::float8 AS id`,
      [environmentId, intervention.kind, JSON.stringify(intervention.payload), actor, requestedAt],
    );
    return rows[0]!.id;
  }

  /** Decides that all that wait act before this step. */
  async assign(tx: Transaction, environmentId: string, step: number): Promise<void> {
    await tx.query(`UPDATE simulation_interventions SET step = $2 WHERE environment_id = $1 AND step IS NULL`, [
      environmentId,
      step,
    ]);
  }

  /** Those that act before the steps of [from, to), in their order. */
  async between(environmentId: string, from: number, to: number): Promise<AppliedIntervention[]> {
    return this.db.query<AppliedIntervention>(
      `SELECT ${COLUMNS} FROM simulation_interventions
       WHERE environment_id = $1 AND step >= $2 AND step < $3 ORDER BY id`,
      [environmentId, from, to],
    );
  }

  /** Newest first. */
  async latest(environmentId: string, limit: number): Promise<StoredIntervention[]> {
    return this.db.query<StoredIntervention>(
      `SELECT ${COLUMNS} FROM simulation_interventions WHERE environment_id = $1 ORDER BY id DESC LIMIT $2`,
      [environmentId, limit],
    );
  }

  async faultNames(tx: Transaction, environmentId: string): Promise<string[]> {
    const rows: { name: string }[] = await tx.query(
      `SELECT payload ->> 'name' AS name FROM simulation_interventions WHERE environment_id = $1 AND kind = 'inject-fault'`,
      [environmentId],
    );
    return rows.map(({ name }) => name);
  }

  async refuse(tx: Transaction, refusals: readonly { readonly id: number; readonly reason: string }[]): Promise<void> {
    for (const { id, reason } of refusals) {
      await tx.query(`UPDATE simulation_interventions SET refusal = $2 WHERE id = $1`, [id, reason]);
    }
  }
}
