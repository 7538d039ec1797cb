import { SetMetadata, applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

/** `resource:verb`. A token or a role grants a set of these. */
export const PERMISSIONS = [
  'environments:read',
  'environments:write',
  'telemetry:read',
  'telemetry:write',
  'anomalies:read',
  'models:write',
  'anomalies:write',
  'incidents:read',
  'incidents:acknowledge',
  'incidents:resolve',
  'notifications:read',
  'notifications:write',
  'simulation:read',
  'simulation:control',
  'metrics:read',
  'tokens:manage',
  'audit:read',
  'admin',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Who is asking. Set on the request by the guard of `modules/auth`. */
export interface Principal {
  readonly kind: 'user' | 'api-token';
  /** User id or token id. */
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Set when the token is bound to one environment; null means all. */
  readonly environmentId: string | null;
}

export const PUBLIC_ROUTE = 'dsim:public';
export const REQUIRED_PERMISSION = 'dsim:permission';
export const SKIP_RATE_LIMIT = 'dsim:skip-rate-limit';

/** Tells the OpenAPI document what a route declares here: a permission, or `public`. */
export const ACCESS_EXTENSION = 'x-access';

/** Open to everyone: health, login, the page's own files. Everything else is closed by default. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC_ROUTE, true), ApiExtension(ACCESS_EXTENSION, 'public'));
/** Which permission a route needs. A route with neither this nor `@Public()` answers 403 to everyone. */
export const Access = (permission: Permission): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(REQUIRED_PERMISSION, permission), ApiExtension(ACCESS_EXTENSION, permission));
/** For webhooks and ingestion: an answer of 429 there loses data (contracts 4.1). */
export const SkipRateLimit = (): MethodDecorator & ClassDecorator => SetMetadata(SKIP_RATE_LIMIT, true);

export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const request = context.switchToHttp().getRequest<{ principal?: Principal }>();
  if (!request.principal) throw new Error('@CurrentPrincipal() on a route without a guard');
  return request.principal;
});
