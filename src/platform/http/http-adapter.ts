import { readFileSync } from 'node:fs';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import { newId } from '../../kernel/ids.js';
import { answerClientError, answerFrameworkError } from './early-errors.js';
import type { HttpConfig } from './http-options.js';

/** What a caller may choose as its own correlation id; anything else is replaced, never echoed. */
const REQUEST_ID = /^[A-Za-z0-9._~:@+=/-]{1,128}$/;

/** Seconds an idle connection is kept; above the 60 s of common load balancers, so that they close first. */
const KEEP_ALIVE_MS = 72_000;

export function createHttpAdapter(config: HttpConfig): FastifyAdapter {
  const options: FastifyServerOptions = {
    logger: false,
    trustProxy: trustProxyOf(config.trustProxy) as boolean | string,
    bodyLimit: config.bodyLimitBytes,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Fastify answers requests during close() with its own body; the drain (drain.ts) comes before that.
    return503OnClosing: false,
    forceCloseConnections: true,
    requestIdHeader: false,
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
    },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
  };
  const https = tlsOf(config);
  return new FastifyAdapter(https ? ({ ...options, https } as FastifyServerOptions) : options);
}

export function tlsOf(config: HttpConfig): { cert: Buffer; key: Buffer } | undefined {
  if (!config.tlsCertFile && !config.tlsKeyFile) return undefined;
  if (!config.tlsCertFile || !config.tlsKeyFile) {
    throw new Error('TLS needs both http.tlsCertFile and http.tlsKeyFile. Set the missing one, or neither.');
  }
  return { cert: readFileSync(config.tlsCertFile), key: readFileSync(config.tlsKeyFile) };
}

/** The environment knows only text: `true`, `2` and `10.0.0.0/8` all arrive as strings. */
export function trustProxyOf(value: HttpConfig['trustProxy']): boolean | number | string {
  if (typeof value !== 'string') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return /^\d+$/.test(value) ? Number(value) : value;
}
