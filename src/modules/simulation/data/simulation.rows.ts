import type { SolverName } from '../../../engine/simulation/model/solver.types.js';
import type { SimulationStatus } from '../live/simulation-status.types.js';

export type SimulationState = 'running' | 'paused' | 'failed';

/** What a simulation is, without its scenario: what most readers need. */
export interface SimulationRow {
  readonly environmentId: string;
  readonly environmentKey: number;
  readonly environmentName: string;
  readonly environmentSlug: string;
  readonly retentionDays: number;
  readonly scenarioName: string;
  readonly title: string;
  readonly teaches: string;
  readonly libraryName: string | null;
  readonly seed: number;
  readonly solver: SolverName;
  /** Selectors of the series that are stored; empty: all. */
  readonly series: readonly string[];
  readonly state: SimulationState;
  readonly reason: string | null;
  readonly speed: number;
  readonly catchUp: boolean;
  /** Event time of step 0. */
  readonly startedAt: Date;
  /** Steps that are history: made as fast as they can be, and judged by no detector. */
  readonly historySteps: number;
  /** Steps whose telemetry is stored. */
  readonly step: number;
  /** End of the batch that is being made: `step` where none is. */
  readonly targetStep: number;
  /** A paused simulation goes on until here. */
  readonly stepUntil: number;
  /** From this step at this time on, `speed` counts. */
  readonly pacedStep: number;
  readonly pacedAt: Date;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface SimulationDetail extends SimulationRow {
  readonly status: SimulationStatus | null;
}

export const SIMULATION_COLUMNS = `
  s.environment_id AS "environmentId", e.key AS "environmentKey", e.name AS "environmentName",
  e.slug AS "environmentSlug", e.retention_days AS "retentionDays", s.scenario_name AS "scenarioName", s.title,
  s.teaches, s.library_name AS "libraryName", s.seed::float8 AS seed, s.solver, s.series, s.state, s.reason, s.speed,
  s.catch_up AS "catchUp", s.started_at AS "startedAt", s.history_steps AS "historySteps", s.step,
  s.target_step AS "targetStep", s.step_until AS "stepUntil", s.paced_step AS "pacedStep", s.paced_at AS "pacedAt",
  s.created_by AS "createdBy", s.created_at AS "createdAt", s.updated_at AS "updatedAt"`;

export const SIMULATION_TABLES = `
  simulation_simulations s JOIN environments_environments e ON e.id = s.environment_id`;
