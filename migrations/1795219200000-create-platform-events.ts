import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Transactional outbox: events wait here, in the transaction that made them true, until a worker delivers them. */
export class CreatePlatformEvents1795219200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE platform_events (
        id uuid PRIMARY KEY,
        sequence bigint GENERATED ALWAYS AS IDENTITY,
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        type text NOT NULL,
        version integer NOT NULL,
        environment_id uuid,
        payload jsonb NOT NULL,
        trace jsonb,
        occurred_at timestamptz NOT NULL DEFAULT now(),
        dispatched_at timestamptz
      )`);
    await runner.query(
      `CREATE INDEX platform_events_undispatched ON platform_events (sequence) WHERE dispatched_at IS NULL`,
    );
    await runner.query(`CREATE INDEX platform_events_transaction ON platform_events (transaction_id)`);
    await runner.query(`CREATE INDEX platform_events_dispatched ON platform_events (dispatched_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform_events');
  }
}
