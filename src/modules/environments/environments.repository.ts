import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/database.js';
import type { Environment } from './environments.reader.js';

export type NewEnvironment = Omit<Environment, 'key'>;
export type EnvironmentSettings = Pick<Environment, 'name' | 'tickSeconds' | 'retentionDays' | 'maxSeries'>;

const COLUMNS = `
  id, key, name, slug, kind, tick_seconds AS "tickSeconds", retention_days AS "retentionDays",
  max_series AS "maxSeries", created_at AS "createdAt"`;

@Injectable()
export class EnvironmentsRepository {
  constructor(private readonly db: Database) {}

  async byId(id: string): Promise<Environment | undefined> {
    const [row] = await this.db.query<Environment>(`SELECT ${COLUMNS} FROM environments_environments WHERE id = $1`, [
      id,
    ]);
    return row;
  }

  async bySlug(slug: string): Promise<Environment | undefined> {
    const [row] = await this.db.query<Environment>(`SELECT ${COLUMNS} FROM environments_environments WHERE slug = $1`, [
      slug,
    ]);
    return row;
  }

  async all(): Promise<Environment[]> {
    return this.db.query<Environment>(`SELECT ${COLUMNS} FROM environments_environments ORDER BY key`);
  }

  /** Oldest first. */
  async list(limit: number, afterKey: number): Promise<Environment[]> {
    return this.db.query<Environment>(
      `SELECT ${COLUMNS} FROM environments_environments WHERE key > $2 ORDER BY key LIMIT $1`,
      [limit, afterKey],
    );
  }

  /** Undefined when the slug is taken; waits for another transaction that is about to take it. */
  async insert(tx: Transaction, environment: NewEnvironment): Promise<Environment | undefined> {
    const { id, name, slug, kind, tickSeconds, retentionDays, maxSeries, createdAt } = environment;
    const rows: Environment[] = await tx.query(
      `INSERT INTO environments_environments
         (id, name, slug, kind, tick_seconds, retention_days, max_series, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
       ON CONFLICT (slug) DO NOTHING RETURNING ${COLUMNS}`,
      [id, name, slug, kind, tickSeconds, retentionDays, maxSeries, createdAt],
    );
    return rows[0];
  }

  /** The row, held until the transaction ends, so that two changes at once do not overwrite each other. */
  async lock(tx: Transaction, id: string): Promise<Environment | undefined> {
    const rows: Environment[] = await tx.query(
      `SELECT ${COLUMNS} FROM environments_environments WHERE id = $1 FOR UPDATE`,
      [id],
    );
    return rows[0];
  }

  async update(tx: Transaction, id: string, settings: EnvironmentSettings, at: Date): Promise<void> {
    await tx.query(
      `UPDATE environments_environments
       SET name = $2, tick_seconds = $3, retention_days = $4, max_series = $5, updated_at = $6 WHERE id = $1`,
      [id, settings.name, settings.tickSeconds, settings.retentionDays, settings.maxSeries, at],
    );
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    await tx.query(`DELETE FROM environments_environments WHERE id = $1`, [id]);
  }
}
