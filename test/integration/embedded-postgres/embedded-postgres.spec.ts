import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultsOf } from '../../../src/platform/config/defaults-of.js';
import { embeddedPostgresConfig } from '../../../src/platform/embedded-postgres/embedded-postgres.config.js';
import { EmbeddedPostgres } from '../../../src/platform/embedded-postgres/embedded-postgres.js';
import { readPostmasterPid, serverProcesses } from '../../../src/platform/embedded-postgres/leftovers.js';

describe.runIf(process.platform === 'linux')('EmbeddedPostgres', () => {
  let dataDir: string;
  let servers: EmbeddedPostgres[];
  let reports: string[];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'dsim-embedded-'));
    // As an operator's folder would be: whoever runs the server may enter it.
    chmodSync(dataDir, 0o755);
    servers = [];
    reports = [];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(dataDir, { recursive: true, force: true });
  });

  const create = (
    overrides: Parameters<typeof defaultsOf<typeof embeddedPostgresConfig.schema>>[1] = {},
  ): EmbeddedPostgres => {
    const server = new EmbeddedPostgres({
      dataDir,
      dataDirChosen: true,
      config: defaultsOf(embeddedPostgresConfig, { sharedBuffersMb: 16, maxConnections: 20, ...overrides }),
      report: (line) => reports.push(line),
    });
    servers.push(server);
    return server;
  };
  const clusterDir = (): string => join(dataDir, 'postgres/data');
  const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const isRunning = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  it('makes a cluster that is safe by default, and leaves nothing running', async () => {
    const server = create();
    const { url, version } = await server.start();
    const [row] = await query(
      url,
      `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
              current_setting('listen_addresses') AS addresses, current_setting('data_checksums') AS checksums,
              datlocprovider AS provider, pg_encoding_to_char(encoding) AS encoding
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(row).toEqual({
      version,
      fsync: 'on',
      addresses: '127.0.0.1',
      checksums: 'on',
      provider: 'b',
      encoding: 'UTF8',
    });
    expect(statSync(join(dataDir, 'postgres/password')).mode & 0o777).toBe(0o600);
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password/);

    await server.stop();
    expect(serverProcesses(clusterDir())).toEqual([]);
    expect(existsSync(join(dataDir, 'postgres/instance.lock'))).toBe(false);
  });

  it('finds its data at the same address after a restart', async () => {
    const first = create();
    const { url } = await first.start();
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();

    const second = await create().start();
    expect(second.url).toBe(url);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(reports.filter((line) => line.startsWith('Creating'))).toHaveLength(1);
  });

  it('is started again on the same port when it is killed, with what was committed', async () => {
    const { url } = await create().start();
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const before = readPostmasterPid(clusterDir())!;
    process.kill(before, 'SIGKILL');
    await vi.waitFor(async () => expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]), {
      timeout: 10_000,
      interval: 100,
    });
    expect(readPostmasterPid(clusterDir())).not.toBe(before);
    expect(reports).toContain('PostgreSQL ended (signal 9); starting it again.');
  });

  it('is started again at once when only the shell that guards it is killed', async () => {
    const { url } = await create().start();
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const before = readPostmasterPid(clusterDir())!;
    const status = readFileSync(`/proc/${before}/status`, 'utf8');
    process.kill(Number(/^PPid:\s+(\d+)$/m.exec(status)![1]), 'SIGKILL');
    // Far below the grace period that left-over processes are given.
    await vi.waitFor(() => expect(reports).toContain('PostgreSQL runs again.'), { timeout: 10_000, interval: 50 });
    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('stops with its program, even when that is killed, and starts again over what it left', async () => {
    const { url } = await create().start();
    await servers.pop()!.stop();
    // A program that only starts the server, and is killed: the same classes, compiled away by Vitest otherwise.
    const script = `
      import { EmbeddedPostgres } from ${JSON.stringify(new URL('../../../dist/platform/embedded-postgres/embedded-postgres.js', import.meta.url).href)};
      const config = { port: 0, sharedBuffersMb: 16, maxConnections: 20, maxWalSizeMb: 64, stopTimeoutSeconds: 5 };
      await new EmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, dataDirChosen: true, config, report() {} }).start();
      process.stdout.write('up');
      setInterval(() => undefined, 1000);`;
    const program = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => program.stdout.once('data', resolve));
    const postmaster = readPostmasterPid(clusterDir())!;
    expect(isRunning(postmaster)).toBe(true);
    program.kill('SIGKILL');
    await vi.waitFor(() => expect(serverProcesses(clusterDir())).toEqual([]), { timeout: 10_000 });

    expect((await create().start()).url).toBe(url);
  });

  it('is not misled by a stale postmaster.pid whose number some other process has now', async () => {
    const first = create();
    await first.start();
    const left = readFileSync(join(clusterDir(), 'postmaster.pid'), 'utf8');
    await first.stop();
    writeFileSync(join(clusterDir(), 'postmaster.pid'), left.replace(/^\d+/, String(process.pid)));
    const { url } = await create().start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses a folder that another program of ours uses, and leaves that one alone', async () => {
    const { url } = await create().start();
    // The lock of this process does not keep out itself, so another process holds it.
    writeFileSync(join(dataDir, 'postgres/instance.lock'), JSON.stringify({ pid: process.ppid, startedAt: null }));
    await expect(create().start()).rejects.toThrow(/Another DevOps Simulator.*DSIM_DATA_DIR/);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('takes another port when the remembered one is taken, and none but the one it was given', async () => {
    const first = create();
    const { url } = await first.start();
    const { port } = new URL(url);
    await first.stop();
    const { createServer } = await import('node:net');
    const other = createServer().listen(Number(port), '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    try {
      await expect(create({ port: Number(port) }).start()).rejects.toThrow(/PostgreSQL did not start/);
      expect(new URL((await create().start()).url).port).not.toBe(port);
    } finally {
      other.close();
    }
  });

  it('says what to do about data of another major version', async () => {
    const server = create();
    await server.start();
    await server.stop();
    writeFileSync(join(clusterDir(), 'PG_VERSION'), '17\n');
    await expect(create().start()).rejects.toThrow(/written by PostgreSQL 17.*pg_dump/);
  });

  it('begins anew after a first start that was interrupted', async () => {
    mkdirSync(join(dataDir, 'postgres/data.new/base'), { recursive: true });
    const { url } = await create().start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('stops cleanly while it is still being made', async () => {
    const server = create();
    const starting = server.start().catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await server.stop();
    await starting;
    await vi.waitFor(() =>
      expect(serverProcesses(clusterDir()).concat(serverProcesses(`${clusterDir()}.new`))).toEqual([]),
    );
  });

  it('says in one sentence that the folder is a file, or the program does not own it', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    const on = (dir: string) =>
      new EmbeddedPostgres({
        dataDir: dir,
        dataDirChosen: true,
        config: defaultsOf(embeddedPostgresConfig),
        report: () => undefined,
      });
    await expect(on(file).start()).rejects.toThrow(/DSIM_DATA_DIR/);
    await expect(on('/proc/dsim').start()).rejects.toThrow(/DSIM_DATA_DIR/);
  });
});
