import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApplication } from '../../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../../src/platform/http/http.config.js';
import { moduleContext } from '../../../support/platform.js';
import { TokenIsEnvironmentGuard } from '../../telemetry/support/http.js';
import type { DetectionWorld } from './world.js';

class HttpRoot {}
Module({})(HttpRoot);

/** The API of a process on the world's database; a token is the id of the environment that it is bound to. */
export async function startHttp(
  world: DetectionWorld,
  config: Parameters<DetectionWorld['imports']>[0] = {},
): Promise<NestFastifyApplication> {
  const root: DynamicModule = {
    module: HttpRoot,
    imports: world.imports(config, true),
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
