import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which series a row can hold: readers skip what is not theirs. Null where an older release wrote the row. */
export class TelemetryJournalSeries1795219213100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE telemetry_journal ADD COLUMN min_series integer, ADD COLUMN max_series integer`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE telemetry_journal DROP COLUMN min_series, DROP COLUMN max_series`);
  }
}
