import {
  Injectable,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { SKIP_RATE_LIMIT, type Principal } from './access.js';
import { RateLimiter } from './rate-limiter.js';

/** Where passwords are tried: guessing must be slow. */
const PASSWORD_ROUTES = new Set(['/api/v1/auth/login', '/api/v1/auth/password']);

/** The first guard of all, before anybody is identified, so that guessing tokens is limited too. */
@Injectable()
export class AddressRateLimitGuard implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http' || isExempt(this.reflector, context)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    await this.limiter.count(request, 'address');
    if (PASSWORD_ROUTES.has(request.routeOptions.url ?? '')) await this.limiter.count(request, 'login');
    return true;
  }
}

/** An interceptor, because it must run after the guards of every module: only then is the principal known. */
@Injectable()
export class PrincipalRateLimitInterceptor implements NestInterceptor {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() === 'http' && !isExempt(this.reflector, context)) {
      const request = context.switchToHttp().getRequest<FastifyRequest & { principal?: Principal }>();
      if (request.principal) await this.limiter.count(request, 'principal');
    }
    return next.handle();
  }
}

function isExempt(reflector: Reflector, context: ExecutionContext): boolean {
  return reflector.getAllAndOverride<boolean>(SKIP_RATE_LIMIT, [context.getHandler(), context.getClass()]) === true;
}
