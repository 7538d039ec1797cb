import { DomainError } from '../../../kernel/errors.js';

export class SettingsVersionNotFoundError extends DomainError {
  constructor(version: number) {
    super({
      code: 'anomaly_detection.settings_version_not_found',
      kind: 'not-found',
      message: `The detection settings have no version ${version}. GET .../detection/settings/versions lists them.`,
    });
  }
}

export class SettingsChangedError extends DomainError {
  constructor(current: number) {
    super({
      code: 'anomaly_detection.settings_changed',
      kind: 'conflict',
      message: `Someone saved version ${current} meanwhile. Read it, and save again with its ETag in If-Match.`,
    });
  }
}

export class PreconditionMissingError extends DomainError {
  constructor(current: number) {
    super({
      code: 'anomaly_detection.if_match_required',
      kind: 'invalid',
      message: `Send If-Match with the ETag of the version that was changed; the settings are at "${current}".`,
      issues: [{ path: 'If-Match', message: `is missing; the settings are at "${current}"` }],
    });
  }
}
