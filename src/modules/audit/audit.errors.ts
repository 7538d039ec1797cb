import { DomainError } from '../../kernel/errors.js';

export class InvalidAuditCursorError extends DomainError {
  constructor() {
    super({
      code: 'audit.invalid_cursor',
      kind: 'invalid',
      message: 'The cursor is not one of ours: pass "nextCursor" of the page before, or leave it out.',
      issues: [{ path: 'cursor', message: 'is not a cursor of this list' }],
    });
  }
}
