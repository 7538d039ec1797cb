import type { EndReason } from '../../../../engine/detection/end-reasons.js';
import type { SilenceFacts } from '../../../../engine/detection/silence/silence-book.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import type { Labels } from '../../../../kernel/time-series.js';

/** A like fell silent, known at the tick `at`. */
export interface SilenceOpening {
  readonly like: number;
  /** The newest of it. */
  readonly seriesId: number;
  readonly labels: Labels;
  readonly startedAt: EpochMs;
  readonly at: EpochMs;
  readonly score: number;
  readonly silence: SilenceFacts;
}

/** The silence of a like is over. */
export interface SilenceClosing {
  readonly like: number;
  /** Null where it opened in the same commit. */
  readonly anomalyId: string | null;
  readonly endedAt: EpochMs;
  readonly at: EpochMs;
  readonly score: number;
  readonly reason: EndReason;
  readonly adopted: boolean;
}

/** In the order in which it happened. */
export type SilenceHappening =
  | { readonly opened: readonly SilenceOpening[]; readonly at: EpochMs }
  | { readonly ended: readonly SilenceClosing[]; readonly at: EpochMs };
