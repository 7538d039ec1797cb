import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What shadows count goes with the commit of a shard, and what models remember of its series with its snapshot. */
export class AnomalyDetectionShadowShards1795219216000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE anomaly_detection_shadow_shards (
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        shard integer NOT NULL,
        model_id uuid NOT NULL REFERENCES anomaly_detection_models (id) ON DELETE CASCADE,
        began_at timestamptz NOT NULL,
        counted_until timestamptz NOT NULL,
        trackers jsonb NOT NULL,
        hour timestamptz,
        counts jsonb,
        PRIMARY KEY (environment_id, shard, model_id)
      )`);
    await runner.query(`
      CREATE INDEX anomaly_detection_shadow_shards_model_idx ON anomaly_detection_shadow_shards (model_id)`);
    // Null where an older release wrote the row.
    await runner.query(`ALTER TABLE anomaly_detection_snapshots ADD COLUMN memories bytea`);
    await runner.query(`ALTER TABLE anomaly_detection_snapshots ALTER COLUMN memories SET STORAGE EXTERNAL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE anomaly_detection_snapshots DROP COLUMN memories`);
    await runner.query(`DROP TABLE anomaly_detection_shadow_shards`);
  }
}
