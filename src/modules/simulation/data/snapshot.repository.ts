import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../platform/database/database.js';

export interface StoredSnapshot {
  readonly step: number;
  readonly engineVersion: string;
  readonly state: Buffer;
}

/** One for each simulation: the newest. */
@Injectable()
export class SnapshotRepository {
  constructor(private readonly db: Database) {}

  async find(environmentId: string): Promise<StoredSnapshot | undefined> {
    const [row] = await this.db.query<StoredSnapshot>(
      `SELECT step, engine_version AS "engineVersion", state FROM simulation_snapshots WHERE environment_id = $1`,
      [environmentId],
    );
    return row;
  }

  async save(tx: Transaction, environmentId: string, snapshot: StoredSnapshot, takenAt: Date): Promise<void> {
    await tx.query(
      `INSERT INTO simulation_snapshots (environment_id, step, engine_version, state, taken_at)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (environment_id) DO UPDATE SET step = excluded.step, engine_version = excluded.engine_version,
         state = excluded.state, taken_at = excluded.taken_at`,
      [environmentId, snapshot.step, snapshot.engineVersion, snapshot.state, takenAt],
    );
  }
}
