import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AnomalyDetectionSnapshots1795219213000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE anomaly_detection_snapshots (
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        shard integer NOT NULL,
        kind text NOT NULL CHECK (kind IN ('scoring', 'learned')),
        detector text NOT NULL,
        shard_size integer NOT NULL,
        tick_ms integer NOT NULL,
        taken_until timestamptz NOT NULL,
        learned_from timestamptz NOT NULL,
        series integer NOT NULL,
        states bytea NOT NULL,
        written_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (environment_id, shard, kind)
      )`);
    // Compressed before it comes here.
    await runner.query(`ALTER TABLE anomaly_detection_snapshots ALTER COLUMN states SET STORAGE EXTERNAL`);
    await runner.query(`
      ALTER TABLE anomaly_detection_shards
        ADD COLUMN learned_from timestamptz,
        ADD COLUMN learning_from timestamptz,
        ADD COLUMN learning_until timestamptz,
        ADD COLUMN learned_until timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE anomaly_detection_shards
        DROP COLUMN learned_from, DROP COLUMN learning_from, DROP COLUMN learning_until, DROP COLUMN learned_until`);
    await runner.query(`DROP TABLE anomaly_detection_snapshots`);
  }
}
