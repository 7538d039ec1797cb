import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readPostmasterPid, serverProcesses } from '../../src/platform/embedded-postgres/leftovers.js';
import { createTestDatabase } from '../support/database.js';
import { freePort } from '../support/embedded-server.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const WAIT = { timeout: 30_000, interval: 100 };

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

/** The built product, as `npm start` runs it: role all, embedded database, a forked worker. */
describe.runIf(process.platform === 'linux')('the process', () => {
  let dataDir: string;
  let port: number;
  const runs: Run[] = [];

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'dsim-process-'));
    chmodSync(dataDir, 0o755);
    port = await freePort();
  });
  afterEach(async () => {
    for (const { child, ended } of runs.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    await vi.waitFor(() => expect(leftRunning()).toEqual([]), WAIT);
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const clusterDir = (): string => join(dataDir, 'postgres/data');
  const leftRunning = (): readonly number[] => serverProcesses(clusterDir());
  const start = (env: Record<string, string> = {}): Run => {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env['PATH'],
        DSIM_DATA_DIR: dataDir,
        HTTP_PORT: String(port),
        EMBEDDED_POSTGRES_SHARED_BUFFERS_MB: '16',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    const run = { child, ended, output: () => output };
    runs.push(run);
    return run;
  };
  const status = async (path: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  const readiness = async (): Promise<{ code: number; worker: string | undefined }> => {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
    const body = (await response.json()) as { details?: Record<string, { status: string }> };
    return { code: response.status, worker: body.details?.['worker']?.status };
  };
  const fullyUp = (): Promise<void> =>
    vi.waitFor(async () => expect(await readiness()).toEqual({ code: 200, worker: 'up' }), WAIT);

  it('serves, with its worker, tells the credentials once, and leaves nothing running after SIGTERM', async () => {
    const first = start();
    await fullyUp();
    expect(await status('/health/live')).toBe(200);
    await vi.waitFor(() => expect(first.output()).toContain('Ctrl-C'), WAIT);
    expect(first.output()).toMatch(/Sign in +.*admin.*password \S{12,}/);
    expect(leftRunning().length).toBeGreaterThan(0);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(leftRunning()).toEqual([]);

    const second = start();
    await vi.waitFor(() => expect(second.output()).toContain('Ctrl-C'), WAIT);
    expect(second.output()).not.toContain('Sign in');
    expect(second.output()).not.toContain('Creating the database');
  });

  it('recovers by itself when its database or its worker is killed', async () => {
    const run = start();
    await fullyUp();
    process.kill(readPostmasterPid(clusterDir())!, 'SIGKILL');
    await vi.waitFor(() => expect(run.output()).toContain('PostgreSQL runs again.'), WAIT);
    await fullyUp();

    const worker = workerOf(run.child.pid!);
    process.kill(worker, 'SIGKILL');
    await vi.waitFor(() => expect(run.output()).toContain('The worker process ended (SIGKILL)'), WAIT);
    // Readiness is cached for a moment, so look for the new worker first.
    await vi.waitFor(() => expect(workerOf(run.child.pid!)).not.toBe(worker), WAIT);
    await fullyUp();
  });

  it('takes worker and database with it when it is killed, and starts again at once', async () => {
    const killed = start();
    await fullyUp();
    const worker = workerOf(killed.child.pid!);
    killed.child.kill('SIGKILL');
    await killed.ended;

    const next = start();
    await vi.waitFor(() => expect(next.output()).toContain('Ctrl-C'), WAIT);
    await vi.waitFor(() => expect(isRunning(worker)).toBe(false), WAIT);
    await fullyUp();
  });

  it('names a taken port and the variable, and starts no database', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    try {
      const run = start();
      expect(await run.ended).toBe(1);
      expect(run.output().trim()).toMatch(
        new RegExp(`^Port ${port} is taken by another program\\. .*HTTP_PORT=\\d+.*$`),
      );
    } finally {
      other.close();
    }
  });

  it('reports all that is wrong with the configuration at once', async () => {
    const run = start({ DSIM_ROLE: 'both', FEATURE_LIV: 'true', OBSERVABILITY_LOG_LEVEL: 'loud' });
    expect(await run.ended).toBe(1);
    expect(run.output()).toMatch(/3 settings are wrong[^]*DSIM_ROLE[^]*FEATURE_LIV [^]*observability\.logLevel/);
    expect(run.output()).not.toContain('    at ');
  });

  it('refuses a second program on the same data', async () => {
    const first = start();
    await fullyUp();
    const second = start({ HTTP_PORT: '0' });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(
      `Another DevOps Simulator (process ${first.child.pid}) uses the data folder ${dataDir}`,
    );
    expect(await status('/health/live')).toBe(200);
  });

  it('refuses a database that a newer release has migrated, in one sentence', async () => {
    const database = await createTestDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      `INSERT INTO platform_migrations (timestamp, name) VALUES (1999999999999, 'FromTheFuture1999999999999')`,
    );
    await client.end();
    try {
      const run = start({ DATABASE_URL: database.url, DSIM_ROLE: 'api' });
      expect(await run.ended).toBe(1);
      expect(run.output().trim().split('\n')).toHaveLength(1);
      expect(run.output()).toMatch(/newer release.*FromTheFuture/);
    } finally {
      await database.close();
    }
  });
});

/** The forked worker of a process: its child that runs the same script. */
function workerOf(parent: number): number {
  // Not /proc/<pid>/task/<pid>/children: it skips entries while one of them ends.
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const parentOf = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (parentOf === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.js')) return Number(pid);
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error(`process ${parent} has no worker`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
