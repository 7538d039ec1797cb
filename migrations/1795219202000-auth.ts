import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Auth1795219202000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Who someone is, apart from how they prove it: another way to sign in is another credentials table.
    await runner.query(`
      CREATE TABLE auth_users (
        id uuid PRIMARY KEY,
        username text NOT NULL,
        role text NOT NULL CHECK (role IN ('admin', 'operator', 'viewer')),
        created_at timestamptz NOT NULL DEFAULT now(),
        disabled_at timestamptz
      )`);
    await runner.query(`CREATE UNIQUE INDEX auth_users_username_key ON auth_users (lower(username))`);
    await runner.query(`
      CREATE TABLE auth_password_credentials (
        user_id uuid PRIMARY KEY REFERENCES auth_users (id) ON DELETE CASCADE,
        hash text NOT NULL,
        generated boolean NOT NULL DEFAULT false,
        changed_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE auth_sessions (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        ip text
      )`);
    await runner.query(`CREATE INDEX auth_sessions_user_id_idx ON auth_sessions (user_id)`);
    await runner.query(`CREATE INDEX auth_sessions_expires_at_idx ON auth_sessions (expires_at)`);
    await runner.query(`
      CREATE TABLE auth_api_tokens (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        lookup text NOT NULL CONSTRAINT auth_api_tokens_lookup_key UNIQUE,
        hash text NOT NULL,
        permissions text[] NOT NULL,
        environment_id uuid,
        created_by uuid NOT NULL,
        created_by_name text NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz,
        expires_at timestamptz,
        revoked_at timestamptz
      )`);
    await runner.query(`CREATE INDEX auth_api_tokens_created_at_idx ON auth_api_tokens (created_at DESC, id DESC)`);
    await runner.query(`CREATE INDEX auth_api_tokens_environment_id_idx ON auth_api_tokens (environment_id)`);
    await runner.query(`
      CREATE TABLE auth_secrets (
        name text PRIMARY KEY,
        secret text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE auth_login_throttles (
        key text PRIMARY KEY,
        attempts integer NOT NULL,
        last_attempt_at timestamptz NOT NULL,
        locked_until timestamptz
      )`);
    await runner.query(
      `CREATE INDEX auth_login_throttles_last_attempt_at_idx ON auth_login_throttles (last_attempt_at)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE auth_login_throttles, auth_secrets, auth_api_tokens, auth_sessions`);
    await runner.query(`DROP TABLE auth_password_credentials, auth_users`);
  }
}
