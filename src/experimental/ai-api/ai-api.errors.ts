import { DomainError, type FieldIssue } from '../../kernel/errors.js';

/** Windows that break a rule which the schema alone cannot say. */
export class WindowsRefusedError extends DomainError {
  constructor(issues: readonly FieldIssue[]) {
    super({
      code: 'ai_api.windows_refused',
      kind: 'invalid',
      message: `The windows cannot be scored; see "errors" for ${issues
        .slice(0, 3)
        .map(({ path }) => path)
        .join(', ')}.`,
      issues,
    });
  }
}

export class ScoringBusyError extends DomainError {
  constructor() {
    super({
      code: 'ai_api.busy',
      kind: 'unavailable',
      message: 'More windows are being scored than aiApi.maxQueuedPoints allows. Send the request again in a second.',
      retryAfterSeconds: 1,
      logLevel: 'debug',
    });
  }
}
