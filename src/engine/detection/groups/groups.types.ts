import type { EpochMs } from '../../../kernel/clock.js';
import type { Labels } from '../../../kernel/time-series.js';
import type { ServiceName } from '../service/service-name.js';

/** What grouping needs to know of an anomaly that opened. Event times in epoch milliseconds. */
export interface AnomalyOpening {
  readonly anomalyId: string;
  /** Of the series, `__name__` included. */
  readonly labels: Labels;
  readonly startedAt: EpochMs;
  /** Highest so far; 1.0 is the boundary. */
  readonly score: number;
}

export interface AnomalyEnding {
  readonly anomalyId: string;
  readonly endedAt: EpochMs;
  readonly score: number;
}

export interface GroupRules {
  /** A group without a running anomaly is held for so long: what returns until then extends it. Milliseconds. */
  readonly holdMs: number;
  /** Anomalies of services that call one another, or of one node, are of one cause if they begin within so long. */
  readonly spreadMs: number;
  /** So are any two of an environment that begin within so long of each other. 0 turns the rule off. */
  readonly burstMs: number;
}

export const DEFAULT_GROUP_RULES: GroupRules = { holdMs: 600_000, spreadMs: 300_000, burstMs: 45_000 };

/** A service or node on which something is off, and since when the newest of it. */
export interface GroupPlace {
  /** Null for a node. */
  readonly service: ServiceName | null;
  /** Empty where it is a service on no particular node. */
  readonly node: string;
  readonly lastStartedAt: EpochMs;
}

/** Anomalies of one cause: one page. Plain JSON. */
export interface AnomalyGroup {
  readonly id: string;
  /** Where its first anomaly began. */
  startedAt: EpochMs;
  /** Newest beginning of one of its anomalies. */
  lastStartedAt: EpochMs;
  /** End of the last anomaly, while none runs; null while one does. */
  calmSince: EpochMs | null;
  /** Set when it was calm for the hold time. */
  endedAt: EpochMs | null;
  /** Anomalies that run. */
  open: string[];
  /** All anomalies so far. */
  anomalies: number;
  places: GroupPlace[];
  /** Services in the order in which they went off. */
  services: string[];
  peakScore: number;
  peakAnomalyId: string;
}

/** The groups of an environment that have not ended. Plain JSON. */
export interface GroupsState {
  readonly version: 1;
  groups: AnomalyGroup[];
}

export type GroupChange =
  | { readonly kind: 'opened' | 'joined' | 'left'; readonly group: AnomalyGroup; readonly anomalyId: string }
  | { readonly kind: 'ended'; readonly group: AnomalyGroup };
