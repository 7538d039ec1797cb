import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';

/** Larger answers are not worth hashing on every poll. */
const LARGEST_TAGGED_BYTES = 2_097_152;

/**
 * Weak entity tags on JSON answers to GET (RFC 9110, sections 8.8.3 and 13.1.2): whoever polls with `If-None-Match`
 * gets 304 without a body while nothing has changed.
 */
export function addEntityTags(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (
      request.method !== 'GET' ||
      reply.statusCode !== 200 ||
      typeof payload !== 'string' ||
      payload.length > LARGEST_TAGGED_BYTES ||
      reply.hasHeader('etag') ||
      !String(reply.getHeader('content-type') ?? '').startsWith('application/json') ||
      String(reply.getHeader('cache-control') ?? '').includes('no-store')
    ) {
      done(null, payload);
      return;
    }
    const tag = `W/"${createHash('sha1').update(payload).digest('base64url')}"`;
    void reply.header('ETag', tag);
    // Answers depend on who asks, and must be asked for again each time.
    if (!reply.hasHeader('cache-control')) void reply.header('Cache-Control', 'private, no-cache');
    if (!matches(request.headers['if-none-match'], tag)) {
      done(null, payload);
      return;
    }
    void reply.code(304).removeHeader('content-length').removeHeader('content-type');
    done(null, '');
  });
}

function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const opaque = tag.replace(/^W\//, '');
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === opaque);
}
