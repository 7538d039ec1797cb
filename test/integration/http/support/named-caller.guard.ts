import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  PERMISSIONS,
  REQUIRED_PERMISSION,
  type Permission,
  type Principal,
} from '../../../../src/platform/http/access.js';

interface CallerRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  principal?: Principal;
}

/**
 * Stands for the guard of the auth module: `x-caller: admin` may do everything, any other caller only read
 * environments; `x-environment` binds the caller to one.
 */
@Injectable()
export class NamedCallerGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const name = request.headers['x-caller'];
    if (name === undefined) return false;
    const permissions = new Set<Permission>(name === 'admin' ? PERMISSIONS : ['environments:read']);
    request.principal = {
      kind: 'user',
      id: name,
      name,
      permissions,
      environmentId: request.headers['x-environment'] ?? null,
    };
    const needed = this.reflector.getAllAndOverride<Permission>(REQUIRED_PERMISSION, [
      context.getHandler(),
      context.getClass(),
    ]);
    return needed !== undefined && permissions.has(needed);
  }
}
