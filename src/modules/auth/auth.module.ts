import type { DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { LargeBodyGate } from '../../platform/http/large-body-gate.js';
import { QueueModule } from '../../platform/queue/queue.module.js';
import { FirstRunNotice } from '../../platform/registry/first-run-notice.js';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { AccessGuard } from './access/access.guard.js';
import { RequestAuthenticator } from './access/request-authenticator.js';
import { ApiTokensController } from './api/api-tokens.controller.js';
import { AuthController } from './api/auth.controller.js';
import { authMetrics } from './auth.metrics.js';
import { purgeAuthRecords, purgeAuthRecordsDaily } from './jobs/purge-auth-records.job.js';
import { PurgeAuthRecordsProcessor } from './jobs/purge-auth-records.processor.js';
import { LocalLoginGuard } from './login/local-login.guard.js';
import { LoginService } from './login/login.service.js';
import { LoginThrottle } from './login/login-throttle.js';
import { ScryptHasher } from './passwords/scrypt-hasher.js';
import { SessionRepository } from './sessions/session.repository.js';
import { SessionService } from './sessions/session.service.js';
import { SigningKeys } from './sessions/signing-keys.js';
import { ApiTokenStrategy } from './strategies/api-token.strategy.js';
import { JwtStrategy } from './strategies/jwt.strategy.js';
import { LocalStrategy } from './strategies/local.strategy.js';
import { StrategyRegistry } from './strategies/strategy-registry.js';
import { ApiTokenProvisioner } from './tokens/api-token.provisioner.js';
import { ApiTokenRepository } from './tokens/api-token.repository.js';
import { ApiTokenService } from './tokens/api-token.service.js';
import { ApiTokenVerifier } from './tokens/api-token.verifier.js';
import { FirstAdmin } from './users/first-admin.js';
import { UserRepository } from './users/user.repository.js';

/** What serves logins; a worker answers health and metrics only, but its guard is the same. */
const LOGIN_PROVIDERS = [
  LoginService,
  LoginThrottle,
  LocalStrategy,
  LocalLoginGuard,
  ApiTokenService,
  ApiTokenProvisioner,
  FirstAdmin,
  { provide: FirstRunNotice, useExisting: FirstAdmin },
];

export class AuthModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [
        JwtModule.register({}),
        QueueModule.forFeature({ jobs: [purgeAuthRecords], schedules: [purgeAuthRecordsDaily] }),
      ],
      controllers: context.serves ? [AuthController, ApiTokensController] : [],
      providers: [
        ...authMetrics,
        ScryptHasher,
        UserRepository,
        SessionRepository,
        SessionService,
        SigningKeys,
        ApiTokenRepository,
        ApiTokenVerifier,
        StrategyRegistry,
        ApiTokenStrategy,
        JwtStrategy,
        RequestAuthenticator,
        { provide: LargeBodyGate, useExisting: RequestAuthenticator },
        { provide: APP_GUARD, useClass: AccessGuard },
        ...(context.serves ? LOGIN_PROVIDERS : []),
        ...(context.works ? [PurgeAuthRecordsProcessor] : []),
      ],
      exports: [RequestAuthenticator, ...(context.serves ? [FirstRunNotice, ApiTokenProvisioner] : [])],
    };
  }
}
