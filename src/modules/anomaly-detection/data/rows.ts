import type { TrackerState } from '../../../engine/detection/anomaly-tracker.js';
import type { EndReason } from '../../../engine/detection/end-reasons.js';
import type { SilenceFacts } from '../../../engine/detection/silence/silence-book.js';

/** Trackers of a shard that are not calm, by series id. */
export type StoredTrackers = Readonly<Record<string, TrackerState>>;

export interface ShardRow {
  readonly scoredUntil: Date;
  readonly trackers: StoredTrackers;
  /** Samples from this time on are in the states that score; null before the first tick. */
  readonly learnedFrom: Date | null;
  /** Set from the first tick until a longer history was learned, or found not to exist. */
  readonly learningFrom: Date | null;
  /** Position of a snapshot made from a longer history that waits to be taken over. */
  readonly learnedUntil: Date | null;
}

export interface AnomalyRow {
  readonly id: string;
  readonly environmentId: string;
  readonly seriesId: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly detector: string;
  readonly state: 'open' | 'ended';
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: EndReason | null;
  readonly adopted: boolean;
  readonly peakAt: Date;
  readonly score: number;
  /** These are null where the anomaly is that nothing was reported. */
  readonly value: number | null;
  readonly yhat: number | null;
  readonly yhatLower: number | null;
  readonly yhatUpper: number | null;
  /** Score of each channel at the peak; null on anomalies of releases that did not keep it. */
  readonly contributions: Readonly<Record<string, number>> | null;
  readonly groupId: string | null;
  /** Set where the anomaly is that nothing was reported any more. */
  readonly silence: SilenceFacts | null;
}

export const ANOMALY_COLUMNS = `
  id, environment_id AS "environmentId", series_id AS "seriesId", labels, detector, state,
  started_at AS "startedAt", ended_at AS "endedAt", end_reason AS "endReason", adopted, peak_at AS "peakAt",
  score, value, yhat, yhat_lower AS "yhatLower", yhat_upper AS "yhatUpper",
  contributions, group_id AS "groupId", silence`;
