import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AnomalyDetection1795219205000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE anomaly_detection_environments (
        environment_id uuid PRIMARY KEY REFERENCES environments_environments (id) ON DELETE CASCADE,
        scored_until timestamptz NOT NULL,
        series integer NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE anomaly_detection_shards (
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        shard integer NOT NULL,
        scored_until timestamptz NOT NULL,
        series integer NOT NULL DEFAULT 0,
        trackers jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (environment_id, shard)
      )`);
    await runner.query(`
      CREATE TABLE anomaly_detection_anomalies (
        id uuid PRIMARY KEY,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        series_id integer NOT NULL,
        labels jsonb NOT NULL,
        detector text NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'ended')),
        started_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text CHECK (end_reason IN ('calm', 'stale', 'series-ended')),
        adopted boolean NOT NULL DEFAULT false,
        peak_at timestamptz NOT NULL,
        score double precision NOT NULL,
        value double precision NOT NULL,
        yhat double precision NOT NULL,
        yhat_lower double precision NOT NULL,
        yhat_upper double precision NOT NULL,
        CONSTRAINT anomaly_detection_anomalies_stretch_key UNIQUE (series_id, started_at),
        CONSTRAINT anomaly_detection_anomalies_ended_check CHECK ((state = 'ended') = (ended_at IS NOT NULL))
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX anomaly_detection_anomalies_one_open_key
      ON anomaly_detection_anomalies (series_id) WHERE state = 'open'`);
    await runner.query(`
      CREATE INDEX anomaly_detection_anomalies_environment_idx
      ON anomaly_detection_anomalies (environment_id, started_at DESC, id DESC)`);
    await runner.query(`
      CREATE TABLE anomaly_detection_series_states (
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        series_id integer NOT NULL,
        state text NOT NULL CHECK (state IN ('learning', 'ok', 'stale', 'excluded')),
        reason text,
        since timestamptz NOT NULL,
        PRIMARY KEY (environment_id, series_id)
      )`);
    await runner.query(`
      CREATE INDEX anomaly_detection_series_states_state_idx
      ON anomaly_detection_series_states (environment_id, state, series_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE anomaly_detection_series_states, anomaly_detection_anomalies, anomaly_detection_shards,
        anomaly_detection_environments`);
  }
}
