import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { createHttpAdapter } from './http-adapter.js';
import { API_PREFIX, OUTSIDE_PREFIX, type HttpApplicationOptions } from './http-options.js';
import { HttpModule } from './http.module.js';
import { addRequestHooks } from './request-hooks.js';
import { registerSecurityPlugins } from './security-plugins.js';

@Module({})
class HttpRootModule {}

/**
 * The Nest application of this process on Fastify, configured but not yet listening: `listenHttp` opens its ports.
 * Rethrows what a module throws at boot instead of ending the process.
 */
export async function createHttpApplication(
  rootModule: Type<unknown> | DynamicModule,
  options: HttpApplicationOptions,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    httpRoot(rootModule, options),
    createHttpAdapter(options.config),
    { logger: options.logger, abortOnError: false, forceCloseConnections: true },
  );
  await configureHttpApplication(app, options);
  return app;
}

/** For tests: `Test.createTestingModule({ imports: [httpRoot(SomeModule, options)] })`, then `configureHttpApplication`. */
export function httpRoot(rootModule: Type<unknown> | DynamicModule, options: HttpApplicationOptions): DynamicModule {
  return { module: HttpRootModule, imports: [HttpModule.register(options), rootModule] };
}

export async function configureHttpApplication(
  app: NestFastifyApplication,
  options: HttpApplicationOptions,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  addRequestHooks(fastify);
  await registerSecurityPlugins(fastify, options);
  app.useBodyParser('application/x-protobuf', { bodyLimit: options.config.binaryBodyLimitBytes });
  app.setGlobalPrefix(API_PREFIX, { exclude: OUTSIDE_PREFIX });
}
