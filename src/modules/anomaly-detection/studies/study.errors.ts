import { DomainError } from '../../../kernel/errors.js';

export class StudyNotFoundError extends DomainError {
  constructor(what: string, id: string) {
    super({
      code: 'anomaly_detection.study_not_found',
      kind: 'not-found',
      message: `The environment has no ${what} ${id}. Previews are kept for seven days.`,
    });
  }
}

export class TooManyStudiesError extends DomainError {
  constructor(limit: number) {
    super({
      code: 'anomaly_detection.too_many_studies',
      kind: 'conflict',
      message: `${limit} previews and score cards of the environment are not finished yet. Wait for them or cancel some.`,
    });
  }
}
