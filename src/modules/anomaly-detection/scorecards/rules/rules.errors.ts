import { DomainError } from '../../../../kernel/errors.js';

/** Rules are evaluated by the user's own Prometheus, and there is none. */
export class RuleProgramMissingError extends DomainError {
  constructor(message: string) {
    super({ code: 'anomaly_detection.rules_not_available', kind: 'conflict', message });
  }
}

/** In promtool's words where it has looked. */
export class InvalidRulesError extends DomainError {
  constructor(file: string, message: string, path?: string) {
    super({
      code: 'anomaly_detection.invalid_rules',
      kind: 'invalid',
      message: path === undefined ? message : `The alert rules "${file}" cannot be evaluated.`,
      ...(path !== undefined && { issues: [{ path, message }] }),
    });
  }
}

export class RuleEvaluationError extends DomainError {
  constructor(message: string, cause?: unknown) {
    super({ code: 'anomaly_detection.rules_not_evaluated', kind: 'unavailable', message, cause });
  }
}
