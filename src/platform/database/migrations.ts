import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg, { Client } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { DatabaseConfig } from './database.config.js';
import { connectionOptions } from './connection-options.js';
import { NoMigrationsFound, SchemaIsNewer } from './database.errors.js';

export type MigrationClass = new () => MigrationInterface;

const MIGRATIONS_TABLE = 'platform_migrations';
const LOCK_NAME = 'platform.migrations';

export interface RunMigrationsOptions {
  readonly tls?: DatabaseConfig['tls'];
  readonly migrations?: readonly MigrationClass[];
}

/**
 * Brings the database to the schema of this release. Safe to run from several processes at once: the others wait,
 * then find nothing left to do. Returns the names of what ran. Throws `database.schema_is_newer` where a later
 * release was here before.
 */
export async function runMigrations(url: string, options: RunMigrationsOptions = {}): Promise<readonly string[]> {
  const migrations = options.migrations ?? (await loadMigrations());
  const connection = connectionOptions(url, options.tls ?? { mode: 'url' });
  const guard = new Client({ ...connection, application_name: 'dsim-migrations' });
  guard.on('error', () => undefined);
  await guard.connect();
  try {
    // A transaction-scoped lock: the only kind that also holds behind PgBouncer.
    await guard.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0');
    await guard.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [LOCK_NAME]);
    const unknown = (await appliedMigrations(guard)).filter((name) => !migrations.some((known) => known.name === name));
    if (unknown.length > 0) throw new SchemaIsNewer(unknown);
    return await migrate(connection, migrations);
  } finally {
    await guard.end().catch(() => undefined);
  }
}

export interface MigrationState {
  readonly pending: readonly string[];
  /** Applied, but not of this release: a later one was here. */
  readonly unknown: readonly string[];
}

/** Compares the database with the migrations of this release. */
export async function migrationState(
  client: { query(sql: string): Promise<{ rows: unknown[] }> },
  migrations: readonly MigrationClass[],
): Promise<MigrationState> {
  const applied = new Set(await appliedMigrations(client));
  const known = new Set(migrations.map((migration) => migration.name));
  return {
    pending: [...known].filter((name) => !applied.has(name)),
    unknown: [...applied].filter((name) => !known.has(name)),
  };
}

/** The migrations of this release: compiled ones beside compiled code, sources where the sources run. */
export async function loadMigrations(): Promise<readonly MigrationClass[]> {
  const here = fileURLToPath(import.meta.url);
  const fromSources = here.endsWith('.ts');
  const folder = join(dirname(here), fromSources ? '../../../migrations' : '../../migrations');
  const files = (await readdir(folder).catch(() => [])).filter(
    (file) => /^\d+-.+\.[jt]s$/.test(file) && !file.endsWith('.d.ts'),
  );
  const classes = await Promise.all(files.sort().map((file) => loadClass(join(folder, file))));
  if (classes.length === 0) throw new NoMigrationsFound(folder);
  return classes;
}

async function loadClass(file: string): Promise<MigrationClass> {
  const exported: unknown[] = Object.values((await import(/* @vite-ignore */ pathToFileURL(file).href)) as object);
  const [found, ...more] = exported.filter((value): value is MigrationClass => typeof value === 'function');
  if (!found || more.length > 0) throw new Error(`${file} must export exactly one migration class`);
  return found;
}

async function appliedMigrations(client: { query(sql: string): Promise<{ rows: unknown[] }> }): Promise<string[]> {
  const { rows } = await client.query(`SELECT to_regclass('${MIGRATIONS_TABLE}') IS NOT NULL AS there`);
  if (!(rows[0] as { there: boolean }).there) return [];
  const applied = await client.query(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`);
  return (applied.rows as { name: string }[]).map((row) => row.name);
}

async function migrate(
  connection: ReturnType<typeof connectionOptions>,
  migrations: readonly MigrationClass[],
): Promise<readonly string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    driver: pg,
    applicationName: 'dsim-migrations',
    extra: { ...connection, max: 1 },
    migrations: migrations.map(withoutTimeout),
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    logging: false,
  });
  await dataSource.initialize();
  try {
    return (await dataSource.runMigrations()).map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

/** Our role may carry a statement timeout (see `server-session.ts`), which must not cut a migration short. */
function withoutTimeout(migration: MigrationClass): MigrationClass {
  class Unhurried extends migration {
    override async up(runner: QueryRunner): Promise<void> {
      await runner.query('SET LOCAL statement_timeout = 0');
      await super.up(runner);
    }
  }
  Object.defineProperty(Unhurried, 'name', { value: migration.name });
  return Unhurried;
}
