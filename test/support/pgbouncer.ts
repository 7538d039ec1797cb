import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './embedded-server.js';
import { startPeer, type PeerProcess } from './peers.js';

export interface PgBouncerOptions {
  /** A common setting that makes PgBouncer take, and drop, what it would refuse. */
  readonly ignoreStartupParameters?: string;
}

/** A real PgBouncer in transaction mode in front of a server, with so few connections that sharing shows. */
export class PgBouncer {
  private constructor(
    private readonly peer: PeerProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(
    binary: string,
    target: string,
    { ignoreStartupParameters = '' }: PgBouncerOptions = {},
  ): Promise<PgBouncer> {
    const folder = mkdtempSync(join(tmpdir(), 'dsim-test-pgbouncer-'));
    const port = await freePort();
    const { hostname, port: serverPort, pathname, username } = new URL(target);
    const name = pathname.slice(1);
    writeFileSync(
      join(folder, 'pgbouncer.ini'),
      [
        '[databases]',
        `${name} = host=${hostname} port=${serverPort} dbname=${name} user=${username}`,
        '[pgbouncer]',
        'listen_addr = 127.0.0.1',
        `listen_port = ${port}`,
        'unix_socket_dir =',
        'auth_type = any',
        'pool_mode = transaction',
        'default_pool_size = 3',
        'max_client_conn = 200',
        'server_login_retry = 1',
        ...(ignoreStartupParameters ? [`ignore_startup_parameters = ${ignoreStartupParameters}`] : []),
        '',
      ].join('\n'),
    );
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    chmodSync(folder, 0o755);
    if (nobody.uid !== undefined) chownSync(folder, nobody.uid, nobody.gid!);
    const url = `postgresql://${username}@127.0.0.1:${port}/${name}`;
    const peer = await startPeer(binary, [join(folder, 'pgbouncer.ini')], () => answers(url), nobody);
    return new PgBouncer(peer, folder, url);
  }

  async stop(): Promise<void> {
    await this.peer.stop('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
