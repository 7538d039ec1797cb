import { z } from 'zod';
import { STUDY_STATES, type StudyRow } from './study.types.js';

export const studyFields = {
  id: z.string(),
  title: z.string(),
  state: z.enum(STUDY_STATES),
  reason: z.string().nullable().describe('Why it failed'),
  percent: z.number().min(0).max(100),
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
};

type StudyView = z.output<z.ZodObject<typeof studyFields>>;

export function viewOf(study: StudyRow): StudyView {
  return {
    id: study.id,
    title: study.title,
    state: study.state,
    reason: study.reason,
    percent: study.state === 'finished' ? 100 : Math.floor((100 * study.done) / Math.max(1, study.total)),
    createdBy: study.createdBy,
    createdAt: study.createdAt.toISOString(),
    startedAt: study.startedAt?.toISOString() ?? null,
    finishedAt: study.finishedAt?.toISOString() ?? null,
  };
}
