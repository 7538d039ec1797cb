import { DomainError, type FieldIssue } from '../../kernel/errors.js';

export class InvalidRequestError extends DomainError {
  constructor(issues: readonly FieldIssue[]) {
    const fields = [...new Set(issues.map((issue) => issue.path))].filter((path) => path !== '');
    super({
      code: 'http.invalid_request',
      kind: 'invalid',
      message:
        fields.length === 0
          ? `The request is not valid: ${issues[0]?.message ?? 'unknown reason'}.`
          : `The request is not valid; see "errors" for ${fields.slice(0, 5).join(', ')}${fields.length > 5 ? ', ...' : ''}.`,
      issues,
    });
  }
}

export class InvalidCursorError extends DomainError {
  constructor() {
    super({
      code: 'http.invalid_cursor',
      kind: 'invalid',
      message:
        'The cursor is not one of this list. Pass "nextCursor" of the page before, or leave it out to start again.',
      issues: [{ path: 'cursor', message: 'must be the nextCursor of the page before' }],
    });
  }
}

export class RateLimitedError extends DomainError {
  constructor(limit: number, retryAfterSeconds: number) {
    super({
      code: 'http.rate_limited',
      kind: 'rate-limited',
      message: `More than ${limit} requests in a minute. Try again in ${retryAfterSeconds} s.`,
      retryAfterSeconds,
    });
  }
}

export class IdempotencyKeyReusedError extends DomainError {
  constructor() {
    super({
      code: 'http.idempotency_key_reused',
      kind: 'conflict',
      message: 'This Idempotency-Key was used with another request. Send a new key for a new request.',
    });
  }
}

export class IdempotentRequestRunningError extends DomainError {
  constructor() {
    super({
      code: 'http.idempotent_request_running',
      kind: 'conflict',
      message: 'The first request with this Idempotency-Key is still running. Try again in a second.',
      retryAfterSeconds: 1,
    });
  }
}

export class ShuttingDownError extends DomainError {
  constructor() {
    super({
      code: 'http.shutting_down',
      kind: 'unavailable',
      message: 'This process is shutting down. Send the request again.',
      retryAfterSeconds: 1,
      logLevel: 'debug',
    });
  }
}
