import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Simulation1795219209000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE simulation_simulations (
        environment_id uuid PRIMARY KEY REFERENCES environments_environments (id) ON DELETE CASCADE,
        scenario_name text NOT NULL,
        title text NOT NULL,
        teaches text NOT NULL,
        library_name text,
        source text NOT NULL,
        scenario bytea NOT NULL,
        seed bigint NOT NULL,
        solver text NOT NULL CHECK (solver IN ('fluid', 'discrete-event')),
        series jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'paused', 'failed')),
        reason text,
        speed double precision NOT NULL CHECK (speed > 0),
        catch_up boolean NOT NULL,
        started_at timestamptz NOT NULL,
        history_steps integer NOT NULL DEFAULT 0,
        step integer NOT NULL DEFAULT 0,
        target_step integer NOT NULL DEFAULT 0,
        step_until integer NOT NULL DEFAULT 0,
        paced_step integer NOT NULL DEFAULT 0,
        paced_at timestamptz NOT NULL,
        status jsonb,
        ground_truth jsonb,
        owner text,
        owned_until timestamptz,
        created_by text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT simulation_simulations_target_check CHECK (target_step >= step)
      )`);
    await runner.query(`
      CREATE TABLE simulation_snapshots (
        environment_id uuid PRIMARY KEY REFERENCES simulation_simulations (environment_id) ON DELETE CASCADE,
        step integer NOT NULL,
        engine_version text NOT NULL,
        state bytea NOT NULL,
        taken_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE simulation_frames (
        environment_id uuid PRIMARY KEY REFERENCES simulation_simulations (environment_id) ON DELETE CASCADE,
        frame_time timestamptz NOT NULL,
        catalogue_step integer NOT NULL,
        catalogue bytea NOT NULL,
        sample_values bytea NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE simulation_interventions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        environment_id uuid NOT NULL REFERENCES simulation_simulations (environment_id) ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('inject-fault', 'clear-fault', 'change')),
        payload jsonb NOT NULL,
        actor text,
        requested_at timestamptz NOT NULL,
        step integer,
        refusal text
      )`);
    await runner.query(`
      CREATE INDEX simulation_interventions_environment_idx ON simulation_interventions (environment_id, id)`);
    await runner.query(`
      CREATE TABLE simulation_runs (
        id uuid PRIMARY KEY,
        scenario_name text NOT NULL,
        title text NOT NULL,
        library_name text,
        source text NOT NULL,
        overrides jsonb NOT NULL,
        scenario bytea NOT NULL,
        seed bigint NOT NULL,
        solver text NOT NULL CHECK (solver IN ('fluid', 'discrete-event')),
        state text NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
        reason text,
        steps integer NOT NULL,
        done_steps integer NOT NULL DEFAULT 0,
        passed boolean,
        report jsonb,
        created_by text,
        created_at timestamptz NOT NULL,
        started_at timestamptz,
        finished_at timestamptz,
        CONSTRAINT simulation_runs_report_check CHECK ((state = 'finished') = (report IS NOT NULL))
      )`);
    await runner.query(`CREATE INDEX simulation_runs_finished_idx ON simulation_runs (finished_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE simulation_runs, simulation_interventions, simulation_frames, simulation_snapshots,
        simulation_simulations`);
  }
}
