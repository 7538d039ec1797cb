import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DetectionSettings1795219212000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE anomaly_detection_settings_heads (
        environment_id uuid PRIMARY KEY REFERENCES environments_environments (id) ON DELETE CASCADE,
        version integer NOT NULL DEFAULT 0,
        feedback_revision integer NOT NULL DEFAULT 0
      )`);
    await runner.query(`
      CREATE TABLE anomaly_detection_settings_versions (
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        version integer NOT NULL CHECK (version > 0),
        document jsonb NOT NULL,
        comment text NOT NULL,
        restored_from integer,
        created_by text,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (environment_id, version)
      )`);
    await runner.query(`
      CREATE TABLE anomaly_detection_studies (
        id uuid PRIMARY KEY,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('settings-preview', 'feedback-preview', 'score-card')),
        title text NOT NULL,
        request jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
        reason text,
        done integer NOT NULL DEFAULT 0,
        total integer NOT NULL DEFAULT 0,
        result jsonb,
        created_by text,
        created_at timestamptz NOT NULL,
        started_at timestamptz,
        finished_at timestamptz,
        CONSTRAINT anomaly_detection_studies_result_check CHECK ((state = 'finished') = (result IS NOT NULL))
      )`);
    await runner.query(`
      CREATE INDEX anomaly_detection_studies_environment_idx
      ON anomaly_detection_studies (environment_id, kind, created_at DESC, id DESC)`);
    await runner.query(`
      CREATE INDEX anomaly_detection_studies_unfinished_idx
      ON anomaly_detection_studies (created_at) WHERE state IN ('queued', 'running')`);
    await runner.query(`
      CREATE TABLE anomaly_detection_feedback (
        id uuid PRIMARY KEY,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('not-an-anomaly', 'missed')),
        scope text NOT NULL CHECK (scope IN ('series', 'like')),
        series_id integer NOT NULL,
        labels jsonb NOT NULL,
        anomaly_id uuid,
        stretch_from timestamptz NOT NULL,
        stretch_to timestamptz NOT NULL,
        comment text NOT NULL,
        factors jsonb NOT NULL,
        effect jsonb NOT NULL,
        created_by text,
        created_at timestamptz NOT NULL,
        undone_by text,
        undone_at timestamptz,
        CONSTRAINT anomaly_detection_feedback_stretch_check CHECK (stretch_from < stretch_to)
      )`);
    await runner.query(`
      CREATE INDEX anomaly_detection_feedback_environment_idx
      ON anomaly_detection_feedback (environment_id, created_at DESC, id DESC)`);
    await runner.query(`
      CREATE INDEX anomaly_detection_feedback_series_idx ON anomaly_detection_feedback (environment_id, series_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE anomaly_detection_feedback, anomaly_detection_studies, anomaly_detection_settings_versions,
        anomaly_detection_settings_heads`);
  }
}
