import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './embedded-server.js';
import { startPeer, type PeerProcess } from './peers.js';

/** A real redis-server on a port of its own, durable enough to be killed. */
export class RedisServer {
  private peer: PeerProcess | undefined;

  private constructor(
    private readonly binary: string,
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(binary: string): Promise<RedisServer> {
    const server = new RedisServer(binary, mkdtempSync(join(tmpdir(), 'dsim-test-redis-')), await freePort());
    await server.run();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async run(): Promise<void> {
    const parameters = [
      '--port',
      `${this.port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      this.folder,
      '--appendonly',
      'yes',
      '--save',
      '',
    ];
    this.peer = await startPeer(this.binary, parameters, () => answers(this.port));
  }

  /** Runs one command on a connection of its own. */
  async command(name: string, ...parameters: readonly string[]): Promise<unknown> {
    const client = new Redis({ port: this.port, lazyConnect: true });
    try {
      await client.connect();
      return await client.call(name, ...parameters);
    } finally {
      client.disconnect();
    }
  }

  async kill(): Promise<void> {
    await this.peer?.stop('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.peer?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function answers(port: number): Promise<boolean> {
  const client = new Redis({ port, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
