import { DomainError } from '../../../kernel/errors.js';

export class FeedbackNotFoundError extends DomainError {
  constructor(id: string) {
    super({
      code: 'anomaly_detection.feedback_not_found',
      kind: 'not-found',
      message: `The environment has no feedback ${id}. GET .../detection/feedback lists it.`,
    });
  }
}

export class AnomalyNotFoundError extends DomainError {
  constructor(id: string) {
    super({
      code: 'anomaly_detection.anomaly_not_found',
      kind: 'not-found',
      message: `The environment has no anomaly ${id}; it may have been forgotten with its samples.`,
    });
  }
}

export class FeedbackPreviewNotReadyError extends DomainError {
  constructor(state: string) {
    const message = `The preview is ${state}. Save when it is finished, or ask for a new one.`;
    super({
      code: 'anomaly_detection.feedback_preview_not_ready',
      kind: 'conflict',
      message,
      issues: [{ path: 'previewId', message }],
    });
  }
}

export class NoEffectError extends DomainError {
  constructor(message: string) {
    super({ code: 'anomaly_detection.feedback_without_effect', kind: 'invalid', message });
  }
}
