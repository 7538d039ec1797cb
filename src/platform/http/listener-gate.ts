import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { HttpApplicationOptions } from './http-options.js';

export type ListenerName = 'main' | 'metrics' | 'ai';

const LISTENER = Symbol('dsim.listener');

/** Ports of the extra listeners; undefined where their routes stay on the main one. */
export function extraPorts({ context, config }: HttpApplicationOptions): Record<'metrics' | 'ai', number | undefined> {
  const experimental = context.profile === 'experimental' && context.serves;
  const chosen = (configured: number | undefined, usual: number): number | undefined => {
    if (configured === undefined) return experimental ? usual : undefined;
    return configured === 0 ? undefined : configured;
  };
  return { metrics: chosen(config.metricsPort, 9001), ai: context.serves ? chosen(config.aiPort, 9002) : undefined };
}

/** Each route is served by exactly one listener; on the others it does not exist. */
export function addListenerGate(fastify: FastifyInstance, options: HttpApplicationOptions): void {
  const ports = extraPorts(options);
  if (ports.metrics === undefined && ports.ai === undefined) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    // The template of the matched route, not the address: `/%6Detrics` must not slip through.
    const route = request.routeOptions.url ?? '';
    let home: ListenerName = 'main';
    if (ports.metrics !== undefined && route === '/metrics') home = 'metrics';
    else if (ports.ai !== undefined && /^\/api\/v1\/ai(\/|$)/.test(route)) home = 'ai';
    if (listenerOf(request.raw) === home) done();
    else reply.callNotFound();
  });
}

/** Marks a request as having come in through an extra listener. */
export function tagListener(request: IncomingMessage, name: ListenerName): void {
  Object.assign(request, { [LISTENER]: name });
}

function listenerOf(request: IncomingMessage): ListenerName {
  return (request as IncomingMessage & { [LISTENER]?: ListenerName })[LISTENER] ?? 'main';
}
