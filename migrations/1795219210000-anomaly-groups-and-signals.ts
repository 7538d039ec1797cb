import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AnomalyGroupsAndSignals1795219210000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE anomaly_detection_groups (
        id uuid PRIMARY KEY,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        started_at timestamptz NOT NULL,
        last_started_at timestamptz NOT NULL,
        calm_since timestamptz,
        ended_at timestamptz,
        services text[] NOT NULL DEFAULT '{}',
        anomalies integer NOT NULL,
        open_anomalies integer NOT NULL,
        peak_score double precision NOT NULL,
        peak_anomaly_id uuid NOT NULL
      )`);
    await runner.query(`
      CREATE INDEX anomaly_detection_groups_environment_idx
      ON anomaly_detection_groups (environment_id, started_at DESC, id DESC)`);
    // Groups that have not ended, as the engine knows them; the row is the lock under which groups change.
    await runner.query(`
      CREATE TABLE anomaly_detection_group_states (
        environment_id uuid PRIMARY KEY REFERENCES environments_environments (id) ON DELETE CASCADE,
        state jsonb NOT NULL DEFAULT '{"version": 1, "groups": []}',
        calls jsonb NOT NULL DEFAULT '{}'
      )`);
    await runner.query(`
      ALTER TABLE anomaly_detection_anomalies ADD COLUMN contributions jsonb, ADD COLUMN group_id uuid`);
    await runner.query(`
      CREATE INDEX anomaly_detection_anomalies_group_idx
      ON anomaly_detection_anomalies (group_id, started_at) WHERE group_id IS NOT NULL`);
    await runner.query(`ALTER TABLE incidents_evidence ADD COLUMN group_id uuid`);
    await runner.query(`
      CREATE TABLE anomaly_detection_signals (
        environment_id uuid PRIMARY KEY REFERENCES environments_environments (id) ON DELETE CASCADE,
        tick_ms integer NOT NULL,
        derived_until timestamptz NOT NULL,
        models_until timestamptz NOT NULL,
        models bytea,
        signals integer NOT NULL DEFAULT 0,
        left_out integer NOT NULL DEFAULT 0
      )`);
    await runner.query(`ALTER TABLE anomaly_detection_signals ALTER COLUMN models SET STORAGE EXTERNAL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE anomaly_detection_signals`);
    await runner.query(`ALTER TABLE incidents_evidence DROP COLUMN group_id`);
    await runner.query(`ALTER TABLE anomaly_detection_anomalies DROP COLUMN contributions, DROP COLUMN group_id`);
    await runner.query(`DROP TABLE anomaly_detection_group_states, anomaly_detection_groups`);
  }
}
