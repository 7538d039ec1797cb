import { Injectable } from '@nestjs/common';
import { isLike, LARGEST_FACTOR } from '../../../engine/detection/settings/feedback-factors.js';
import { SILENCE_FACTOR } from '../../../engine/detection/silence/silence-verdict.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { AnomalyRow } from '../data/rows.js';
import { NoEffectError } from './feedback.errors.js';
import { FeedbackRepository } from './feedback.repository.js';
import { summaryOf } from './feedback-summary.js';
import type { FeedbackOutcome, FeedbackTask } from './feedback-task.js';
import type { AnomalyExample, ChangeEffect } from './feedback.types.js';

const DAY_MS = 86_400_000;
const EFFECT_DAYS = 7;
const EXAMPLES = 20;

/** Feedback on a silence: it is about all of its like, and no detector has to run to know what it does. */
@Injectable()
export class SilenceFeedback {
  constructor(private readonly feedback: FeedbackRepository) {}

  /** The silence that the feedback is about; undefined where it is about something else. */
  async subject(environmentId: string, { anomalyId }: FeedbackTask): Promise<AnomalyRow | undefined> {
    if (anomalyId === null) return undefined;
    const anomaly = await this.feedback.anomaly(environmentId, anomalyId);
    return anomaly?.silence ? anomaly : undefined;
  }

  /** Silences of the like over the last days, none of which would be one. */
  async outcome(anomaly: AnomalyRow, task: FeedbackTask, now: EpochMs): Promise<FeedbackOutcome> {
    if (task.kind === 'missed') throw new NoEffectError('It was found that this fell silent: nothing was missed.');
    const to = Math.max(now, task.to);
    const from = to - EFFECT_DAYS * DAY_MS;
    const known = await this.feedback.silences(anomaly.environmentId, new Date(from), new Date(to));
    const like = known.filter(({ labels }) => isLike(anomaly.labels, labels));
    const effect: ChangeEffect = {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      series: 1,
      before: like.length,
      after: 0,
      vanish: like.length,
      come: 0,
      beforePerWeek: like.length * (7 / EFFECT_DAYS),
      afterPerWeek: 0,
      vanishing: like.slice(0, EXAMPLES).map(exampleOf),
      coming: [],
    };
    return {
      // All telemetry is no series.
      seriesId: anomaly.silence?.scope === 'environment' ? 0 : anomaly.seriesId,
      labels: anomaly.labels,
      factors: { [SILENCE_FACTOR]: LARGEST_FACTOR },
      effect: { ...effect, stretchHeeded: true, summary: summaryOf(task.kind, effect, true, 1) },
    };
  }
}

function exampleOf({ seriesId, labels, startedAt, endedAt, score, value, yhat }: AnomalyRow): AnomalyExample {
  const stretch = { startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
  return { seriesId, labels, ...stretch, score, value, yhat };
}
