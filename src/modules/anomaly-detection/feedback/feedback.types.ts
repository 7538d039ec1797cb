import type { Labels } from '../../../kernel/time-series.js';

/** An anomaly that comes or goes with a change, as an example for people. */
export interface AnomalyExample {
  readonly seriesId: number;
  readonly labels: Labels;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly score: number;
  /** Null, as the expectation is, where the anomaly is that nothing was reported. */
  readonly value: number | null;
  readonly yhat: number | null;
}

/** What a change would have done over some days of stored history. */
export interface ChangeEffect {
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** Series that were looked at; what is said of others stays as it is. */
  readonly series: number;
  readonly before: number;
  readonly after: number;
  readonly vanish: number;
  readonly come: number;
  readonly beforePerWeek: number;
  readonly afterPerWeek: number;
  readonly vanishing: readonly AnomalyExample[];
  readonly coming: readonly AnomalyExample[];
}

export interface FeedbackEffect extends ChangeEffect {
  /** Whether the stretch that the feedback is about behaves as the user asked for. */
  readonly stretchHeeded: boolean;
  /** One sentence. */
  readonly summary: string;
}
