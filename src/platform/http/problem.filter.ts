import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorLogLevel } from '../../kernel/errors.js';
import { PROBLEM_MEDIA_TYPE, answerFor } from './problem.js';

/** Every failure of a request leaves through here, as an RFC 9457 problem. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const path = (request.url ?? '').split('?', 1)[0]!;
    const { problem, headers, logLevel } = answerFor(error, { path, id: request.id });

    this.log(logLevel, {
      msg: `${request.method} ${path} failed: ${error instanceof Error ? error.message : String(error)}`,
      code: problem.code,
      status: problem.status,
      // A stack is worth its length only where we are surprised.
      ...(logLevel === 'error' ? { err: error } : {}),
    });
    // A stream that was already begun (server-sent events, a hijacked reply) can only be cut.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    void reply
      .code(problem.status)
      .headers(headers)
      .header('Cache-Control', 'no-store')
      .type(`${PROBLEM_MEDIA_TYPE}; charset=utf-8`)
      .send(JSON.stringify(problem));
  }

  private log(level: ErrorLogLevel, entry: object): void {
    if (level === 'error') this.logger.error(entry);
    else if (level === 'warn') this.logger.warn(entry);
    else if (level === 'info') this.logger.log(entry);
    else this.logger.debug(entry);
  }
}
