import type { EpochMs } from '../../kernel/clock.js';
import type { Labels } from '../../kernel/time-series.js';
import type { EndReason } from '../detection/end-reasons.js';

/** What correlation needs to know of one anomaly. Times are event times (of the samples), in epoch milliseconds. */
export interface CorrelatedAnomaly {
  readonly anomalyId: string;
  readonly seriesId: number;
  /** Labels of the series, `__name__` included. */
  readonly labels: Labels;
  /** Anomalies that detection found to be of one cause share a group; they are one incident whatever their labels. */
  readonly groupId?: string | null;
  readonly startedAt: EpochMs;
  /** Null while the anomaly lasts, or while its end is not known yet. */
  readonly endedAt: EpochMs | null;
  readonly endReason?: EndReason;
}

export interface CorrelationRules {
  /** Names of labels that relate two series when their values are equal; usually job, instance and service. */
  readonly labels: readonly string[];
  /** Two anomalies this far apart in time still belong together, in milliseconds (0 or more). */
  readonly gapMs: number;
  /** How long an incident must be without a running anomaly before it resolves by itself, in milliseconds. */
  readonly calmMs: number;
  /** A related anomaly that starts this soon after an automatic resolve reopens the incident, in milliseconds. */
  readonly reopenMs: number;
  /**
   * An anomaly whose series fell silent is presumed to last this much longer, in milliseconds: missing data must not
   * look like recovery.
   */
  readonly staleHoldMs: number;
}

/**
 * When an incident was active on one label value: the hull of the anomalies that carry it. Small and cheap to
 * extend, so that a decision never has to look at the evidence itself. Plain JSON.
 */
export interface Reach {
  readonly label: string;
  readonly value: string;
  /** Earliest start. */
  readonly from: EpochMs;
  /** Latest end among those that ended (see `presumedEnd`); null when none has. */
  readonly until: EpochMs | null;
  /** How many have not ended. */
  readonly open: number;
}

/** What a decision needs to know of an incident of the same environment. */
export interface IncidentState {
  readonly id: string;
  /** Sequence number: the lower, the older. */
  readonly number: number;
  /** Null while the incident is open, acknowledged or mitigated. */
  readonly resolvedAt: EpochMs | null;
  readonly resolution: 'calm' | 'user' | null;
  readonly reach: readonly Reach[];
}
