import { Injectable } from '@nestjs/common';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { Database, type SqlParameter, type Transaction } from '../../../platform/database/database.js';
import type { GroundTruthRecord } from '../live/ground-truth.js';
import type { SimulationStatus } from '../live/simulation-status.types.js';
import { packData, unpackData } from './packed-data.js';
import { SIMULATION_COLUMNS, SIMULATION_TABLES, type SimulationDetail, type SimulationRow } from './simulation.rows.js';

export type NewSimulation = Omit<
  SimulationRow,
  'environmentKey' | 'environmentName' | 'environmentSlug' | 'retentionDays' | 'step' | 'targetStep' | 'stepUntil'
> & { readonly source: string; readonly scenario: Scenario };

export type SimulationChange = Partial<
  Pick<SimulationRow, 'state' | 'reason' | 'speed' | 'catchUp' | 'stepUntil' | 'pacedStep' | 'pacedAt' | 'targetStep'>
>;

const COLUMN_OF: Readonly<Record<keyof SimulationChange, string>> = {
  state: 'state',
  reason: 'reason',
  speed: 'speed',
  catchUp: 'catch_up',
  stepUntil: 'step_until',
  pacedStep: 'paced_step',
  pacedAt: 'paced_at',
  targetStep: 'target_step',
};

@Injectable()
export class SimulationRepository {
  constructor(private readonly db: Database) {}

  async find(environmentId: string): Promise<SimulationRow | undefined> {
    const [row] = await this.db.query<SimulationRow>(
      `SELECT ${SIMULATION_COLUMNS} FROM ${SIMULATION_TABLES} WHERE s.environment_id = $1`,
      [environmentId],
    );
    return row;
  }

  async detail(environmentId: string): Promise<SimulationDetail | undefined> {
    const [row] = await this.db.query<SimulationDetail>(
      `SELECT ${SIMULATION_COLUMNS}, s.status FROM ${SIMULATION_TABLES} WHERE s.environment_id = $1`,
      [environmentId],
    );
    return row;
  }

  /** The text as it was given, and what it means. */
  async scenarioOf(environmentId: string): Promise<{ source: string; scenario: Scenario } | undefined> {
    const [row] = await this.db.query<{ source: string; scenario: Buffer }>(
      `SELECT source, scenario FROM simulation_simulations WHERE environment_id = $1`,
      [environmentId],
    );
    return row && { source: row.source, scenario: (await unpackData(row.scenario)) as Scenario };
  }

  async groundTruth(environmentId: string): Promise<GroundTruthRecord | null | undefined> {
    const [row] = await this.db.query<{ truth: GroundTruthRecord | null }>(
      `SELECT ground_truth AS truth FROM simulation_simulations WHERE environment_id = $1`,
      [environmentId],
    );
    return row?.truth;
  }

  /** Oldest first; of one environment only, where `only` names it. */
  async list(limit: number, afterKey: number, only?: string): Promise<SimulationDetail[]> {
    return this.db.query<SimulationDetail>(
      `SELECT ${SIMULATION_COLUMNS}, s.status FROM ${SIMULATION_TABLES}
       WHERE e.key > $2 AND ($3::uuid IS NULL OR s.environment_id = $3) ORDER BY e.key LIMIT $1`,
      [limit, afterKey, only ?? null],
    );
  }

  /**
   * Those of this worker that have something to do. Takes over at most one more that has no owner, so that several
   * workers come to share them; an owner that is not heard of for the length of the lease has lost its own.
   */
  async claim(owner: string, leaseSeconds: number): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `WITH active AS (
         SELECT environment_id, owner, owned_until FROM simulation_simulations
         WHERE state = 'running' OR (state = 'paused' AND step < greatest(step_until, target_step))
       ), own AS (SELECT * FROM active WHERE owner = $1),
       free AS (
         SELECT * FROM active WHERE owner IS DISTINCT FROM $1 AND (owned_until IS NULL OR owned_until < now())
         ORDER BY random() LIMIT 1
       ), renewed AS (
         UPDATE simulation_simulations s SET owner = $1, owned_until = now() + make_interval(secs => $2)
         FROM (SELECT environment_id FROM own WHERE owned_until < now() + make_interval(secs => $2 / 2)
               UNION SELECT environment_id FROM free) claimed
         WHERE s.environment_id = claimed.environment_id
           AND (s.owner = $1 OR s.owned_until IS NULL OR s.owned_until < now())
         RETURNING s.environment_id
       )
       SELECT environment_id AS id FROM own UNION SELECT environment_id FROM renewed ORDER BY id`,
      [owner, leaseSeconds],
    );
    return rows.map(({ id }) => id);
  }

  /** Others need not wait for the end of the lease. */
  async release(owner: string): Promise<void> {
    await this.db.query(`UPDATE simulation_simulations SET owner = NULL, owned_until = NULL WHERE owner = $1`, [owner]);
  }

  async count(tx: Transaction): Promise<number> {
    const rows: { count: number }[] = await tx.query(`SELECT count(*)::int AS count FROM simulation_simulations`);
    return rows[0]!.count;
  }

  async insert(tx: Transaction, simulation: NewSimulation): Promise<void> {
    const s = simulation;
    await tx.query(
      `INSERT INTO simulation_simulations (environment_id, scenario_name, title, teaches, library_name, source,
         scenario, seed, solver, series, state, reason, speed, catch_up, started_at, history_steps, paced_step,
         paced_at, created_by, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
      [
        s.environmentId,
        s.scenarioName,
        s.title,
        s.teaches,
        s.libraryName,
        s.source,
        await packData(s.scenario),
        s.seed,
        s.solver,
        JSON.stringify(s.series),
        s.state,
        s.reason,
        s.speed,
        s.catchUp,
        s.startedAt,
        s.historySteps,
        s.pacedStep,
        s.pacedAt,
        s.createdBy,
        s.createdAt,
        s.updatedAt,
      ],
    );
  }

  /** The row, held until the transaction ends. */
  async lock(tx: Transaction, environmentId: string): Promise<SimulationRow | undefined> {
    const rows: SimulationRow[] = await tx.query(
      `SELECT ${SIMULATION_COLUMNS} FROM ${SIMULATION_TABLES} WHERE s.environment_id = $1 FOR UPDATE OF s`,
      [environmentId],
    );
    return rows[0];
  }

  async update(tx: Transaction, environmentId: string, change: SimulationChange, at: Date): Promise<void> {
    const entries = Object.entries(change) as [keyof SimulationChange, SqlParameter][];
    const assignments = entries.map(([field], index) => `${COLUMN_OF[field]} = $${index + 3}`);
    await tx.query(
      `UPDATE simulation_simulations SET ${['updated_at = $2', ...assignments].join(', ')} WHERE environment_id = $1`,
      [environmentId, at, ...entries.map(([, value]) => value)],
    );
  }

  /** False where another worker has stored this batch already, or the simulation is gone. */
  async advance(
    tx: Transaction,
    environmentId: string,
    batch: {
      readonly from: number;
      readonly to: number;
      readonly status: SimulationStatus;
      /** Null: as it was. */
      readonly truth: string | null;
    },
  ): Promise<boolean> {
    const [rows]: [unknown[], number] = await tx.query(
      `UPDATE simulation_simulations SET step = $3, status = $4, ground_truth = coalesce($5::jsonb, ground_truth)
       WHERE environment_id = $1 AND step = $2 AND target_step = $3 RETURNING 1`,
      [environmentId, batch.from, batch.to, JSON.stringify(batch.status), batch.truth],
    );
    return rows.length === 1;
  }
}
