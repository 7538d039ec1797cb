import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { register } from 'prom-client';
import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveModule } from '../../../src/modules/live/live.module.js';
import type { DeliveredEvent } from '../../../src/platform/events/define-event.js';
import { EventBus } from '../../../src/platform/events/event-bus.js';
import { createHttpApplication } from '../../../src/platform/http/create-http-application.js';
import { listenHttp } from '../../../src/platform/http/listen-http.js';
import { until } from '../queue/harness.js';
import { API_CONTEXT, testOptions } from './support/application.js';
import { NamedCallerGuard } from './support/named-caller.guard.js';

const ONE = '019a0000-0000-7000-8000-000000000001';
const TWO = '019a0000-0000-7000-8000-000000000002';

class SubjectBus extends EventBus {
  readonly events = new Subject<DeliveredEvent>();

  override publish(): Promise<void> {
    return Promise.resolve();
  }

  override tail(): Subject<DeliveredEvent> {
    return this.events;
  }

  emit(type: string, environmentId: string | null, payload: object): void {
    this.events.next({ id: `${type}-1`, type, environmentId, occurredAt: new Date(), payload });
  }
}

describe('live updates', () => {
  let app: NestFastifyApplication;
  let bus: SubjectBus;
  let url: string;

  beforeEach(async () => {
    register.clear();
    bus = new SubjectBus();
    class RootModule {}
    const providers = [
      { provide: EventBus, useValue: bus },
      { provide: APP_GUARD, useClass: NamedCallerGuard },
    ];
    const root = {
      module: RootModule,
      global: true,
      imports: [LiveModule.register(API_CONTEXT)],
      providers,
      exports: [EventBus],
    };
    app = await createHttpApplication(root, testOptions({ shutdownDeadlineSeconds: 2 }));
    url = (await listenHttp(app))[0]!.url;
  });
  afterEach(() => app.close());

  async function open(
    query = '',
    headers: Record<string, string> = {},
  ): Promise<{ response: IncomingMessage; text: () => string; leave: () => void }> {
    let text = '';
    const request = httpRequest(`${url}/api/v1/live${query}`, {
      headers: { 'x-caller': 'admin', 'accept-encoding': 'gzip', 'last-event-id': 'whatever', ...headers },
    });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.on('response', resolve).on('error', reject).end();
    });
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    response.on('error', () => undefined);
    return { response, text: () => text, leave: () => request.destroy() };
  }

  it('streams events by type, uncompressed and at once', async () => {
    const stream = await open();
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(stream.response.headers['content-encoding']).toBeUndefined();
    expect(stream.response.headers['x-request-id']).toBeDefined();
    expect(stream.response.headers['content-security-policy']).toBeDefined();
    bus.emit('incidents.incident-opened', ONE, { title: 'a\nb' });
    await until(stream.text, (text) => text.includes('incident-opened'));
    expect(stream.text()).toContain(
      'id: incidents.incident-opened-1\nevent: incidents.incident-opened\ndata: {"title":"a\\nb"}\n\n',
    );
    stream.leave();
  });

  it('tells of a module only those who may read there', async () => {
    const reader = await open('', { 'x-caller': 'ada' });
    bus.emit('incidents.incident-opened', ONE, { title: 'secret' });
    bus.emit('anomaly-detection.anomaly-detected', ONE, { labels: { job: 'secret' } });
    bus.emit('unheard.of', ONE, { secret: true });
    bus.emit('environments.environment-changed', ONE, {});
    await until(reader.text, (text) => text.includes('environment-changed'));
    expect(reader.text()).not.toMatch(/incident-opened|anomaly-detected|unheard|secret/);
    reader.leave();
  });

  it('keeps to the environment that was asked for', async () => {
    const stream = await open(`?environmentId=${ONE}`);
    bus.emit('x.other', TWO, {});
    bus.emit('x.own', ONE, {});
    bus.emit('x.of-all', null, {});
    await until(stream.text, (text) => text.includes('x.of-all'));
    expect(stream.text()).toContain('x.own');
    expect(stream.text()).not.toContain('x.other');
    stream.leave();
  });

  it('shows a caller that is bound to an environment that one alone', async () => {
    const stream = await open('', { 'x-environment': ONE });
    bus.emit('x.of-all', null, {});
    bus.emit('x.other', TWO, {});
    bus.emit('x.own', ONE, {});
    await until(stream.text, (text) => text.includes('x.own'));
    expect(stream.text()).not.toMatch(/x\.(of-all|other)/);
    stream.leave();
    expect((await open(`?environmentId=${TWO}`, { 'x-environment': ONE })).response.statusCode).toBe(403);
  });

  it('stops listening when the browser leaves', async () => {
    const streams = await Promise.all([open(), open()]);
    expect(bus.events.observed).toBe(true);
    for (const { leave } of streams) leave();
    await until(
      () => bus.events.observed,
      (observed) => !observed,
    );
    expect((await register.getSingleMetric('dsim_live_connections')!.get()).values[0]!.value).toBe(0);
  });

  it('ends when the process shuts down, without holding it up', async () => {
    const stream = await open();
    const ended = new Promise((resolve) => stream.response.once('end', resolve));
    const started = Date.now();
    await app.close();
    expect(Date.now() - started).toBeLessThan(1_500);
    await ended;
    expect(bus.events.observed).toBe(false);
  });

  it('refuses an environment that is no id, as a problem', async () => {
    const { response } = await open('?environmentId=7');
    expect([response.statusCode, response.headers['content-type']]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
  });
});
