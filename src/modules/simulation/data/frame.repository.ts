import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../../platform/database/database.js';

export interface StoredFrame {
  readonly frameTime: Date;
  /** Step at which the catalogue was written. */
  readonly catalogueStep: number;
  readonly catalogue: Buffer;
  readonly sampleValues: Buffer;
}

/** The latest scrape of each simulation, so that every API process can serve it. */
@Injectable()
export class FrameRepository {
  constructor(private readonly db: Database) {}

  /** Without the catalogue where the reader has it already. */
  async find(environmentId: string, knownCatalogueStep: number): Promise<StoredFrame | undefined> {
    const [row] = await this.db.query<StoredFrame>(
      `SELECT frame_time AS "frameTime", catalogue_step AS "catalogueStep",
         CASE WHEN catalogue_step = $2 THEN ''::bytea ELSE catalogue END AS catalogue,
         sample_values AS "sampleValues"
       FROM simulation_frames WHERE environment_id = $1`,
      [environmentId, knownCatalogueStep],
    );
    return row;
  }

  async save(
    tx: Transaction,
    environmentId: string,
    frame: Pick<StoredFrame, 'frameTime' | 'sampleValues'> & {
      /** Null: as it was. */
      readonly catalogue: Buffer | null;
      readonly step: number;
    },
  ): Promise<void> {
    if (frame.catalogue === null) {
      await tx.query(`UPDATE simulation_frames SET frame_time = $2, sample_values = $3 WHERE environment_id = $1`, [
        environmentId,
        frame.frameTime,
        frame.sampleValues,
      ]);
      return;
    }
    await tx.query(
      `INSERT INTO simulation_frames (environment_id, frame_time, catalogue_step, catalogue, sample_values)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (environment_id) DO UPDATE SET frame_time = excluded.frame_time,
         catalogue_step = excluded.catalogue_step, catalogue = excluded.catalogue,
         sample_values = excluded.sample_values`,
      [environmentId, frame.frameTime, frame.step, frame.catalogue, frame.sampleValues],
    );
  }
}
