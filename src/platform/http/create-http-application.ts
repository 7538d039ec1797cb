import { Module, type DynamicModule, type OnModuleDestroy, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { addEntityTags } from './entity-tags.js';
import { createHttpAdapter } from './http-adapter.js';
import { HttpDrain } from './http-drain.js';
import { API_PREFIX, OUTSIDE_PREFIX, type HttpApplicationOptions } from './http-options.js';
import { HttpModule } from './http.module.js';
import { gateLargeBodies } from './large-body-gate.js';
import { addListenerGate } from './listener-gate.js';
import { serveDocumentation } from './openapi.js';
import { RateLimiter } from './rate-limiter.js';
import { addRequestHooks } from './request-hooks.js';
import { registerSecurityPlugins } from './security-plugins.js';
import { servePage } from './static-page.js';

/** The root is destroyed first: requests in flight finish while everything they need is still there. */
@Module({})
class HttpRootModule implements OnModuleDestroy {
  constructor(private readonly drain: HttpDrain) {}

  onModuleDestroy(): Promise<void> {
    return this.drain.run();
  }
}

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

/** Everything between Fastify and the controllers, in the order in which a request meets it. */
export async function configureHttpApplication(
  app: NestFastifyApplication,
  options: HttpApplicationOptions,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  addRequestHooks(fastify);
  app.get(HttpDrain, { strict: false }).attach(fastify);
  await registerSecurityPlugins(fastify, options);
  addListenerGate(fastify, options);
  gateLargeBodies(app);
  addEntityTags(fastify);
  await app.get(RateLimiter, { strict: false }).attach(fastify);
  takeEmptyJson(app, options);
  app.useBodyParser('application/x-protobuf', { bodyLimit: options.config.binaryBodyLimitBytes });
  app.useBodyParser('application/octet-stream', { bodyLimit: options.config.binaryBodyLimitBytes });
  app.setGlobalPrefix(API_PREFIX, { exclude: OUTSIDE_PREFIX });
  if (options.context.serves) {
    serveDocumentation(app);
    await servePage(fastify, options);
  }
}

/** Many clients name a media type on every POST, also where they have nothing to send: that is no body, not a bad one. */
function takeEmptyJson(app: NestFastifyApplication, { config }: HttpApplicationOptions): void {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const parse = fastify.getDefaultJsonParser('error', 'error');
  app.useBodyParser('application/json', { bodyLimit: config.bodyLimitBytes }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request as never, body.toString('utf8'), done);
  });
}
