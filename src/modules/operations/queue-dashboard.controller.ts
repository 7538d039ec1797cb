import { All, Controller, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Access } from '../../platform/http/access.js';
import { QueueDashboard } from './queue-dashboard.js';

/** What bull-board's page needs beyond our own policy: it styles elements inline. Scripts stay ours alone. */
const DASHBOARD_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/** Nothing here calls out: the page does well with the fonts of the system. */
const FOREIGN_STYLESHEET = /<link href="https:[^>]*rel="stylesheet">/g;

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);

@ApiExcludeController()
@Controller('queues/dashboard')
@Access('admin')
export class QueueDashboardController {
  constructor(private readonly dashboard: QueueDashboard) {}

  @All(['', '*'])
  async serve(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const board = await this.dashboard.board();
    const { accept, 'accept-language': language } = request.headers;
    const hasBody = request.body !== undefined && request.body !== null;
    const answer = await board.inject({
      method: request.method as HTTPMethods & ('GET' | 'POST' | 'PUT'),
      url: request.url,
      headers: { ...(accept ? { accept } : {}), ...(language ? { 'accept-language': language } : {}) },
      ...(hasBody ? { payload: request.body as object } : {}),
    });
    void reply.code(answer.statusCode);
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !HOP_BY_HOP.has(name)) void reply.header(name, value);
    }
    const isPage = String(answer.headers['content-type'] ?? '').startsWith('text/html');
    const body = isPage ? answer.payload.replace(FOREIGN_STYLESHEET, '') : answer.rawPayload;
    void reply.header('Content-Security-Policy', DASHBOARD_POLICY).send(body);
  }
}
