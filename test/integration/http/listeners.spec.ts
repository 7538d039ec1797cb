import { Controller, Get, Module } from '@nestjs/common';
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createHttpApplication } from '../../../src/platform/http/create-http-application.js';
import { listenHttp } from '../../../src/platform/http/listen-http.js';
import { problemSchema } from '../../../src/platform/http/problem.js';
import { API_CONTEXT, testOptions } from './support/application.js';

let finished = 0;

@Controller()
class DoorsController {
  @Get('metrics')
  metrics(): string {
    return 'metrics';
  }

  @Get('ai/models')
  models(): string {
    return 'models';
  }

  @Get('health/live')
  live(): string {
    return 'live';
  }

  @Get('other')
  other(): string {
    return 'other';
  }

  @Get('slow')
  async slow(): Promise<string> {
    await sleep(400);
    finished += 1;
    return 'slow';
  }
}

@Module({ controllers: [DoorsController] })
class DoorsModule {}

async function freePort(): Promise<number> {
  const server = await occupy();
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function occupy(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  });
}

function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer)).on('error', reject);
  });
}

const status = async (url: string): Promise<number> => (await fetch(url)).status;

describe('listeners', () => {
  it('gives metrics and the AI API doors of their own, and serves nothing else there', async () => {
    const [metricsPort, aiPort] = [await freePort(), await freePort()];
    const options = testOptions({ metricsPort, aiPort });
    const app = await createHttpApplication(DoorsModule, options);
    const [main, ai, metrics] = await listenHttp(app);
    expect([main!.name, ai!.name, metrics!.name]).toEqual(['main', 'ai', 'metrics']);
    expect(metrics!.port).toBe(metricsPort);

    expect(await status(`${metrics!.url}/metrics`)).toBe(200);
    expect(await status(`${main!.url}/metrics`)).toBe(404);
    expect(await status(`${main!.url}/%6Detrics`)).toBe(404);
    expect(await status(`${ai!.url}/api/v1/ai/models`)).toBe(200);
    expect(await status(`${main!.url}/api/v1/ai/models`)).toBe(404);
    expect(await status(`${metrics!.url}/api/v1/ai/models`)).toBe(404);
    expect(await status(`${metrics!.url}/api/v1/other`)).toBe(404);
    expect(await status(`${ai!.url}/metrics`)).toBe(404);
    expect(await status(`${main!.url}/api/v1/other`)).toBe(200);
    const problem = (await (await fetch(`${main!.url}/metrics`)).json()) as { code: string };
    expect(problem.code).toBe('http.not_found');

    await app.close();
    for (const { url } of [main!, ai!, metrics!]) await expect(fetch(url)).rejects.toThrow();
  });

  it('keeps everything behind one door outside the experimental profile', async () => {
    const app = await createHttpApplication(DoorsModule, testOptions());
    const [main, ...more] = await listenHttp(app);
    expect(more).toEqual([]);
    expect(await status(`${main!.url}/metrics`)).toBe(200);
    expect(await status(`${main!.url}/api/v1/ai/models`)).toBe(200);
    await app.close();
  });

  it('says which setting to change when a port is taken, and leaves no other open', async () => {
    const taken = await occupy();
    const port = (taken.address() as { port: number }).port;
    const metricsPort = await freePort();
    const app = await createHttpApplication(DoorsModule, testOptions({ port, metricsPort }));
    await expect(listenHttp(app)).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by another program. Stop that program or set HTTP_PORT`,
    );
    await expect(fetch(`http://127.0.0.1:${metricsPort}/metrics`)).rejects.toThrow();
    await app.close();
    taken.close();
  });

  it('finishes what is in flight before it closes, and takes nothing new', async () => {
    finished = 0;
    const app = await createHttpApplication(DoorsModule, testOptions());
    const [main] = await listenHttp(app);
    const slow = fetch(`${main!.url}/api/v1/slow`);
    await sleep(100);
    const closing = app.close();
    await sleep(50);
    await expect(fetch(`${main!.url}/api/v1/other`)).rejects.toThrow();
    const response = await slow;
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('slow');
    await closing;
    expect(finished).toBe(1);
  });

  it('cuts off what does not finish within the deadline', async () => {
    const app = await createHttpApplication(DoorsModule, testOptions({ shutdownDeadlineSeconds: 0.05 }));
    const [main] = await listenHttp(app);
    const slow = fetch(`${main!.url}/api/v1/slow`).then(
      () => 'answered',
      () => 'cut',
    );
    await sleep(100);
    const started = Date.now();
    await app.close();
    expect(Date.now() - started).toBeLessThan(350);
    expect(await slow).toBe('cut');
  });

  it('serves neither page nor documentation as a worker', async () => {
    const options = {
      ...testOptions(),
      context: { ...API_CONTEXT, role: 'worker' as const, serves: false, works: true },
    };
    const app = await createHttpApplication(DoorsModule, options);
    const [main] = await listenHttp(app);
    expect(await status(`${main!.url}/`)).toBe(404);
    expect(await status(`${main!.url}/api/openapi.json`)).toBe(404);
    expect(await status(`${main!.url}/health/live`)).toBe(200);
    await app.close();
  });

  it('answers what it cannot even read with a problem, at every door', async () => {
    const app = await createHttpApplication(DoorsModule, testOptions({ metricsPort: await freePort() }));
    const doors = await listenHttp(app);
    const long = `GET /other?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`;
    for (const { port } of doors) {
      for (const [sent, code] of [
        [long, 431],
        ['\x16\x03\x01 hello\r\n\r\n', 400],
      ] as const) {
        const answer = await raw(port, sent);
        expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${code} `));
        const [head, body] = answer.split('\r\n\r\n');
        expect(head).toContain('application/problem+json');
        expect(problemSchema.parse(JSON.parse(body!))).toMatchObject({ status: code });
      }
    }
    expect(doors).toHaveLength(2);
    await app.close();
  });
});
