import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';

/** Beyond this much unsent data a browser is too slow to be worth following. */
const MAX_BACKLOG_BYTES = 1_048_576;

export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Server-sent events (HTML Living Standard, section 9.2) on a reply that Fastify no longer looks after. */
export class EventStream {
  private readonly raw: ServerResponse;

  constructor(reply: FastifyReply, onClose: () => void) {
    this.raw = reply.raw;
    this.raw.once('close', onClose);
    reply.hijack();
    // Security and CORS headers that plugins have put on the reply.
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) this.raw.setHeader(name, value as string);
    }
    this.raw.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      Connection: 'keep-alive',
      // nginx holds a response back until its buffer is full unless told so.
      'X-Accel-Buffering': 'no',
    });
  }

  send({ id, event, data }: StreamedEvent): void {
    // JSON holds no line breaks, so that one data line is enough.
    this.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Ignored by clients; keeps proxies from taking the silence for a dead connection. */
  comment(text: string): void {
    this.write(`: ${text}\n\n`);
  }

  retryAfter(milliseconds: number): void {
    this.write(`retry: ${milliseconds}\n\n`);
  }

  end(): void {
    if (!this.raw.writableEnded) this.raw.end();
  }

  private write(chunk: string): void {
    if (this.raw.writableEnded || this.raw.destroyed) return;
    // A browser that stopped reading would grow our memory without end. It connects again by itself.
    if (this.raw.writableLength > MAX_BACKLOG_BYTES) {
      this.raw.destroy();
      return;
    }
    this.raw.write(chunk);
  }
}
