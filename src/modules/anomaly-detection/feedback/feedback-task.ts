import { z } from 'zod';
import type {
  ChannelFactors,
  FeedbackKind,
  FeedbackScope,
} from '../../../engine/detection/settings/feedback-factors.js';
import type { Labels } from '../../../kernel/time-series.js';
import type { FeedbackEffect } from './feedback.types.js';

export const FEEDBACK_KINDS = ['not-an-anomaly', 'missed'] as const satisfies readonly FeedbackKind[];
export const FEEDBACK_SCOPES = ['series', 'like'] as const satisfies readonly FeedbackScope[];

/** Feedback as it is kept while it is computed. */
export const feedbackTask = z.object({
  kind: z.enum(FEEDBACK_KINDS),
  scope: z.enum(FEEDBACK_SCOPES),
  seriesId: z.number().int(),
  anomalyId: z.string().nullable(),
  /** Epoch milliseconds. */
  from: z.number(),
  to: z.number(),
  /** Set where it is to be saved as soon as it is computed; null for a preview. */
  save: z
    .object({ comment: z.string(), by: z.string(), principalId: z.string(), principalKind: z.string() })
    .nullable(),
});
export type FeedbackTask = z.output<typeof feedbackTask>;

/** What a computed preview says, and what is saved from it. */
export interface FeedbackOutcome {
  readonly seriesId: number;
  readonly labels: Labels;
  readonly factors: ChannelFactors;
  readonly effect: FeedbackEffect;
}
