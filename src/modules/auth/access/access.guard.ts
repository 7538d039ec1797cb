import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { DomainError } from '../../../kernel/errors.js';
import type { Principal } from '../../../platform/http/access.js';
import { PermissionMissingError, RouteClosedError } from '../auth.errors.js';
import { REFUSALS_TOTAL } from '../auth.metrics.js';
import type { AuthenticatedRequest } from '../strategies/authenticated-request.js';
import { accessRuleOf, environmentParameterOf } from './access-rule.js';
import { assertEnvironmentAccess } from './environment-access.js';
import { RequestAuthenticator } from './request-authenticator.js';

/** The application's guard: a route is open only as far as it declares. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: RequestAuthenticator,
    @InjectMetric(REFUSALS_TOTAL) private readonly refusals: Counter<'code'>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Gateways authenticate when a client connects; until one exists, what is not HTTP is closed.
    if (context.getType() !== 'http') return false;
    const rule = accessRuleOf(this.reflector, context);
    if (rule.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    try {
      if (rule.kind === 'closed') throw new RouteClosedError(`${context.getClass().name}.${context.getHandler().name}`);
      const principal = await this.authenticator.authenticate(request);
      if (rule.kind === 'permission' && !principal.permissions.has(rule.permission)) {
        throw new PermissionMissingError(rule.permission);
      }
      assertNamedEnvironments(principal, request, environmentParameterOf(this.reflector, context));
      return true;
    } catch (error) {
      if (error instanceof DomainError) this.refusals.inc({ code: error.code });
      throw error;
    }
  }
}

/** For a token that is bound to an environment: every environment the request names must be that one. */
function assertNamedEnvironments(principal: Principal, request: AuthenticatedRequest, parameter: string): void {
  if (principal.environmentId === null) return;
  const named = [
    field(request.params, parameter),
    field(request.query, 'environmentId'),
    field(request.body, 'environmentId'),
  ];
  for (const value of named.flat()) {
    if (value !== undefined && value !== null) assertEnvironmentAccess(principal, String(value));
  }
}

function field(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null) return undefined;
  return Object.hasOwn(source, name) ? (source as Record<string, unknown>)[name] : undefined;
}
