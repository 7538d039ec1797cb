import { Injectable } from '@nestjs/common';
import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import type { SolverName } from '../../../engine/simulation/model/solver.types.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { Override } from '../scenarios/scenario-library.js';
import { packData, unpackData } from './packed-data.js';

export type RunState = 'queued' | 'running' | 'finished' | 'failed' | 'cancelled';

export interface RunRow {
  readonly id: string;
  readonly scenarioName: string;
  readonly title: string;
  readonly libraryName: string | null;
  readonly overrides: readonly Override[];
  readonly seed: number;
  readonly solver: SolverName;
  readonly state: RunState;
  readonly reason: string | null;
  readonly steps: number;
  readonly doneSteps: number;
  /** Null where it is not finished, or could not be judged. */
  readonly passed: boolean | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export type NewRun = Pick<
  RunRow,
  | 'id'
  | 'scenarioName'
  | 'title'
  | 'libraryName'
  | 'overrides'
  | 'seed'
  | 'solver'
  | 'steps'
  | 'createdBy'
  | 'createdAt'
> & { readonly source: string; readonly scenario: Scenario };

const COLUMNS = `id, scenario_name AS "scenarioName", title, library_name AS "libraryName", overrides,
  seed::float8 AS seed, solver, state, reason, steps, done_steps AS "doneSteps", passed, created_by AS "createdBy",
  created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

@Injectable()
export class RunRepository {
  constructor(private readonly db: Database) {}

  /** False where a run of this id exists. */
  async insert(tx: Transaction, run: NewRun): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO simulation_runs (id, scenario_name, title, library_name, source, overrides, scenario, seed, solver,
         state, steps, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10, $11, $12) ON CONFLICT (id) DO NOTHING RETURNING 1`,
      [
        run.id,
        run.scenarioName,
        run.title,
        run.libraryName,
        run.source,
        JSON.stringify(run.overrides),
        await packData(run.scenario),
        run.seed,
        run.solver,
        run.steps,
        run.createdBy,
        run.createdAt,
      ],
    );
    return rows.length === 1;
  }

  async find(id: string): Promise<RunRow | undefined> {
    const [row] = await this.db.query<RunRow>(`SELECT ${COLUMNS} FROM simulation_runs WHERE id = $1`, [id]);
    return row;
  }

  /** Newest first: ids sort by the time they were made. */
  async list(limit: number, before: string | null): Promise<RunRow[]> {
    return this.db.query<RunRow>(
      `SELECT ${COLUMNS} FROM simulation_runs
       WHERE $2::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM simulation_runs WHERE id = $2)
       ORDER BY created_at DESC, id DESC LIMIT $1`,
      [limit, before],
    );
  }

  async scenarioOf(id: string): Promise<Scenario | undefined> {
    const [row] = await this.db.query<{ scenario: Buffer }>(`SELECT scenario FROM simulation_runs WHERE id = $1`, [id]);
    return row && ((await unpackData(row.scenario)) as Scenario);
  }

  async reportOf(id: string): Promise<RunReport | null | undefined> {
    const [row] = await this.db.query<{ report: RunReport | null }>(
      `SELECT report FROM simulation_runs WHERE id = $1`,
      [id],
    );
    return row?.report;
  }

  /** False where there is nothing to do any more: it was cancelled, or is over. */
  async start(id: string, at: Date): Promise<boolean> {
    const rows = await this.db.query(
      `WITH started AS (
         UPDATE simulation_runs SET state = 'running', started_at = $2, done_steps = 0
         WHERE id = $1 AND state IN ('queued', 'running') RETURNING 1
       ) SELECT 1 FROM started`,
      [id, at],
    );
    return rows.length === 1;
  }

  /** False where it was cancelled meanwhile. */
  async progress(id: string, doneSteps: number): Promise<boolean> {
    const rows = await this.db.query(
      `WITH moved AS (UPDATE simulation_runs SET done_steps = $2 WHERE id = $1 AND state = 'running' RETURNING 1)
       SELECT 1 FROM moved`,
      [id, doneSteps],
    );
    return rows.length === 1;
  }

  async finish(id: string, report: RunReport, at: Date): Promise<void> {
    const passed = report.verdict === 'unknown' ? null : report.verdict === 'pass';
    await this.db.query(
      `UPDATE simulation_runs SET state = 'finished', done_steps = steps, report = $2, passed = $3, finished_at = $4
       WHERE id = $1 AND state = 'running'`,
      [id, JSON.stringify(report), passed, at],
    );
  }

  async fail(id: string, reason: string, at: Date): Promise<void> {
    await this.db.query(
      `UPDATE simulation_runs SET state = 'failed', reason = $2, finished_at = $3
       WHERE id = $1 AND state IN ('queued', 'running')`,
      [id, reason, at],
    );
  }

  /** False where it was over. */
  async cancel(tx: Transaction, id: string, at: Date): Promise<boolean> {
    const [rows]: [unknown[], number] = await tx.query(
      `UPDATE simulation_runs SET state = 'cancelled', finished_at = $2
       WHERE id = $1 AND state IN ('queued', 'running') RETURNING 1`,
      [id, at],
    );
    return rows.length === 1;
  }

  /** Jobs may be lost with their queue; these runs still wait for one. */
  async unfinished(): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `SELECT id FROM simulation_runs WHERE state IN ('queued', 'running') ORDER BY created_at LIMIT 1000`,
    );
    return rows.map(({ id }) => id);
  }

  async deleteFinishedBefore(before: Date): Promise<number> {
    const rows = await this.db.query(
      `WITH gone AS (DELETE FROM simulation_runs WHERE finished_at < $1 RETURNING 1) SELECT 1 FROM gone`,
      [before],
    );
    return rows.length;
  }
}
