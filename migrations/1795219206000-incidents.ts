import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Incidents1795219206000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE incidents_incidents (
        id uuid PRIMARY KEY,
        number integer GENERATED ALWAYS AS IDENTITY CONSTRAINT incidents_incidents_number_key UNIQUE,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        status text NOT NULL CHECK (status IN ('open', 'acknowledged', 'mitigated', 'resolved')),
        severity text NOT NULL CHECK (severity IN ('critical', 'error', 'warning', 'info')),
        severity_reasons jsonb NOT NULL DEFAULT '[]',
        title text NOT NULL,
        shared_labels jsonb NOT NULL DEFAULT '{}',
        reach jsonb NOT NULL,
        started_at timestamptz NOT NULL,
        opened_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        acknowledged_by text,
        acknowledged_at timestamptz,
        resolved_by text,
        resolved_at timestamptz,
        resolution text CHECK (resolution IN ('calm', 'user', 'merged')),
        merged_into uuid REFERENCES incidents_incidents (id) ON DELETE SET NULL,
        CONSTRAINT incidents_incidents_resolved_check
          CHECK ((status = 'resolved') = (resolved_at IS NOT NULL) AND (status = 'resolved') = (resolution IS NOT NULL))
      )`);
    await runner.query(`
      CREATE INDEX incidents_incidents_active_idx ON incidents_incidents (environment_id) WHERE status <> 'resolved'`);
    await runner.query(`
      CREATE INDEX incidents_incidents_resolved_idx ON incidents_incidents (environment_id, resolved_at)
      WHERE status = 'resolved'`);
    await runner.query(`
      CREATE INDEX incidents_incidents_environment_idx ON incidents_incidents (environment_id, number DESC)`);
    await runner.query(`
      CREATE INDEX incidents_incidents_merged_into_idx ON incidents_incidents (merged_into) WHERE merged_into IS NOT NULL`);
    await runner.query(`
      CREATE TABLE incidents_evidence (
        anomaly_id text PRIMARY KEY,
        incident_id uuid NOT NULL REFERENCES incidents_incidents (id) ON DELETE CASCADE,
        series_id integer NOT NULL,
        labels jsonb NOT NULL,
        topic text NOT NULL,
        signal text,
        detector text NOT NULL,
        started_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text CHECK (end_reason IN ('calm', 'stale', 'series-ended')),
        peak_at timestamptz NOT NULL,
        score double precision NOT NULL,
        value double precision NOT NULL,
        yhat double precision NOT NULL,
        yhat_lower double precision NOT NULL,
        yhat_upper double precision NOT NULL,
        added_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE INDEX incidents_evidence_incident_idx ON incidents_evidence (incident_id, score DESC, anomaly_id)`);
    await runner.query(`
      CREATE TABLE incidents_timeline (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        incident_id uuid NOT NULL REFERENCES incidents_incidents (id) ON DELETE CASCADE,
        at timestamptz NOT NULL,
        kind text NOT NULL,
        actor text,
        text text NOT NULL,
        data jsonb NOT NULL DEFAULT '{}'
      )`);
    await runner.query(`CREATE INDEX incidents_timeline_incident_idx ON incidents_timeline (incident_id, id)`);
    await runner.query(`
      CREATE TABLE incidents_pending (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        news jsonb NOT NULL
      )`);
    await runner.query(`CREATE INDEX incidents_pending_environment_idx ON incidents_pending (environment_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE incidents_pending`);
    await runner.query(`DROP TABLE incidents_timeline`);
    await runner.query(`DROP TABLE incidents_evidence`);
    await runner.query(`DROP TABLE incidents_incidents`);
  }
}
