import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Audit1795219201000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_entries (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        action text NOT NULL,
        actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'api-token', 'system', 'anonymous')),
        actor_id text,
        actor_name text NOT NULL,
        subject_type text NOT NULL,
        subject_id text NOT NULL,
        environment_id uuid,
        outcome text NOT NULL CHECK (outcome IN ('allowed', 'denied', 'failed')),
        details jsonb NOT NULL DEFAULT '{}',
        request_id text,
        ip text
      )`);
    await runner.query(`CREATE INDEX audit_entries_at_idx ON audit_entries (at DESC, id DESC)`);
    await runner.query(`CREATE INDEX audit_entries_action_idx ON audit_entries (action, at DESC, id DESC)`);
    await runner.query(
      `CREATE INDEX audit_entries_subject_idx ON audit_entries (subject_type, subject_id, at DESC, id DESC)`,
    );
    // Append-only for the application too: a bug or an injected statement cannot rewrite history. Only the retention
    // job says so, for its own transaction, and even it can only delete.
    await runner.query(`
      CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' AND current_setting('dsim.audit_retention', true) = 'on' THEN
          RETURN OLD;
        END IF;
        RAISE EXCEPTION 'audit_entries is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
      FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()`);
    await runner.query(`
      CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries
      FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit_entries`);
    await runner.query(`DROP FUNCTION audit_refuse_change()`);
  }
}
