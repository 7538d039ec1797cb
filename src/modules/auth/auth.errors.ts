import { DomainError, type FieldIssue } from '../../kernel/errors.js';
import type { Permission } from '../../platform/http/access.js';

export class UnauthenticatedError extends DomainError {
  constructor() {
    super({
      code: 'auth.unauthenticated',
      kind: 'unauthenticated',
      message: 'This needs a login: send "Authorization: Bearer <token>" with an API token, or log in at the page.',
    });
  }
}

export class InvalidTokenError extends DomainError {
  constructor(cause?: unknown) {
    super({
      code: 'auth.token_invalid',
      kind: 'unauthenticated',
      message:
        'The token is not valid: it is malformed, was not issued here, or was revoked. Log in again or create another token.',
      cause,
    });
  }
}

export class TokenExpiredError extends DomainError {
  constructor() {
    super({
      code: 'auth.token_expired',
      kind: 'unauthenticated',
      message: 'The session or token has expired. Log in again or create another token.',
    });
  }
}

export class InvalidCredentialsError extends DomainError {
  constructor() {
    super({
      code: 'auth.invalid_credentials',
      kind: 'unauthenticated',
      message: 'The username or the password is wrong.',
    });
  }
}

export class LoginLockedError extends DomainError {
  constructor(retryAfterSeconds: number) {
    super({
      code: 'auth.login_locked',
      kind: 'rate-limited',
      message: `Too many failed logins. Try again in ${retryAfterSeconds} s.`,
      retryAfterSeconds,
      logLevel: 'info',
    });
  }
}

export class InvalidLoginRequestError extends DomainError {
  constructor(issues: readonly FieldIssue[]) {
    super({
      code: 'auth.invalid_login_request',
      kind: 'invalid',
      message: 'A login is a JSON object with the texts "username" and "password".',
      issues,
    });
  }
}

export class PermissionMissingError extends DomainError {
  constructor(permission: Permission) {
    super({
      code: 'auth.forbidden',
      kind: 'forbidden',
      message: `This needs the permission "${permission}", which this login or token does not have.`,
    });
  }
}

export class RouteClosedError extends DomainError {
  constructor(route: string) {
    super({
      code: 'auth.route_closed',
      kind: 'forbidden',
      message: `${route} declares neither a permission nor that it is public, so it is closed to everyone. This is a bug of ours.`,
      logLevel: 'error',
    });
  }
}

export class EnvironmentForbiddenError extends DomainError {
  constructor(environmentId: string) {
    super({
      code: 'auth.environment_forbidden',
      kind: 'forbidden',
      message: `This token is bound to environment ${environmentId} and cannot be used for anything else.`,
    });
  }
}

export class CrossSiteRequestError extends DomainError {
  constructor() {
    super({
      code: 'auth.cross_site_request',
      kind: 'forbidden',
      message:
        'A change that is authenticated by the session cookie must come from our own page. Programs should send "Authorization: Bearer <token>".',
      logLevel: 'warn',
    });
  }
}

export class SessionRequiredError extends DomainError {
  constructor() {
    super({
      code: 'auth.session_required',
      kind: 'forbidden',
      message: 'This is for people who are logged in; an API token cannot do it.',
    });
  }
}

export class WrongPasswordError extends DomainError {
  constructor() {
    super({
      code: 'auth.wrong_password',
      kind: 'invalid',
      message: 'The current password is wrong.',
      issues: [{ path: 'currentPassword', message: 'is wrong' }],
    });
  }
}

export class WeakPasswordError extends DomainError {
  constructor(reason: string) {
    super({
      code: 'auth.weak_password',
      kind: 'invalid',
      message: `The new password ${reason}.`,
      issues: [{ path: 'newPassword', message: reason }],
    });
  }
}

export class HashingOverloadedError extends DomainError {
  constructor() {
    super({
      code: 'auth.overloaded',
      kind: 'unavailable',
      message: 'Too many logins are being checked at this moment. Try again in a second.',
      retryAfterSeconds: 1,
    });
  }
}

export class ApiTokenNotFoundError extends DomainError {
  constructor(id: string) {
    super({ code: 'auth.api_token_not_found', kind: 'not-found', message: `There is no API token ${id}.` });
  }
}

export class PermissionNotGrantableError extends DomainError {
  constructor(permissions: readonly Permission[], reason: string) {
    super({
      code: 'auth.permission_not_grantable',
      kind: 'forbidden',
      message: `The token cannot get ${permissions.map((name) => `"${name}"`).join(', ')}: ${reason}.`,
    });
  }
}

export class TokenEnvironmentNotFoundError extends DomainError {
  constructor(environmentId: string) {
    super({
      code: 'auth.environment_not_found',
      kind: 'invalid',
      message: `There is no environment ${environmentId}.`,
      issues: [{ path: 'environmentId', message: 'names no environment' }],
    });
  }
}

export class TokenExpiryPastError extends DomainError {
  constructor() {
    super({
      code: 'auth.expiry_in_past',
      kind: 'invalid',
      message: 'The token would have expired already: "expiresAt" must be in the future.',
      issues: [{ path: 'expiresAt', message: 'must be in the future' }],
    });
  }
}

export class ProvisionedTokenConflictError extends DomainError {
  constructor(name: string) {
    super({
      code: 'auth.provisioned_token_conflict',
      kind: 'conflict',
      message:
        `The token configured as "${name}" can't be used: it is malformed, or its public part belongs to another token. ` +
        'Make a new one: "dsim_", 16 hexadecimal digits, "_", 64 hexadecimal digits (openssl rand -hex 8; openssl rand -hex 32).',
      logLevel: 'error',
    });
  }
}
