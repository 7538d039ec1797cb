import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { runWithRequestContext, type RequestContext } from '../observability/request-context.js';
import type { Principal } from './access.js';
import { observeRequest } from './http-metrics.js';
import { traceIdOf } from './traceparent.js';

const CONTEXT = Symbol('dsim.requestContext');

type TrackedRequest = FastifyRequest & { [CONTEXT]?: RequestContext; principal?: Principal };

/** Requests whose log line would only be noise: probes and scrapes come every few seconds for ever. */
const QUIET = /^\/(health\/|metrics$)/;

/**
 * Correlation: every request has an id that is returned in `X-Request-Id`, stands in every log line written on its
 * behalf, and in the one line that closes it.
 */
export function addRequestHooks(fastify: FastifyInstance): void {
  const logger = new Logger('Http');

  fastify.addHook('onRequest', (request, reply, done) => {
    const traceId = traceIdOf(request.headers.traceparent);
    const context: RequestContext = traceId ? { requestId: request.id, traceId } : { requestId: request.id };
    (request as TrackedRequest)[CONTEXT] = context;
    // On the raw response, so that hijacked replies (server-sent events) carry it too.
    reply.raw.setHeader('X-Request-Id', request.id);
    runWithRequestContext(context, done);
  });

  // Reading a body leaves the asynchronous context of the hook above: its events belong to the socket.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const context = (request as TrackedRequest)[CONTEXT];
    if (context && request.body !== undefined) runWithRequestContext(context, done);
    else done();
  });

  fastify.addHook('onResponse', (request, reply, done) => {
    const context = (request as TrackedRequest)[CONTEXT] ?? { requestId: request.id };
    const route = routeOf(request);
    // A stream lasts as long as its reader likes; its time says nothing about us.
    const streamed = String(reply.raw.getHeader('content-type') ?? '').startsWith('text/event-stream');
    if (!streamed) observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    runWithRequestContext(context, () => {
      const entry = logEntry(request, reply, route);
      if (QUIET.test(route)) logger.debug(entry);
      else logger.log(entry);
    });
    done();
  });
}

/** Template of the matched route (`/api/v1/incidents/:id`), so that neither metrics nor names grow with data. */
export function routeOf(request: FastifyRequest): string {
  return request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');
}

function logEntry(request: FastifyRequest, reply: FastifyReply, route: string): object {
  // The query stays out: it may hold what a caller should not have put there.
  const path = request.url.split('?', 1)[0]!;
  const durationMs = Math.round(reply.elapsedTime * 10) / 10;
  return {
    msg: `${request.method} ${path} ${reply.statusCode} ${durationMs} ms`,
    http: {
      method: request.method,
      path,
      route,
      status: reply.statusCode,
      durationMs,
      ip: request.ip,
      principal: (request as TrackedRequest).principal?.name,
    },
  };
}
