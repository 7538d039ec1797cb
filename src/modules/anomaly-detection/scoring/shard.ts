import type { RobustWindowState } from '../../../engine/detection/robust-window.js';
import type { ResampleCarry } from '../../../engine/detection/resample.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { Series } from '../../telemetry/index.js';
import type { SeriesProfile } from './series-rules.js';

export const SERIES_STATES = ['learning', 'ok', 'stale', 'excluded'] as const;
export type SeriesStateName = (typeof SERIES_STATES)[number];

export interface SeriesState {
  readonly state: SeriesStateName;
  /** One sentence; null where the state needs none. */
  readonly reason: string | null;
}

/** What a worker remembers of one series of a shard. All of it can be rebuilt from the database. */
export interface ShardSeries {
  readonly series: Series;
  readonly profile: SeriesProfile;
  readonly detection: RobustWindowState;
  carry: ResampleCarry;
  /** Id of the anomaly that is open. */
  anomalyId: string | null;
  /** As last written to the database. */
  reported: SeriesState | null;
  /** Ids of anomaly_score, yhat, yhat_lower, yhat_upper; null before the first score. */
  derivedIds: Int32Array | null;
}

export interface Shard {
  readonly environmentId: string;
  readonly number: number;
  readonly tickMs: number;
  /** Everything before this time is in the windows. */
  cursor: EpochMs;
  readonly rows: Map<number, ShardSeries>;
  /** Event time at which the list of series was last read. */
  seriesReadAt: EpochMs;
}

export interface ShardTarget {
  readonly environmentId: string;
  readonly shard: number;
  /** Samples before this time are scored. A multiple of the tick. */
  readonly tick: EpochMs;
  readonly tickMs: number;
  /** Series the shard had when the tick was planned. */
  readonly series: number;
}

export function shardKey(environmentId: string, shard: number): string {
  return `${environmentId}/${shard}`;
}
