export const STUDY_KINDS = ['settings-preview', 'feedback-preview', 'score-card'] as const;
export type StudyKind = (typeof STUDY_KINDS)[number];

export const STUDY_STATES = ['queued', 'running', 'finished', 'failed', 'cancelled'] as const;
export type StudyState = (typeof STUDY_STATES)[number];

/** A computation over stored history that runs in a job and keeps its outcome. */
export interface StudyRow {
  readonly id: string;
  readonly environmentId: string;
  readonly kind: StudyKind;
  readonly title: string;
  /** As the study's kind wrote it; checked by it when it is read. */
  readonly request: unknown;
  readonly state: StudyState;
  /** Why it failed. */
  readonly reason: string | null;
  readonly done: number;
  readonly total: number;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** Reports how far a study is. False: it was cancelled, and should stop. */
export type StudyProgress = (done: number, total: number) => Promise<boolean>;

/** Thrown where a study stops because it was cancelled. */
export class StudyCancelled extends Error {
  constructor() {
    super('the study was cancelled');
  }
}
