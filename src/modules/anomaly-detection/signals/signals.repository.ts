import { gunzipSync, gzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { StoredResidual } from '../../../engine/detection/service/service-signals.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { Database } from '../../../platform/database/database.js';

export interface SignalsRow {
  readonly tickMs: number;
  /** Samples of signals before this time are stored. */
  readonly derivedUntil: EpochMs;
  /** Samples before this time are in the models. */
  readonly modelsUntil: EpochMs;
  readonly models: readonly StoredResidual[];
}

interface StoredModels {
  readonly version: 1;
  readonly services: readonly { readonly key: string; readonly signals: readonly string[]; readonly state: string }[];
}

/** How far the signals of an environment are derived, and how they move together. */
@Injectable()
export class SignalsRepository {
  constructor(private readonly database: Database) {}

  async find(environmentId: string): Promise<SignalsRow | undefined> {
    const [row] = await this.database.query<{
      tickMs: number;
      derivedUntil: Date;
      modelsUntil: Date;
      models: Buffer | null;
    }>(
      `SELECT tick_ms AS "tickMs", derived_until AS "derivedUntil", models_until AS "modelsUntil", models
       FROM anomaly_detection_signals WHERE environment_id = $1`,
      [environmentId],
    );
    if (!row) return undefined;
    const { tickMs, derivedUntil, modelsUntil, models } = row;
    return {
      tickMs,
      derivedUntil: derivedUntil.getTime(),
      modelsUntil: modelsUntil.getTime(),
      models: models === null ? [] : decode(models),
    };
  }

  /** Made where there is none; what is there stays. */
  async ensure(environmentId: string, tickMs: number, from: EpochMs): Promise<void> {
    await this.database.query(
      `INSERT INTO anomaly_detection_signals (environment_id, tick_ms, derived_until, models_until)
       SELECT id, $2, $3, $3 FROM environments_environments WHERE id = $1 ON CONFLICT DO NOTHING`,
      [environmentId, tickMs, new Date(from)],
    );
  }

  /** False where the signals no longer stand at `from`: another run derived these ticks. */
  async advance(
    environmentId: string,
    from: EpochMs,
    to: {
      readonly until: EpochMs;
      readonly tickMs: number;
      readonly signals: number;
      readonly leftOut: number;
      /** Null while the stored ones serve to go on from. */
      readonly models: readonly StoredResidual[] | null;
    },
  ): Promise<boolean> {
    const { until, tickMs, signals, leftOut, models } = to;
    const rows = await this.database.query<{ moved: number }>(
      `WITH moved AS (
         UPDATE anomaly_detection_signals SET derived_until = $3, tick_ms = $4, signals = $5, left_out = $6,
           models = coalesce($7::bytea, models), models_until = CASE WHEN $7::bytea IS NULL THEN models_until ELSE $3 END
         WHERE environment_id = $1 AND derived_until = $2 RETURNING 1)
       SELECT count(*)::int AS moved FROM moved`,
      [
        environmentId,
        new Date(from),
        new Date(until),
        tickMs,
        signals,
        leftOut,
        models === null ? null : encode(models),
      ],
    );
    return rows[0]!.moved > 0;
  }
}

function encode(models: readonly StoredResidual[]): Buffer {
  const stored: StoredModels = {
    version: 1,
    services: models.map(({ serviceKey, signals, state }) => ({
      key: serviceKey,
      signals,
      state: Buffer.from(state).toString('base64'),
    })),
  };
  return gzipSync(JSON.stringify(stored));
}

/** Models that cannot be read are learned anew: they say how signals move together, not what happened. */
function decode(bytes: Buffer): StoredResidual[] {
  try {
    const stored = JSON.parse(gunzipSync(bytes).toString('utf8')) as StoredModels;
    return stored.services.map(({ key, signals, state }) => ({
      serviceKey: key,
      signals,
      state: new Uint8Array(Buffer.from(state, 'base64')),
    }));
  } catch {
    return [];
  }
}
