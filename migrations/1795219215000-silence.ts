import type { MigrationInterface, QueryRunner } from 'typeorm';

const REASONS = `'calm', 'stale', 'series-ended', 'excluded', 'adopted-silence'`;

/** Anomalies that have no value because nothing was reported, and what they are found by. */
export class Silence1795219215000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['anomaly_detection_anomalies', 'incidents_evidence']) {
      await runner.query(`
        ALTER TABLE ${table}
          ALTER COLUMN value DROP NOT NULL, ALTER COLUMN yhat DROP NOT NULL,
          ALTER COLUMN yhat_lower DROP NOT NULL, ALTER COLUMN yhat_upper DROP NOT NULL,
          DROP CONSTRAINT ${table}_end_reason_check,
          ADD CONSTRAINT ${table}_end_reason_check CHECK (end_reason IN (${REASONS}))`);
    }
    await runner.query(`ALTER TABLE anomaly_detection_anomalies ADD COLUMN silence jsonb`);
    // What a series says and that its like says nothing are two things, and may overlap while data are back.
    await runner.query(`
      CREATE UNIQUE INDEX anomaly_detection_anomalies_one_open_of_kind_key
        ON anomaly_detection_anomalies (series_id, (silence IS NOT NULL)) WHERE state = 'open'`);
    await runner.query(`DROP INDEX anomaly_detection_anomalies_one_open_key`);
    await runner.query(`
      CREATE TABLE anomaly_detection_presence (
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        shard integer NOT NULL,
        taken_from timestamptz NOT NULL,
        taken_until timestamptz NOT NULL,
        tick_ms integer NOT NULL,
        shard_size integer NOT NULL,
        bits bytea NOT NULL,
        PRIMARY KEY (environment_id, shard, taken_until)
      )`);
    await runner.query(`
      CREATE TABLE anomaly_detection_silence (
        environment_id uuid PRIMARY KEY REFERENCES environments_environments (id) ON DELETE CASCADE,
        watched_until timestamptz NOT NULL,
        snapshot_until timestamptz,
        snapshot_tick_ms integer,
        snapshot bytea
      )`);
    await runner.query(`ALTER TABLE anomaly_detection_silence ALTER COLUMN snapshot SET STORAGE EXTERNAL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE anomaly_detection_silence`);
    await runner.query(`DROP TABLE anomaly_detection_presence`);
    await runner.query(`DELETE FROM anomaly_detection_anomalies WHERE silence IS NOT NULL`);
    await runner.query(`DELETE FROM incidents_evidence WHERE value IS NULL`);
    await runner.query(`
      CREATE UNIQUE INDEX anomaly_detection_anomalies_one_open_key ON anomaly_detection_anomalies (series_id)
        WHERE state = 'open'`);
    await runner.query(`DROP INDEX anomaly_detection_anomalies_one_open_of_kind_key`);
    await runner.query(`ALTER TABLE anomaly_detection_anomalies DROP COLUMN silence`);
    for (const table of ['anomaly_detection_anomalies', 'incidents_evidence']) {
      await runner.query(
        `UPDATE ${table} SET end_reason = 'series-ended' WHERE end_reason IN ('excluded', 'adopted-silence')`,
      );
      await runner.query(`
        ALTER TABLE ${table}
          ALTER COLUMN value SET NOT NULL, ALTER COLUMN yhat SET NOT NULL,
          ALTER COLUMN yhat_lower SET NOT NULL, ALTER COLUMN yhat_upper SET NOT NULL,
          DROP CONSTRAINT ${table}_end_reason_check,
          ADD CONSTRAINT ${table}_end_reason_check CHECK (end_reason IN ('calm', 'stale', 'series-ended'))`);
    }
  }
}
