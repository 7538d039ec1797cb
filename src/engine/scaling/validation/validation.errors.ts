import { DomainError, type FieldIssue } from '../../../kernel/errors.js';

/** A pasted Kubernetes object is not valid; `issues` has every mistake with its path and its cure. */
export class AutoscalerInvalidError extends DomainError {
  constructor(kind: string, name: string, issues: readonly FieldIssue[]) {
    const list = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message));
    super({
      code: 'scaling.autoscaler_invalid',
      kind: 'invalid',
      message: `${kind} "${name}" is invalid: ${list.length === 1 ? list[0] : `[${list.join(', ')}]`}`,
      issues,
    });
  }
}
