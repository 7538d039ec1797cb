import type { DetectorState, SeriesSettings } from '../../../engine/detection/detector.js';
import type { ResampleCarry } from '../../../engine/detection/resample.js';
import type { Suppression } from '../../../engine/detection/settings/detection-settings.types.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { Series } from '../../telemetry/index.js';
import type { ModelMemories } from '../models/memory/model-memories.js';
import type { ShadowLedger } from '../models/shadow/shadow-ledger.js';
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
  profile: SeriesProfile;
  readonly detection: DetectorState;
  carry: ResampleCarry;
  /** Id of the anomaly that is open. */
  anomalyId: string | null;
  /** Score of each channel where the suspected or open anomaly scored highest. */
  peakContributions: Readonly<Record<string, number>> | null;
  /** As last written to the database. */
  reported: SeriesState | null;
  /** Ids of the recorded series, in the order of `DERIVED_METRICS`; null before the first score. */
  derivedIds: Int32Array | null;
}

/** The series of a shard that are scored, in columns as a detector takes them. */
export interface ScoredRows {
  readonly rows: readonly ShardSeries[];
  readonly ids: readonly number[];
  readonly states: readonly DetectorState[];
  readonly settings: readonly SeriesSettings[];
  /** Series that the same rules cover share a suppression; most have none. */
  readonly suppressions: readonly { readonly suppression: Suppression; readonly indices: readonly number[] }[];
}

export interface Shard {
  readonly environmentId: string;
  readonly number: number;
  readonly tickMs: number;
  /** Everything before this time is in the states. */
  cursor: EpochMs;
  /** Samples from this time on are in the states. */
  learnedFrom: EpochMs;
  readonly rows: Map<number, ShardSeries>;
  /** What models remember of the rows. */
  readonly memories: ModelMemories;
  /** What shadows count, up to the newest commit; null where there are none, or nobody has asked yet. */
  ledger: ShadowLedger | null;
  /** Version of the settings that the profiles of the rows were made with. */
  settingsVersion: string;
  /** Columns over `rows`; null when `rows` or a profile has changed. */
  scored: ScoredRows | null;
  /** Event time at which the list of series was last read. */
  seriesReadAt: EpochMs;
  /** Position of the newest snapshot; null where there is none that this shard could be restored from. */
  snapshotAt: EpochMs | null;
  /** There may be history before `learnedFrom` that is worth learning. */
  hasHistory: boolean;
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

export function scoredRows(shard: Shard): ScoredRows {
  return (shard.scored ??= columnsOf([...shard.rows.values()]));
}

/** Those of the rows that are scored. */
export function columnsOf(all: readonly ShardSeries[]): ScoredRows {
  const rows = all.filter(({ profile }) => profile.excluded === null);
  return {
    rows,
    ids: rows.map(({ series }) => series.id),
    states: rows.map(({ detection }) => detection),
    settings: rows.map(({ profile }) => profile.settings),
    suppressions: suppressionsOf(rows),
  };
}

export function suppressionsOf(rows: readonly Pick<ShardSeries, 'profile'>[]): ScoredRows['suppressions'] {
  const shared = new Map<Suppression, number[]>();
  rows.forEach(({ profile: { suppression } }, index) => {
    if (suppression === null) return;
    const indices = shared.get(suppression);
    if (indices) indices.push(index);
    else shared.set(suppression, [index]);
  });
  return [...shared].map(([suppression, indices]) => ({ suppression, indices }));
}
