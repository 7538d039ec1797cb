import type { EpochMs } from '../../kernel/clock.js';
import type { Transaction } from '../../platform/database/database.js';

/**
 * Where event time stands in an environment: the present, but for simulated ones, which run ahead of our clock, lag
 * behind it or stand still. Whoever judges by "now" (is it calm, which tick is due) asks here.
 */
export abstract class EventTime {
  /** Null: a simulated environment whose samples are not to be judged yet, for its history is still being written. */
  abstract now(environmentId: string): Promise<EpochMs | null>;
  /** As `now`, for all environments that exist. */
  abstract ofAll(): Promise<ReadonlyMap<string, EpochMs | null>>;
  /** Says how far a simulated environment is. Never goes back. */
  abstract advance(tx: Transaction, environmentId: string, to: EpochMs): Promise<void>;
}
