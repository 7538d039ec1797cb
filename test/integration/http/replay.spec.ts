import {
  Body,
  Controller,
  Get,
  Injectable,
  Module,
  Post,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cache } from '../../../src/platform/cache/cache.js';
import { Returns } from '../../../src/platform/http/returns.decorator.js';
import { bootApplication } from './support/application.js';

class MapCache extends Cache {
  readonly entries = new Map<string, string>();

  override async get<T>(key: string): Promise<T | undefined> {
    const text = this.entries.get(key);
    // A server takes its time to answer, and meanwhile answers others.
    await sleep(5);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  override set(key: string, value: unknown): Promise<void> {
    this.entries.set(key, JSON.stringify(value));
    return Promise.resolve();
  }

  override add(key: string, value: unknown): Promise<boolean> {
    if (this.entries.has(key)) return Promise.resolve(false);
    return this.set(key, value).then(() => true);
  }

  override delete(key: string): Promise<void> {
    this.entries.delete(key);
    return Promise.resolve();
  }

  override wrap<T>(_key: string, _ttlMs: number, load: () => Promise<T>): Promise<T> {
    return load();
  }
}

let calls = 0;
let value = 1;

@Controller('things')
class ThingsController {
  @Get()
  read(): { value: number } {
    return { value };
  }

  @Post()
  @Returns(201)
  async create(@Body() body: { name?: string }): Promise<{ number: number; token: string }> {
    calls += 1;
    const number = calls;
    await sleep(30);
    if (body.name === 'fail') throw new Error('no');
    return { number, token: 'shown-once' };
  }

  @Post('empty')
  @Returns(202)
  empty(): void {
    calls += 1;
  }
}

@Injectable()
class CallerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; principal?: object }>();
    const id = request.headers['x-caller'] ?? 'ada';
    request.principal = { kind: 'user', id, name: id, permissions: new Set(), environmentId: null };
    return true;
  }
}

const cache = new MapCache();

@Module({
  controllers: [ThingsController],
  providers: [
    { provide: APP_GUARD, useClass: CallerGuard },
    { provide: Cache, useValue: cache },
  ],
  exports: [Cache],
})
class ThingsModule {}

describe('Idempotency-Key', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await bootApplication({ module: ThingsModule, global: true });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    calls = 0;
    cache.entries.clear();
  });

  const create = (
    key: string | undefined,
    payload: object,
    more: Record<string, string> = {},
    url = '/api/v1/things',
  ) => app.inject({ method: 'POST', url, payload, headers: { ...(key ? { 'idempotency-key': key } : {}), ...more } });

  it('gives the first answer again without acting again', async () => {
    const first = await create('k1', { name: 'a' });
    const again = await create('k1', { name: 'a' });
    expect([first.statusCode, again.statusCode]).toEqual([201, 201]);
    expect(again.json()).toEqual(first.json());
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(calls).toBe(1);
  });

  it('replays an answer without a body', async () => {
    await create('k1', {}, {}, '/api/v1/things/empty');
    const again = await create('k1', {}, {}, '/api/v1/things/empty');
    expect([again.statusCode, again.body, calls]).toEqual([202, '', 1]);
  });

  it('refuses the key with another body', async () => {
    await create('k1', { name: 'a' });
    const other = await create('k1', { name: 'b' });
    expect([other.statusCode, other.json().code, calls]).toEqual([409, 'http.idempotency_key_reused', 1]);
  });

  it('keeps callers and routes apart', async () => {
    await create('k1', { name: 'a' });
    await create('k1', { name: 'a' }, { 'x-caller': 'grace' });
    await create('k1', { name: 'a' }, {}, '/api/v1/things/empty');
    expect(calls).toBe(3);
  });

  it('acts once when the same request arrives twice at once', async () => {
    const answers = await Promise.all([create('k1', { name: 'a' }), create('k1', { name: 'a' })]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
    expect(calls).toBe(1);
  });

  it('acts once when the same request reaches two processes at once', async () => {
    const other = await bootApplication({ module: ThingsModule, global: true });
    const request = {
      method: 'POST',
      url: '/api/v1/things',
      payload: { name: 'a' },
      headers: { 'idempotency-key': 'k1' },
    } as const;
    const answers = await Promise.all([app.inject(request), other.inject(request)]);
    const again = await other.inject(request);
    await other.close();
    expect(calls).toBe(1);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
    const refused = answers.find(({ statusCode }) => statusCode === 409)!;
    expect(refused.json().code).toBe('http.idempotent_request_running');
    expect(refused.headers['retry-after']).toBe('1');
    expect([again.statusCode, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
  });

  it('lets a request that failed be tried again', async () => {
    expect((await create('k1', { name: 'fail' })).statusCode).toBe(500);
    expect((await create('k1', { name: 'fail' })).statusCode).toBe(500);
    expect(calls).toBe(2);
  });

  it('acts every time without a key, and refuses an unfit one', async () => {
    await create(undefined, {});
    await create(undefined, {});
    expect(calls).toBe(2);
    expect((await create('a b', {})).statusCode).toBe(400);
    expect((await create('x'.repeat(256), {})).statusCode).toBe(400);
  });

  it('keeps neither key nor answer in clear', async () => {
    await create('very-secret-key', { name: 'a' });
    const kept = JSON.stringify([...cache.entries]);
    expect(kept).not.toContain('shown-once');
    expect(kept).not.toContain('very-secret-key');
  });
});

describe('ETag', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await bootApplication({ module: ThingsModule, global: true });
  });
  afterAll(() => app.close());

  it('answers 304 until the content changes', async () => {
    value = 1;
    const read = (tag?: string) =>
      app.inject({ method: 'GET', url: '/api/v1/things', headers: tag ? { 'if-none-match': tag } : {} });
    const first = await read();
    const tag = String(first.headers.etag);
    expect(tag).toMatch(/^W\/".+"$/);
    const unchanged = await read(`"other", ${tag}`);
    expect([unchanged.statusCode, unchanged.body, unchanged.headers.etag]).toEqual([304, '', tag]);
    value = 2;
    const changed = await read(tag);
    expect([changed.statusCode, changed.json()]).toEqual([200, { value: 2 }]);
  });
});
