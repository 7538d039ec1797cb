import type { Principal } from '../../../platform/http/access.js';
import { EnvironmentForbiddenError } from '../auth.errors.js';

/**
 * Throws `auth.environment_forbidden` when the principal is bound to another environment. `null` stands for something
 * that belongs to none, or to all.
 */
export function assertEnvironmentAccess(principal: Principal, environmentId: string | null): void {
  if (principal.environmentId === null || principal.environmentId === environmentId?.toLowerCase()) return;
  throw new EnvironmentForbiddenError(principal.environmentId);
}

/**
 * Which environment a list must be limited to: the one asked for, or the one the principal is bound to; undefined
 * means all. Every list over several environments goes through this.
 */
export function scopeToEnvironment(principal: Principal, requested?: string): string | undefined {
  if (requested === undefined) return principal.environmentId ?? undefined;
  assertEnvironmentAccess(principal, requested);
  return requested;
}
