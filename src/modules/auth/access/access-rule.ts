import type { ExecutionContext } from '@nestjs/common';
import { SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { PUBLIC_ROUTE, REQUIRED_PERMISSION, type Permission } from '../../../platform/http/access.js';

const AUTHENTICATED_ROUTE = 'dsim:authenticated';
const ENVIRONMENT_PARAMETER = 'dsim:environment-parameter';

/** Open to everyone who is logged in or has a token, whatever their permissions: "who am I", logout. */
export const Authenticated = (): MethodDecorator & ClassDecorator => SetMetadata(AUTHENTICATED_ROUTE, true);

/** Names the path parameter that holds an environment's id, where it is not `environmentId`. */
export const EnvironmentParameter = (name: string): MethodDecorator & ClassDecorator =>
  SetMetadata(ENVIRONMENT_PARAMETER, name);

export type AccessRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'permission'; readonly permission: Permission }
  | { readonly kind: 'closed' };

/**
 * What a route declares. The method's own declaration wins over its class's; where one place declares two, the
 * stricter holds, so that a stray `@Public()` opens nothing.
 */
export function accessRuleOf(reflector: Reflector, context: ExecutionContext): AccessRule {
  for (const target of [context.getHandler(), context.getClass()]) {
    const permission = reflector.get<Permission | undefined>(REQUIRED_PERMISSION, target);
    if (permission !== undefined) return { kind: 'permission', permission };
    if (reflector.get<boolean | undefined>(AUTHENTICATED_ROUTE, target)) return { kind: 'authenticated' };
    if (reflector.get<boolean | undefined>(PUBLIC_ROUTE, target)) return { kind: 'public' };
  }
  return { kind: 'closed' };
}

export function environmentParameterOf(reflector: Reflector, context: ExecutionContext): string {
  const named = reflector.getAllAndOverride<string | undefined>(ENVIRONMENT_PARAMETER, [
    context.getHandler(),
    context.getClass(),
  ]);
  return named ?? 'environmentId';
}
