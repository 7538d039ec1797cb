import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { HttpDrain } from './http-drain.js';
import { HTTP_OPTIONS, type HttpApplicationOptions } from './http-options.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { ProblemFilter } from './problem.filter.js';
import { AddressRateLimitGuard, PrincipalRateLimitInterceptor } from './rate-limit.guards.js';
import { RateLimiter } from './rate-limiter.js';
import { ShutdownState } from './shutdown-state.js';
import { ValidationPipe } from './validation.pipe.js';

/** Imported before every other module by `createHttpApplication`, so that its guard is the first to run. */
@Module({})
export class HttpModule {
  static register(options: HttpApplicationOptions): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      providers: [
        { provide: HTTP_OPTIONS, useValue: options },
        ShutdownState,
        HttpDrain,
        RateLimiter,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: ValidationPipe },
        { provide: APP_GUARD, useClass: AddressRateLimitGuard },
        { provide: APP_INTERCEPTOR, useClass: PrincipalRateLimitInterceptor },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
      ],
      exports: [HTTP_OPTIONS, ShutdownState, HttpDrain],
    };
  }
}
