import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTracing, type Tracing } from '../../../src/platform/observability/tracing.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const CALLER_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER_SPAN = '00f067aa0ba902b7';

describe('tracing', () => {
  const received: { path: string; headers: Record<string, unknown>; body: ExportRequest }[] = [];
  let collector: Server;
  let tracing: Tracing;
  let app: INestApplication;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    collector = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        received.push({ path: request.url!, headers: request.headers, body: JSON.parse(text) as ExportRequest });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    tracing = await startTracing({
      endpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`,
      headers: { 'x-tenant': 'demo' },
      serviceName: 'devops-simulator',
      serviceVersion: '0.0.0-test',
      process: 'api',
      sampleRatio: 1,
    });

    // Only now, as in the product: what loads earlier is not instrumented.
    const { Controller, Get, Module } = await import('@nestjs/common');
    const { createTestDatabase } = await import('../../support/database.js');
    const { createHttpApplication } = await import('../../../src/platform/http/create-http-application.js');
    const { listenHttp } = await import('../../../src/platform/http/listen-http.js');
    const { testOptions } = await import('./support/application.js');
    const database = await createTestDatabase({ empty: true });
    drop = () => database.close();

    @Controller()
    class TracedController {
      @Get('answer/:id')
      async answer(): Promise<unknown> {
        return database.query('SELECT 42 AS answer');
      }

      @Get('health/live')
      live(): string {
        return 'live';
      }
    }

    @Module({ controllers: [TracedController] })
    class TracedModule {}

    app = await createHttpApplication(TracedModule, testOptions());
    const [main] = await listenHttp(app as never);
    await fetch(`${main!.url}/health/live`);
    const response = await fetch(`${main!.url}/api/v1/answer/7?token=hidden`, {
      headers: { traceparent: `00-${CALLER_TRACE}-${CALLER_SPAN}-01` },
    });
    expect(await response.json()).toEqual([{ answer: 42 }]);
    await app.close();
    await tracing.stop();
  });

  afterAll(async () => {
    collector.close();
    await drop();
  });

  const spans = (): Span[] =>
    received.flatMap(({ body }) =>
      body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
    );
  const called = (name: RegExp): Span => {
    const span = spans().find((candidate) => name.test(candidate.name));
    expect(
      span,
      `${name} among ${spans()
        .map((candidate) => candidate.name)
        .join(', ')}`,
    ).toBeDefined();
    return span!;
  };

  it('posts to the collector as the specification says', () => {
    expect(received.length).toBeGreaterThan(0);
    expect(received[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-tenant': 'demo' } });
    const attributes = received[0]!.body.resourceSpans[0]!.resource.attributes;
    const named = Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
    expect(named).toMatchObject({
      'service.name': 'devops-simulator',
      'service.version': '0.0.0-test',
      'dsim.process': 'api',
    });
  });

  it('continues the trace of the caller down to the statement', () => {
    const statement = called(/pg\.query/);
    const byId = new Map(spans().map((span) => [span.spanId, span]));
    const chain = [statement.name];
    let span: Span = statement;
    while (byId.has(span.parentSpanId ?? '')) {
      span = byId.get(span.parentSpanId!)!;
      chain.push(span.name);
    }
    expect(statement.traceId).toBe(CALLER_TRACE);
    expect(span.parentSpanId).toBe(CALLER_SPAN);
    expect(
      chain.some((name) => name.includes('/api/v1/answer/:id')),
      chain.join(' < '),
    ).toBe(true);
  });

  it('leaves probes out', () => {
    expect(JSON.stringify(spans())).not.toContain('/health/live');
  });
});
