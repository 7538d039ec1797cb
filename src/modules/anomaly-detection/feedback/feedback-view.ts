import type { z } from 'zod';
import type { feedbackView } from './feedback.schema.js';
import type { GivenFeedback } from './feedback.service.js';
import { feedbackTask } from './feedback-task.js';

type FeedbackView = z.output<typeof feedbackView>;

export function toFeedbackView(given: GivenFeedback): FeedbackView {
  if ('study' in given) {
    const { study } = given;
    const task = feedbackTask.parse(study.request);
    const over = study.state === 'failed' || study.state === 'cancelled';
    return {
      id: study.id,
      state: over ? (study.state as 'failed' | 'cancelled') : 'computing',
      reason: study.reason,
      kind: task.kind,
      scope: task.scope,
      seriesId: task.seriesId,
      labels: null,
      anomalyId: task.anomalyId,
      from: new Date(task.from).toISOString(),
      to: new Date(task.to).toISOString(),
      comment: task.save?.comment ?? '',
      factors: null,
      effect: null,
      createdBy: study.createdBy,
      createdAt: study.createdAt.toISOString(),
      undoneBy: null,
      undoneAt: null,
    };
  }
  const { environmentId: _, ...row } = given.row;
  return {
    ...row,
    state: row.undoneAt === null ? 'active' : 'undone',
    reason: null,
    labels: { ...row.labels },
    from: row.from.toISOString(),
    to: row.to.toISOString(),
    factors: { ...row.factors },
    effect: row.effect as FeedbackView['effect'],
    createdAt: row.createdAt.toISOString(),
    undoneAt: row.undoneAt?.toISOString() ?? null,
  };
}
