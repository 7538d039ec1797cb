import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EnvironmentsEventTime1795219208000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Apart from the environments: it changes every second, and their rows are what foreign keys lock.
    await runner.query(`
      CREATE TABLE environments_event_times (
        environment_id uuid PRIMARY KEY REFERENCES environments_environments (id) ON DELETE CASCADE,
        event_time timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE environments_event_times`);
  }
}
