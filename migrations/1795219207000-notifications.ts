import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notifications1795219207000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notifications_deliveries (
        id uuid PRIMARY KEY,
        event_id text NOT NULL,
        event_type text NOT NULL,
        occurred_at timestamptz NOT NULL,
        channel text NOT NULL,
        target text NOT NULL,
        destination text NOT NULL,
        environment_id uuid REFERENCES environments_environments (id) ON DELETE CASCADE,
        incident_id uuid,
        incident_number integer,
        incident jsonb,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        give_up_at timestamptz NOT NULL,
        reason text,
        detail text,
        created_at timestamptz NOT NULL,
        finished_at timestamptz,
        CONSTRAINT notifications_deliveries_event_key UNIQUE (event_id, channel, target),
        CONSTRAINT notifications_deliveries_pending_check CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
      )`);
    await runner.query(`
      CREATE INDEX notifications_deliveries_due_idx ON notifications_deliveries (next_attempt_at) WHERE status = 'pending'`);
    await runner.query(`
      CREATE INDEX notifications_deliveries_incident_idx ON notifications_deliveries (incident_id, channel, target, id DESC)`);
    await runner.query(`
      CREATE INDEX notifications_deliveries_environment_idx ON notifications_deliveries (environment_id, id DESC)`);
    await runner.query(`
      CREATE INDEX notifications_deliveries_finished_idx ON notifications_deliveries (finished_at)`);
    await runner.query(`
      CREATE TABLE notifications_alert_labels (
        incident_id uuid NOT NULL,
        labels_key text NOT NULL,
        environment_id uuid NOT NULL REFERENCES environments_environments (id) ON DELETE CASCADE,
        labels jsonb NOT NULL,
        replaced_at timestamptz,
        PRIMARY KEY (incident_id, labels_key)
      )`);
    await runner.query(`
      CREATE INDEX notifications_alert_labels_replaced_idx ON notifications_alert_labels (replaced_at)`);
    await runner.query(`
      CREATE INDEX notifications_alert_labels_environment_idx ON notifications_alert_labels (environment_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE notifications_alert_labels`);
    await runner.query(`DROP TABLE notifications_deliveries`);
  }
}
