import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '../../kernel/ids.js';
import { PROBLEM_MEDIA_TYPE, answerFor } from './problem.js';

const PROBLEM_TYPE = `${PROBLEM_MEDIA_TYPE}; charset=utf-8`;

/** Fastify's router refuses some addresses before any hook or filter runs. */
export function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const path = (request.url ?? '').split('?', 1)[0]!;
  const tooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
  const cause = tooLong ? refusal(414, 'A part of the address is too long. No id or name of ours is.') : error;
  const { problem, headers } = answerFor(cause, { path, id: request.id });
  reply.raw.setHeader('X-Request-Id', request.id);
  void reply
    .code(problem.status)
    .headers({ ...headers, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem));
}

/** Node could not even read the request: there is no path and no reply object, only the socket. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { problem } = answerFor(clientRefusal(error.code), { path: '', id: newId() });
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? 'Error'}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${problem.requestId}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function clientRefusal(code: string | undefined): Error {
  if (code === 'HPE_HEADER_OVERFLOW')
    return refusal(431, 'Address and headers together are too long. Ask for less at once, or send fewer cookies.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusal(408, 'The request did not arrive in time. Send it again.');
  return refusal(400, 'This is no valid HTTP/1.1 request. Does the client speak TLS to a port without it?');
}

function refusal(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}
