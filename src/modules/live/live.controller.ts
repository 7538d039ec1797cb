import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { EventBus } from '../../platform/events/event-bus.js';
import { Access, CurrentPrincipal, type Principal } from '../../platform/http/access.js';
import { Returns } from '../../platform/http/returns.decorator.js';
import { ShutdownState } from '../../platform/http/shutdown-state.js';
import { scopeToEnvironment } from '../auth/index.js';
import { permissionForEvent } from './event-permission.js';
import { EventStream } from './event-stream.js';
import { LiveMetrics } from './live.metrics.js';
import { liveQuery } from './live.schema.js';

const KEEP_ALIVE_MS = 15_000;
/** A stream is opened with rights that may since have been taken away: now and then it has to ask again. */
const LONGEST_STREAM_MS = 3_600_000;
/** How long a browser waits before it connects again. */
const RETRY_MS = 2_000;

@ApiTags('live')
@Controller('live')
export class LiveController {
  constructor(
    private readonly events: EventBus,
    private readonly shutdown: ShutdownState,
    private readonly metrics: LiveMetrics,
  ) {}

  /**
   * Begins now: `Last-Event-ID` is tolerated, but nothing is replayed. A page that connects again reads the current
   * state over the API first.
   */
  @Get()
  @Access('environments:read')
  @ApiOperation({
    operationId: 'streamLiveEvents',
    summary: 'Events as they happen, as server-sent events; the event name is the event type',
  })
  @ApiProduces('text/event-stream')
  @Returns(200, undefined, 'A stream that never ends by itself')
  stream(
    @Query({ schema: liveQuery }) query: z.output<typeof liveQuery>,
    @CurrentPrincipal() principal: Principal,
    @Res() reply: FastifyReply,
  ): void {
    const bound = principal.environmentId;
    const only = scopeToEnvironment(principal, query.environmentId);

    const stream = new EventStream(reply, () => stop());
    this.metrics.opened();
    const subscription = this.events.tail().subscribe({
      next: (event) => {
        // Events of no environment concern everybody, except tokens that were made for one.
        const concerned =
          only === undefined || event.environmentId === only || (event.environmentId === null && bound === null);
        if (!concerned || !principal.permissions.has(permissionForEvent(event.type))) return;
        stream.send({ id: event.id, event: event.type, data: event.payload });
      },
      error: () => stream.end(),
      complete: () => stream.end(),
    });
    const keepAlive = setInterval(() => stream.comment('keep-alive'), KEEP_ALIVE_MS).unref();
    const lifetime = setTimeout(() => stream.end(), LONGEST_STREAM_MS).unref();
    const forgetShutdown = this.shutdown.onBegin(() => stream.end());
    const stop = once(() => {
      clearInterval(keepAlive);
      clearTimeout(lifetime);
      subscription.unsubscribe();
      forgetShutdown();
      this.metrics.closed();
    });
    stream.retryAfter(RETRY_MS);
    stream.comment('connected');
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
