import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApplication } from '../../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../../src/platform/http/http.config.js';
import type { HttpApplicationOptions } from '../../../../src/platform/http/http-options.js';
import type { ModuleContext } from '../../../../src/platform/registry/module-definition.js';

export const API_CONTEXT: ModuleContext = {
  profile: 'development',
  role: 'api',
  serves: true,
  works: false,
  isEnabled: () => true,
};

export function testOptions(
  http: Record<string, unknown> = {},
  more: Partial<HttpApplicationOptions> = {},
): HttpApplicationOptions {
  return { context: API_CONTEXT, config: httpConfig.schema.parse({ port: 0, ...http }), logger: false, ...more };
}

/** Initialised, without a port: use `inject`. */
export async function bootApplication(
  module: Type<unknown> | DynamicModule,
  options: HttpApplicationOptions = testOptions(),
): Promise<NestFastifyApplication> {
  const app = await createHttpApplication(module, options);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
