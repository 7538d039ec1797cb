import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { postJson } from './http-post.js';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

function post(url: string, changes: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  return postJson({ url, body: '{}', timeoutMs: 2_000, signal: new AbortController().signal, ...changes });
}

describe('postJson', () => {
  it.each([
    [200, 'delivered', undefined],
    [204, 'delivered', undefined],
    [400, 'permanent-failure', 'client_error'],
    [401, 'permanent-failure', 'client_error'],
    [408, 'retryable-failure', 'client_error'],
    [410, 'permanent-failure', 'gone'],
    [429, 'retryable-failure', 'rate_limited'],
    [500, 'retryable-failure', 'server_error'],
    [503, 'retryable-failure', 'server_error'],
  ])('answers %i with %s', async (status, outcome, reason) => {
    const url = await serve((_, response) => response.writeHead(status).end());
    expect(await post(`${url}/secret-path`)).toEqual(
      outcome === 'delivered' ? { outcome } : { outcome, reason, detail: `${url} answered ${status}` },
    );
  });

  it('never follows a redirect', async () => {
    let reached = 0;
    const other = await serve((_, response) => {
      reached++;
      response.end();
    });
    const url = await serve((_, response) => response.writeHead(307, { Location: other }).end());
    expect(await post(url)).toMatchObject({ outcome: 'permanent-failure', reason: 'redirect' });
    expect(reached).toBe(0);
  });

  it.each([
    ['7', 7_000],
    ['999999', 3_600_000],
    ['0', undefined],
    ['soon', undefined],
    ['-5', undefined],
  ])('reads Retry-After: %s', async (header, retryAfterMs) => {
    const url = await serve((_, response) => response.writeHead(429, { 'Retry-After': header }).end());
    expect(await post(url)).toEqual({
      outcome: 'retryable-failure',
      reason: 'rate_limited',
      detail: `${url} answered 429`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  });

  it('reads Retry-After as a date, by the clock of the sender', async () => {
    const url = await serve((_, response) =>
      response
        .writeHead(503, { Date: 'Tue, 03 Nov 2026 14:00:00 GMT', 'Retry-After': 'Tue, 03 Nov 2026 14:02:00 GMT' })
        .end(),
    );
    expect(await post(url)).toMatchObject({ reason: 'server_error', retryAfterMs: 120_000 });
  });

  it('keeps the beginning of what the receiver said, on one line', async () => {
    const url = await serve((_, response) => response.writeHead(400).end(`bad\n\tlabel \u0007${'x'.repeat(100_000)}`));
    const outcome = await post(url);
    const detail = outcome.outcome === 'delivered' ? '' : outcome.detail;
    expect(detail.slice(0, 50)).toContain('answered 400: bad label xx');
    expect(detail.length).toBeLessThan(260);
  });

  it('gives up on a slow receiver', async () => {
    const url = await serve(() => undefined);
    expect(await post(url, { timeoutMs: 100 })).toEqual({
      outcome: 'retryable-failure',
      reason: 'timeout',
      detail: `no answer from ${url} within 0.1 s`,
    });
  });

  it('says when the process stopped in between', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort());
    expect(await post(url, { signal: stop.signal })).toMatchObject({
      outcome: 'retryable-failure',
      reason: 'interrupted',
    });
  });

  it('says why nobody answered, without the path', async () => {
    const url = await serve(() => undefined);
    const server = servers.pop()!;
    await new Promise((resolve) => server.close(resolve));
    expect(await post(`${url}/secret-path`)).toEqual({
      outcome: 'retryable-failure',
      reason: 'connection',
      detail: `cannot reach ${url}: ECONNREFUSED`,
    });
  });
});
