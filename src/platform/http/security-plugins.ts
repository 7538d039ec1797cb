import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { constants } from 'node:zlib';
import type { HttpApplicationOptions } from './http-options.js';

/** Below this a compressed answer is hardly smaller, and costs time on both sides. */
const COMPRESS_FROM_BYTES = 1_024;

export async function registerSecurityPlugins(
  fastify: FastifyInstance,
  options: HttpApplicationOptions,
): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Our page has no inline scripts and loads nothing from elsewhere.
        scriptSrc: ["'self'"],
        // uPlot and Preact set element styles from script (CSSOM), which needs no exception.
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Only where this process ends TLS itself do we know that the whole host speaks it.
    strictTransportSecurity: options.config.tlsCertFile ? { maxAge: 31_536_000 } : false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });

  const origins = corsOriginsOf(options);
  if (origins !== undefined) {
    await fastify.register(cors, {
      origin: origins,
      credentials: origins !== '*',
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['X-Request-Id', 'Retry-After', 'ETag'],
      maxAge: 600,
    });
  }

  await fastify.register(cookie);

  await fastify.register(compress, {
    global: true,
    // A body that says `Content-Encoding: snappy` is for the ingestion route to decode, not for this plugin to refuse.
    globalDecompression: false,
    threshold: COMPRESS_FROM_BYTES,
    encodings: ['gzip', 'br'],
    zlibOptions: { level: 4 },
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  });
}

/** Undefined: no CORS headers at all, so that browsers keep other origins out. */
export function corsOriginsOf({ context, config }: HttpApplicationOptions): '*' | string[] | undefined {
  const configured = config.corsOrigins;
  if (configured === undefined) return context.profile === 'development' ? '*' : undefined;
  if (configured.includes('*')) return '*';
  return configured.length === 0 ? undefined : [...configured];
}
