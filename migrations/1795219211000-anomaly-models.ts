import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stands for "every environment" in unique indexes: PostgreSQL 14 has no NULLS NOT DISTINCT. */
const EVERYWHERE = `coalesce(environment_id, '00000000-0000-0000-0000-000000000000'::uuid)`;

export class AnomalyModels1795219211000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE anomaly_detection_models (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        version text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('window-model', 'calibration', 'detector')),
        origin text NOT NULL CHECK (origin IN ('built-in', 'upload', 'refit')),
        environment_id uuid REFERENCES environments_environments (id) ON DELETE CASCADE,
        title text NOT NULL,
        description text NOT NULL,
        licence text,
        trained_on text,
        trained_from timestamptz,
        trained_until timestamptz,
        sha256 text NOT NULL,
        bytes integer NOT NULL,
        tensors jsonb,
        calibration jsonb,
        metrics jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL,
        created_by text NOT NULL,
        why text NOT NULL,
        suspended_at timestamptz,
        suspended_reason text,
        CONSTRAINT anomaly_detection_models_version_key UNIQUE (name, version),
        CONSTRAINT anomaly_detection_models_calibration_check CHECK ((kind = 'calibration') = (calibration IS NOT NULL)),
        CONSTRAINT anomaly_detection_models_suspended_check
          CHECK ((suspended_at IS NULL) = (suspended_reason IS NULL))
      )`);
    await runner.query(
      `CREATE INDEX anomaly_detection_models_environment_idx ON anomaly_detection_models (environment_id)`,
    );
    await runner.query(`
      CREATE TABLE anomaly_detection_model_files (
        sha256 text PRIMARY KEY,
        content bytea NOT NULL
      )`);
    await runner.query(`ALTER TABLE anomaly_detection_model_files ALTER COLUMN content SET STORAGE EXTERNAL`);
    await runner.query(`
      CREATE TABLE anomaly_detection_model_stages (
        model_id uuid NOT NULL REFERENCES anomaly_detection_models (id) ON DELETE CASCADE,
        environment_id uuid REFERENCES environments_environments (id) ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('window-model', 'calibration')),
        stage text NOT NULL CHECK (stage IN ('candidate', 'shadow', 'active', 'retired')),
        since timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX anomaly_detection_model_stages_key ON anomaly_detection_model_stages (model_id, ${EVERYWHERE})`);
    await runner.query(`
      CREATE UNIQUE INDEX anomaly_detection_model_stages_one_active_key
      ON anomaly_detection_model_stages (kind, ${EVERYWHERE}) WHERE stage = 'active'`);
    await runner.query(`
      CREATE INDEX anomaly_detection_model_stages_environment_idx ON anomaly_detection_model_stages (environment_id)`);
    await runner.query(`
      CREATE TABLE anomaly_detection_model_changes (
        id uuid PRIMARY KEY,
        model_id uuid NOT NULL REFERENCES anomaly_detection_models (id) ON DELETE CASCADE,
        environment_id uuid REFERENCES environments_environments (id) ON DELETE CASCADE,
        from_stage text NOT NULL CHECK (from_stage IN ('candidate', 'shadow', 'active', 'retired')),
        to_stage text NOT NULL CHECK (to_stage IN ('candidate', 'shadow', 'active', 'retired')),
        replaced_id uuid REFERENCES anomaly_detection_models (id) ON DELETE CASCADE,
        actor text NOT NULL,
        why text NOT NULL,
        at timestamptz NOT NULL,
        sequence bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        undone_at timestamptz
      )`);
    await runner.query(`
      CREATE INDEX anomaly_detection_model_changes_model_idx ON anomaly_detection_model_changes (model_id, sequence DESC)`);
    await runner.query(`
      CREATE INDEX anomaly_detection_model_changes_environment_idx
      ON anomaly_detection_model_changes (environment_id, sequence DESC)`);
    await runner.query(`
      CREATE INDEX anomaly_detection_model_changes_replaced_idx ON anomaly_detection_model_changes (replaced_id)`);
    await runner.query(`
      CREATE TABLE anomaly_detection_shadow_hours (
        model_id uuid NOT NULL REFERENCES anomaly_detection_models (id) ON DELETE CASCADE,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        hour timestamptz NOT NULL,
        points bigint NOT NULL,
        series_seconds double precision NOT NULL,
        both_calm bigint NOT NULL,
        both_above bigint NOT NULL,
        only_active bigint NOT NULL,
        only_shadow bigint NOT NULL,
        score_difference double precision NOT NULL,
        active_anomalies integer NOT NULL,
        shadow_anomalies integer NOT NULL,
        PRIMARY KEY (model_id, environment_id, hour)
      )`);
    await runner.query(`
      CREATE INDEX anomaly_detection_shadow_hours_environment_idx ON anomaly_detection_shadow_hours (environment_id, hour)`);
    await runner.query(`
      CREATE TABLE anomaly_detection_shadow_anomalies (
        model_id uuid NOT NULL REFERENCES anomaly_detection_models (id) ON DELETE CASCADE,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        series_id integer NOT NULL,
        judge text NOT NULL CHECK (judge IN ('active', 'shadow')),
        started_at timestamptz NOT NULL,
        ended_at timestamptz,
        score double precision NOT NULL,
        PRIMARY KEY (model_id, environment_id, series_id, judge, started_at)
      )`);
    await runner.query(`
      CREATE INDEX anomaly_detection_shadow_anomalies_environment_idx
      ON anomaly_detection_shadow_anomalies (environment_id, started_at)`);
    await runner.query(`
      CREATE TABLE anomaly_detection_refits (
        id uuid PRIMARY KEY,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        reason text NOT NULL CHECK (reason IN ('schedule', 'drift', 'request')),
        why text NOT NULL,
        state text NOT NULL CHECK (state IN ('fitting', 'shadow', 'promoted', 'retired', 'skipped', 'failed')),
        model_id uuid REFERENCES anomaly_detection_models (id) ON DELETE CASCADE,
        started_at timestamptz NOT NULL,
        decide_at timestamptz,
        finished_at timestamptz,
        outcome text,
        card jsonb
      )`);
    await runner.query(`
      CREATE INDEX anomaly_detection_refits_environment_idx ON anomaly_detection_refits (environment_id, id DESC)`);
    await runner.query(`CREATE INDEX anomaly_detection_refits_model_idx ON anomaly_detection_refits (model_id)`);
    await runner.query(`
      CREATE UNIQUE INDEX anomaly_detection_refits_one_open_key
      ON anomaly_detection_refits (environment_id) WHERE state IN ('fitting', 'shadow')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE anomaly_detection_refits, anomaly_detection_shadow_anomalies, anomaly_detection_shadow_hours,
        anomaly_detection_model_changes, anomaly_detection_model_stages, anomaly_detection_model_files,
        anomaly_detection_models`);
  }
}
