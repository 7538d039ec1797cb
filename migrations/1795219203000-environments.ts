import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Environments1795219203000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE environments_environments (
        id uuid PRIMARY KEY,
        key integer GENERATED ALWAYS AS IDENTITY CONSTRAINT environments_environments_key_key UNIQUE,
        name text NOT NULL,
        slug text NOT NULL CONSTRAINT environments_environments_slug_key UNIQUE,
        kind text NOT NULL CHECK (kind IN ('simulated', 'host', 'live')),
        tick_seconds integer NOT NULL CHECK (tick_seconds > 0),
        retention_days integer NOT NULL CHECK (retention_days > 0),
        max_series integer NOT NULL CHECK (max_series > 0),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    // A token that is bound to an environment must not outlive it. The table is older than this one, hence here.
    await runner.query(`
      ALTER TABLE auth_api_tokens ADD CONSTRAINT auth_api_tokens_environment_id_fkey
      FOREIGN KEY (environment_id) REFERENCES environments_environments (id) ON DELETE CASCADE`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE auth_api_tokens DROP CONSTRAINT auth_api_tokens_environment_id_fkey`);
    await runner.query(`DROP TABLE environments_environments`);
  }
}
