import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { type Evidence, rowsOf } from './incident.rows.js';

/** What an anomaly event says; one without an end says nothing about whether the anomaly still lasts. */
export type AnomalyNews = Omit<Evidence, 'incidentId'> & { readonly environmentId: string };

type StoredNews = Omit<AnomalyNews, 'startedAt' | 'endedAt' | 'peakAt'> & {
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly peakAt: string;
};

/** News of anomalies that no incident knows of yet. */
@Injectable()
export class PendingNewsRepository {
  constructor(private readonly database: Database) {}

  async add(news: AnomalyNews): Promise<void> {
    await this.database.query(`INSERT INTO incidents_pending (environment_id, news) VALUES ($1, $2)`, [
      news.environmentId,
      JSON.stringify(news),
    ]);
  }

  /** The oldest, which are gone with the commit. The caller holds the lock of the environment. */
  async take(tx: Transaction, environmentId: string, limit: number): Promise<AnomalyNews[]> {
    const rows = await rowsOf<{ news: StoredNews }>(
      tx,
      `WITH taken AS (
         DELETE FROM incidents_pending WHERE id IN (
           SELECT id FROM incidents_pending WHERE environment_id = $1 ORDER BY id LIMIT $2)
         RETURNING id, news)
       SELECT news FROM taken ORDER BY id`,
      [environmentId, limit],
    );
    return rows.map(({ news }) => ({
      ...news,
      startedAt: new Date(news.startedAt),
      peakAt: new Date(news.peakAt),
      endedAt: news.endedAt === null ? null : new Date(news.endedAt),
    }));
  }

  async has(tx: Transaction, environmentId: string): Promise<boolean> {
    const [row] = await rowsOf<{ found: boolean }>(
      tx,
      `SELECT EXISTS (SELECT 1 FROM incidents_pending WHERE environment_id = $1) AS found`,
      [environmentId],
    );
    return row!.found;
  }

  /** Environments that wait for `group-anomalies`. */
  async environments(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT DISTINCT environment_id AS id FROM incidents_pending`,
    );
    return rows.map(({ id }) => id);
  }
}
