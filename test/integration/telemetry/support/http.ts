import { Injectable, Module, type CanActivate, type DynamicModule, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PERMISSIONS, type Principal } from '../../../../src/platform/http/access.js';
import { createHttpApplication } from '../../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../../src/platform/http/http.config.js';
import { moduleContext } from '../../../support/platform.js';
import { telemetryImports, type TelemetryProcessOptions } from './telemetry-process.js';

/** Stands in for the guard of `auth`: the token is the id of the environment it is bound to, `*` for all. */
@Injectable()
export class TokenIsEnvironmentGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; principal?: Principal }>();
    const token = request.headers['authorization']?.replace('Bearer ', '') ?? '*';
    const environmentId = token === '*' ? null : token;
    request.principal = {
      kind: 'api-token',
      id: 'test',
      name: 'test',
      permissions: new Set(PERMISSIONS),
      environmentId,
    };
    return true;
  }
}

class TestHttpModule {}
Module({})(TestHttpModule);

export async function startHttpTelemetry(options: TelemetryProcessOptions): Promise<NestFastifyApplication> {
  const root: DynamicModule = {
    module: TestHttpModule,
    imports: telemetryImports({ ...options, serves: true }),
    providers: [{ provide: APP_GUARD, useClass: TokenIsEnvironmentGuard }],
  };
  const app = await createHttpApplication(root, {
    context: moduleContext({ role: 'api' }),
    config: httpConfig.schema.parse({ port: 0 }),
    logger: false,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
