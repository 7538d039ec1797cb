import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { HTTP_OPTIONS, type HttpApplicationOptions } from './http-options.js';
import { ShutdownState } from './shutdown-state.js';

const POLL_MS = 20;

/**
 * The end of a process without a lost request: readiness turns 503, streams end, listeners close, and what is in
 * flight finishes within the deadline. Runs before any other module is destroyed.
 */
@Injectable()
export class HttpDrain {
  private readonly logger = new Logger(HttpDrain.name);
  private readonly servers = new Set<Server>();
  private inFlight = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly state: ShutdownState,
    @Inject(HTTP_OPTIONS) private readonly options: HttpApplicationOptions,
  ) {}

  attach(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (_request, reply, done) => {
      this.inFlight += 1;
      // Once, however the response ends: finished, aborted by the client, or hijacked.
      reply.raw.once('close', () => (this.inFlight -= 1));
      if (this.state.shuttingDown) void reply.header('Connection', 'close');
      done();
    });
  }

  watch(server: Server): void {
    this.servers.add(server);
  }

  run(): Promise<void> {
    this.running ??= this.drain();
    return this.running;
  }

  closeListeners(): void {
    for (const server of this.servers) {
      if (server.listening) server.close();
      server.closeIdleConnections();
    }
  }

  private async drain(): Promise<void> {
    const { shutdownDelaySeconds, shutdownDeadlineSeconds } = this.options.config;
    this.state.begin();
    if (this.servers.size === 0) return;
    if (shutdownDelaySeconds > 0) await sleep(shutdownDelaySeconds * 1000);
    this.closeListeners();
    const deadline = Date.now() + shutdownDeadlineSeconds * 1000;
    while (this.inFlight > 0 && Date.now() < deadline) await sleep(POLL_MS);
    if (this.inFlight > 0) {
      this.logger.warn({
        msg: `${this.inFlight} request(s) did not finish within ${shutdownDeadlineSeconds} s and are cut off`,
      });
    }
    for (const server of this.servers) server.closeAllConnections();
  }
}
