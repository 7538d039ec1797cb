import { Injectable, Optional, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { from, of, switchMap, throwError, catchError, type Observable } from 'rxjs';
import { Cache } from '../cache/cache.js';
import { PUBLIC_ROUTE, SKIP_RATE_LIMIT, type Principal } from './access.js';
import { IdempotencyKeyReusedError, IdempotentRequestRunningError, InvalidRequestError } from './http.errors.js';
import { openSealed, seal } from './sealed-text.js';

const HEADER = 'idempotency-key';
const KEEP_MS = 24 * 3_600_000;
/** A first request that died without an answer blocks its key no longer than this. */
const RUNNING_MS = 60_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

type Stored =
  | { readonly state: 'running'; readonly fingerprint: string }
  | { readonly state: 'done'; readonly fingerprint: string; readonly status: number; readonly sealedBody: string };

/**
 * `Idempotency-Key` on POST (draft-ietf-httpapi-idempotency-key-header): the same key of the same caller on the same
 * route gets the first answer again, for a day. Only successes are kept; a request that failed may be tried again.
 * Kept in the cache: where that is the memory of one process, the promise holds within that process.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  /** Those of this process: also while the cache cannot be reached, none acts twice at the same moment. */
  private readonly running = new Set<string>();

  constructor(
    private readonly reflector: Reflector,
    @Optional() private readonly cache?: Cache,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest & { principal?: Principal }>();
    const key = request.headers[HEADER];
    const { cache } = this;
    if (request.method !== 'POST' || key === undefined || !cache || !this.applies(context)) return next.handle();
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new InvalidRequestError([
        { path: 'Idempotency-Key', message: 'Must be 1 to 255 visible ASCII characters.' },
      ]);
    }

    const owner = `${request.principal?.kind ?? 'none'}:${request.principal?.id ?? ''}`;
    const path = request.url.split('?', 1)[0]!;
    const cacheKey = `http:idempotency:${digest(owner, path, key)}`;
    const fingerprint = digest(request.url, fingerprintOf(request.body));

    if (this.running.has(cacheKey)) throw new IdempotentRequestRunningError();
    this.running.add(cacheKey);
    try {
      const first = await cache.add(cacheKey, { state: 'running', fingerprint } satisfies Stored, RUNNING_MS);
      if (!first) {
        const stored = await cache.get<Stored>(cacheKey);
        // The first one failed and took its note away just now.
        if (!stored) throw new IdempotentRequestRunningError();
        if (stored.fingerprint !== fingerprint) throw new IdempotencyKeyReusedError();
        if (stored.state === 'running') throw new IdempotentRequestRunningError();
        const reply = context.switchToHttp().getResponse<FastifyReply>();
        void reply.code(stored.status).header('Idempotency-Replayed', 'true');
        this.running.delete(cacheKey);
        const body = openSealed(stored.sealedBody, key);
        return of(body === '' ? undefined : (JSON.parse(body) as unknown));
      }
    } catch (error) {
      this.running.delete(cacheKey);
      throw error;
    }

    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const keep = async (body: unknown): Promise<unknown> => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const stored: Stored = { state: 'done', fingerprint, status: reply.statusCode, sealedBody: seal(text, key) };
      await cache.set(cacheKey, stored, KEEP_MS).finally(() => this.running.delete(cacheKey));
      return body;
    };
    const forget = async (): Promise<void> => {
      await cache.delete(cacheKey).finally(() => this.running.delete(cacheKey));
    };
    return next.handle().pipe(
      switchMap((body) => from(keep(body))),
      catchError((error: unknown) =>
        from(forget().catch(() => undefined)).pipe(switchMap(() => throwError(() => error))),
      ),
    );
  }

  /** Ingestion is idempotent by itself, and signing in must never be replayed. */
  private applies(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    return (
      this.reflector.getAllAndOverride<boolean>(PUBLIC_ROUTE, targets) !== true &&
      this.reflector.getAllAndOverride<boolean>(SKIP_RATE_LIMIT, targets) !== true
    );
  }
}

/** A file has no business being spelled out in JSON. */
function fingerprintOf(body: unknown): string {
  if (Buffer.isBuffer(body)) return createHash('sha256').update(body).digest('base64url');
  return JSON.stringify(body ?? null);
}

function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('base64url');
}
