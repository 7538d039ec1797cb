import { Client, type PoolConfig } from 'pg';
import { isUnsupportedStartupParameter } from './connection-errors.js';

/**
 * How the server takes settings. `direct`: in the startup packet. `pooled`: behind a pooler that gives every
 * transaction another server connection, so a session has no state of its own.
 */
export type SessionKind = 'direct' | 'pooled';

/** Asks once how the server treats startup parameters: PgBouncer refuses them, or takes and ignores them. */
export async function detectSession(options: PoolConfig): Promise<SessionKind> {
  const client = new Client({ ...options, options: '-c dsim.probe=1' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ probe: string | null }>(
      `SELECT current_setting('dsim.probe', true) AS probe`,
    );
    return rows[0]?.probe === '1' ? 'direct' : 'pooled';
  } catch (error) {
    if (isUnsupportedStartupParameter(error)) return 'pooled';
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The startup options that make the server cancel long statements and transactions that were left open. */
export function timeoutOptions(statementTimeoutMs: number): string {
  const idle = statementTimeoutMs === 0 ? 0 : Math.max(statementTimeoutMs, 60_000);
  return `-c statement_timeout=${statementTimeoutMs} -c idle_in_transaction_session_timeout=${idle}`;
}

/**
 * Behind a pooler the timeout becomes a setting of our role in this database: it needs no rights beyond our own and
 * covers every connection that the pooler opens from now on.
 */
export async function setRoleTimeout(options: PoolConfig, statementTimeoutMs: number): Promise<'set' | 'unchanged'> {
  const client = new Client(options);
  client.on('error', () => undefined);
  try {
    await client.connect();
    const wanted = `statement_timeout=${statementTimeoutMs}`;
    const { rows } = await client.query<{ settings: string[] | null; role: string; database: string }>(
      `SELECT current_user AS role, current_database() AS database,
         (SELECT s.setconfig FROM pg_db_role_setting s
            JOIN pg_database d ON d.oid = s.setdatabase JOIN pg_roles r ON r.oid = s.setrole
           WHERE d.datname = current_database() AND r.rolname = current_user) AS settings`,
    );
    const { role, database, settings } = rows[0]!;
    if (settings?.includes(wanted)) return 'unchanged';
    await client.query(
      `ALTER ROLE ${client.escapeIdentifier(role)} IN DATABASE ${client.escapeIdentifier(database)}
         SET statement_timeout = ${Math.trunc(statementTimeoutMs)}`,
    );
    return 'set';
  } finally {
    await client.end().catch(() => undefined);
  }
}
