import { Controller, Get, Injectable, Post, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SkipRateLimit } from '../../../src/platform/http/access.js';
import { bootApplication, testOptions } from './support/application.js';

@Controller()
class LimitedController {
  @Get('counted')
  counted(): string {
    return 'ok';
  }

  @Post('write')
  @SkipRateLimit()
  write(): string {
    return 'ok';
  }

  @Post('auth/login')
  login(): string {
    return 'ok';
  }
}

/** Stands for the guard of the auth module: the header names the caller. */
@Injectable()
class NamingGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; principal?: object }>();
    const name = request.headers['x-caller'];
    if (name) request.principal = { kind: 'user', id: name, name, permissions: new Set(), environmentId: null };
    return name !== 'stranger';
  }
}

class LimitedModule {
  static register() {
    return {
      module: LimitedModule,
      controllers: [LimitedController],
      providers: [{ provide: APP_GUARD, useClass: NamingGuard }],
    };
  }
}

describe('rate limits', () => {
  let app: NestFastifyApplication;
  afterEach(() => app.close());

  const boot = async (rateLimit: object): Promise<void> => {
    app = await bootApplication(LimitedModule.register(), testOptions({ rateLimit }));
  };
  const send = async (method: 'GET' | 'POST', url: string, caller?: string): Promise<number> =>
    (await app.inject({ method, url, headers: caller ? { 'x-caller': caller } : {} })).statusCode;

  it('counts each principal by itself and answers 429 as a problem with Retry-After', async () => {
    await boot({ perPrincipalPerMinute: 2 });
    expect(await send('GET', '/api/v1/counted', 'ada')).toBe(200);
    expect(await send('GET', '/api/v1/counted', 'ada')).toBe(200);
    const refused = await app.inject({ method: 'GET', url: '/api/v1/counted', headers: { 'x-caller': 'ada' } });
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'http.rate_limited', status: 429 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await send('GET', '/api/v1/counted', 'grace')).toBe(200);
  });

  it('counts an address before anybody is identified, refused callers included', async () => {
    await boot({ perAddressPerMinute: 3 });
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await send('GET', '/api/v1/counted', 'stranger')).toBe(403);
    expect(await send('GET', '/api/v1/counted', 'stranger')).toBe(429);
  });

  it('never limits a route that is exempt', async () => {
    await boot({ perAddressPerMinute: 1, perPrincipalPerMinute: 1 });
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await send('POST', '/api/v1/write', 'prometheus')).toBe(201);
  });

  it('is stricter where passwords are tried', async () => {
    await boot({ loginPerMinute: 2 });
    expect(await send('POST', '/api/v1/auth/login')).toBe(201);
    expect(await send('POST', '/api/v1/auth/login')).toBe(201);
    expect(await send('POST', '/api/v1/auth/login')).toBe(429);
    expect(await send('GET', '/api/v1/counted', 'ada')).toBe(200);
  });

  it('can be turned off', async () => {
    await boot({ enabled: false, perAddressPerMinute: 1 });
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await send('GET', '/api/v1/counted', 'ada')).toBe(200);
  });
});
