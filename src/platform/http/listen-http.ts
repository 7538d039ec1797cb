import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import http, { type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { DomainError } from '../../kernel/errors.js';
import { answerClientError } from './early-errors.js';
import { tlsOf } from './http-adapter.js';
import { HttpDrain } from './http-drain.js';
import { HTTP_OPTIONS, type HttpApplicationOptions } from './http-options.js';
import { extraPorts, tagListener, type ListenerName } from './listener-gate.js';

export interface Listening {
  readonly name: ListenerName;
  /** `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly port: number;
}

const SETTING = { main: 'HTTP_PORT', metrics: 'HTTP_METRICS_PORT', ai: 'HTTP_AI_PORT' } as const;

export class PortNotAvailable extends DomainError {
  constructor(name: ListenerName, host: string, port: number, cause: NodeJS.ErrnoException) {
    const why =
      cause.code === 'EADDRINUSE'
        ? `is taken by another program. Stop that program or set ${SETTING[name]} to another port`
        : cause.code === 'EACCES'
          ? `may not be opened by this user. Set ${SETTING[name]} to a port above 1023`
          : `cannot be opened (${cause.message}). Check HTTP_HOST and ${SETTING[name]}`;
    super({ code: 'http.port_not_available', kind: 'unavailable', message: `Port ${port} on ${host} ${why}.`, cause });
  }
}

/** Opens every port of this process. Throws `http.port_not_available`, and then leaves none open. */
export async function listenHttp(app: NestFastifyApplication): Promise<readonly Listening[]> {
  const options = app.get<HttpApplicationOptions>(HTTP_OPTIONS, { strict: false });
  const { config } = options;
  const drain = app.get(HttpDrain, { strict: false });
  const scheme = config.tlsCertFile ? 'https' : 'http';
  const opened: Listening[] = [];
  const note = (name: ListenerName, server: Server): void => {
    const { port } = server.address() as AddressInfo;
    drain.watch(server);
    opened.push({ name, port, url: `${scheme}://${displayHost(config.host)}:${port}` });
  };
  // The extra ones first: until the main one listens, nobody takes us for ready.
  await app.init();
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  await fastify.ready();
  try {
    for (const [name, port] of Object.entries(extraPorts(options)) as ['metrics' | 'ai', number | undefined][]) {
      if (port !== undefined) note(name, await openExtra(fastify, name, port, options));
    }
    await app.listen(config.port, config.host).catch((error: NodeJS.ErrnoException) => {
      throw new PortNotAvailable('main', config.host, config.port, error);
    });
    note('main', fastify.server);
  } catch (error) {
    drain.closeListeners();
    throw error;
  }
  return opened.toReversed();
}

/** The same application behind another door: a request that comes in here is tagged and handed to Fastify. */
function openExtra(
  fastify: FastifyInstance,
  name: 'metrics' | 'ai',
  port: number,
  options: HttpApplicationOptions,
): Promise<Server> {
  const { host } = options.config;
  const handle: http.RequestListener = (request, response) => {
    tagListener(request, name);
    fastify.routing(request, response);
  };
  const tls = tlsOf(options.config);
  const server = tls ? https.createServer(tls, handle) : http.createServer(handle);
  server.on('clientError', answerClientError);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new PortNotAvailable(name, host, port, error)));
    server.listen(port, host, () => resolve(server));
  });
}

function displayHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
