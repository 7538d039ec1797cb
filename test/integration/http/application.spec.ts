import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATUS_OF_KIND, problemSchema } from '../../../src/platform/http/problem.js';
import { bootApplication, testOptions } from './support/application.js';
import { ProbeModule } from './support/probe.module.js';

describe('the HTTP application', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await bootApplication(ProbeModule, testOptions({ bodyLimitBytes: 2_000, binaryBodyLimitBytes: 4_000 }));
  });
  afterAll(() => app.close());

  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });
  const post = (url: string, payload: string | Buffer | object, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url, payload, headers });

  it('serves routes under the prefix only', async () => {
    expect((await get('/api/v1/probe')).json()).toEqual({ hello: 'world' });
    expect((await get('/probe')).statusCode).toBe(404);
  });

  it('answers an unknown route with a problem', async () => {
    const response = await get('/api/v1/nowhere?secret=1', { 'x-request-id': 'abc-1' });
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(problemSchema.parse(response.json())).toMatchObject({
      code: 'http.not_found',
      status: 404,
      instance: '/api/v1/nowhere',
      requestId: 'abc-1',
    });
  });

  it.each(Object.entries(STATUS_OF_KIND))('maps %s to %i', async (kind, status) => {
    const response = await get(`/api/v1/probe/fail/${kind}`);
    expect(response.statusCode).toBe(status);
    const problem = problemSchema.parse(response.json());
    expect(problem.code).toBe('probe.failed');
    expect(problem.detail).toBe(
      kind === 'internal'
        ? 'Something went wrong on our side. The request id leads to the log entry.'
        : `Failed as ${kind}.`,
    );
    expect(response.headers['www-authenticate'] !== undefined).toBe(status === 401);
    expect(response.headers['retry-after'] !== undefined).toBe(status === 503 || status === 429);
  });

  it('leaks nothing of an unexpected error', async () => {
    const response = await get('/api/v1/probe/crash');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret internals');
  });

  it.each(['ECONNREFUSED', '57P01', '08006', '53300'])('answers 503 when a dependency fails with %s', async (code) => {
    const response = await get(`/api/v1/probe/outage/${code}`);
    expect(response.statusCode).toBe(503);
    expect(response.json().code).toBe('http.dependency_unavailable');
    expect(response.body).not.toContain('10.0.0.1');
    expect(response.headers['retry-after']).toBe('2');
  });

  it('does not take a bad statement for an outage', async () => {
    expect((await get('/api/v1/probe/outage/42P01')).statusCode).toBe(500);
  });

  it('names every bad field of a body', async () => {
    const response = await post('/api/v1/probe/validated', { series: [{ samples: 1 }, { samples: 'x' }] });
    expect(response.statusCode).toBe(400);
    expect(
      response
        .json()
        .errors.map((error: { path: string }) => error.path)
        .sort(),
    ).toEqual(['name', 'series[1].samples']);
  });

  it('names a bad path parameter and a bad query field', async () => {
    expect((await get('/api/v1/probe/items/7')).json().errors[0].path).toBe('id');
    const id = '019a0000-0000-7000-8000-000000000000';
    expect((await get(`/api/v1/probe/items/${id}?limit=99`)).json().errors[0].path).toBe('limit');
    expect((await get(`/api/v1/probe/items/${id}?limit=9`)).json()).toEqual({ id, limit: 9 });
  });

  it.each([
    ['malformed JSON', '{"name":', 400],
    ['a body over the limit', JSON.stringify({ name: 'x'.repeat(3_000) }), 413],
  ])('refuses %s', async (_what, payload, status) => {
    const response = await post('/api/v1/probe/validated', payload, { 'content-type': 'application/json' });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
  });

  it('takes an empty body for none, whatever media type it names', async () => {
    const response = await post('/api/v1/probe/optional', '', { 'content-type': 'application/json' });
    expect(response.statusCode).toBe(200);
    const needed = await post('/api/v1/probe/validated', '', { 'content-type': 'application/json' });
    expect(needed.json().code).toBe('http.invalid_request');
  });

  it('refuses JSON that would change a prototype', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await post('/api/v1/probe/optional', '{"__proto__":{"a":1}}', headers)).statusCode).toBe(400);
  });

  it.each([
    ['a parameter that is too long', `/api/v1/probe/items/${'x'.repeat(600)}`, 414],
    ['an address that cannot be decoded', '/api/v1/probe/items/%zz', 400],
  ])('answers %s with a problem', async (_what, path, status) => {
    const response = await get(path, { 'x-request-id': 'early-1' });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.headers['x-request-id']).toBe('early-1');
    expect(problemSchema.parse(response.json())).toMatchObject({ status, requestId: 'early-1' });
  });

  it('refuses an unknown media type with 415', async () => {
    const response = await post('/api/v1/probe/validated', 'x', { 'content-type': 'application/x-unknown' });
    expect(response.statusCode).toBe(415);
    expect(response.json().code).toBe('http.unsupported_media_type');
  });

  it('hands protobuf over as bytes whatever its parameters and encoding say, up to its own limit', async () => {
    const headers = {
      'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
      'content-encoding': 'snappy',
    };
    expect((await post('/api/v1/probe/binary', Buffer.alloc(3_000, 1), headers)).json()).toEqual({
      buffer: true,
      length: 3_000,
    });
    expect((await post('/api/v1/probe/binary', Buffer.alloc(5_000, 1), headers)).statusCode).toBe(413);
  });

  it("returns the caller's request id, or one of its own where that is unfit", async () => {
    expect((await get('/api/v1/probe', { 'x-request-id': 'trace-42' })).headers['x-request-id']).toBe('trace-42');
    for (const unfit of ['a b', 'x'.repeat(129), '<script>', '']) {
      const id = (await get('/api/v1/probe', { 'x-request-id': unfit })).headers['x-request-id'];
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('keeps request id and trace id through the asynchronous work of a request, body or not', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'x-request-id': 'r-1', traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    expect((await get('/api/v1/probe/context', headers)).json()).toEqual({ requestId: 'r-1', traceId });
    expect((await post('/api/v1/probe/context', { a: 1 }, headers)).json().context).toEqual({
      requestId: 'r-1',
      traceId,
    });
  });

  it('compresses what is worth it', async () => {
    const large = await get('/api/v1/probe/large', { 'accept-encoding': 'gzip' });
    expect(large.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(large.rawPayload).toString()).text).toHaveLength(5_000);
    expect((await get('/api/v1/probe', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
  });

  it('sends a strict content security policy', async () => {
    const policy = String((await get('/api/v1/probe')).headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  it('serves the manual and its source, with a policy under which the manual can style itself', async () => {
    const manual = await get('/api/docs');
    expect(manual.statusCode).toBe(200);
    expect(manual.headers['content-security-policy']).toContain("style-src 'self' 'unsafe-inline'");
    expect(manual.headers['content-security-policy']).toContain("script-src 'self';");
    for (const [, path] of manual.body.matchAll(/src="\.\/(docs\/[^"]+)"/g)) {
      expect((await get(`/api/${path}`)).statusCode, path).toBe(200);
    }
    const document = (await get('/api/openapi.json')).json() as { paths: object; components: { schemas: object } };
    expect(Object.keys(document.paths)).toContain('/api/v1/probe/validated');
    expect(document.components.schemas).toHaveProperty('Problem');
  });

  it('documents a body as optional where an empty one is taken', async () => {
    const { paths } = (await get('/api/openapi.json')).json() as {
      paths: Record<string, { post: { requestBody: { required?: boolean } } }>;
    };
    expect(paths['/api/v1/probe/note']!.post.requestBody.required).toBe(false);
    expect(paths['/api/v1/probe/validated']!.post.requestBody.required).toBe(true);
    expect((await app.inject({ method: 'POST', url: '/api/v1/probe/note' })).statusCode).toBe(200);
  });

  it('opens CORS in development and closes it in production', async () => {
    const headers = { origin: 'http://elsewhere.example' };
    expect((await get('/api/v1/probe', headers)).headers['access-control-allow-origin']).toBe('*');
    const options = testOptions();
    const closed = await bootApplication(ProbeModule, {
      ...options,
      context: { ...options.context, profile: 'production' },
    });
    const response = await closed.inject({ method: 'GET', url: '/api/v1/probe', headers });
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
    await closed.close();
  });
});
