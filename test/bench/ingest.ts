import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { newId } from '../../src/kernel/ids.js';
import { runMigrations } from '../../src/platform/database/migrations.js';
import { EmbeddedServer, freePort } from '../support/embedded-server.js';
import { WriteRequestEncoder, exampleSeries, writeHeaders } from '../support/remote-write-sender.js';

const SERIES_PER_REQUEST = 2_000;
const CLOCK_TICKS = 100;

interface Figures {
  readonly samplesPerSecond: number;
  readonly cpu: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly p99Ms: number;
}

export async function run(seconds: number, connections: number): Promise<void> {
  console.log(
    `${connections} connections, ${SERIES_PER_REQUEST} samples of as many series per request, 9 labels, remote write 1.0`,
  );
  // Sending faster than this is not possible with the bodies at hand; the run then ends early.
  const requests = Math.ceil((seconds * 450_000) / SERIES_PER_REQUEST / connections);
  const bodies = prepare(connections, requests);
  const ours = await benchOurs(bodies, seconds, false);
  report('journal only', ours);
  const packing = await benchOurs(bodies, seconds, true);
  report('journal and packing in a second process', packing);
  const prometheus = await benchPrometheus(bodies, seconds);
  if (!prometheus) return;
  report('prometheus --web.enable-remote-write-receiver', prometheus);
  const perCpu = ({ samples, cpu }: Figures): number => samples / total(cpu);
  console.log(
    `samples per CPU second against Prometheus: ${(perCpu(ours) / perCpu(prometheus)).toFixed(2)} (journal), ` +
      `${(perCpu(packing) / perCpu(prometheus)).toFixed(2)} (with packing)`,
  );
}

/** Each connection has series of its own and sends their samples in the order of time, which Prometheus insists on. */
function prepare(connections: number, requests: number): Buffer[][] {
  const start = Date.now() - requests * 1_000;
  return Array.from({ length: connections }, (_, c) => {
    const encoder = new WriteRequestEncoder('v1', exampleSeries(SERIES_PER_REQUEST, `-${c}`));
    const values = Float64Array.from({ length: SERIES_PER_REQUEST }, (_, i) => i * 1_000);
    return Array.from({ length: requests }, (_, r) => {
      for (let i = 0; i < values.length; i++) values[i]! += (i * 7 + r) % 23;
      return encoder.encodeCompressed(new Float64Array(values.length).fill(start + r * 1_000), values);
    });
  });
}

async function benchOurs(bodies: readonly Buffer[][], seconds: number, packing: boolean): Promise<Figures> {
  // As PostgreSQL comes, but for memory: fsync and synchronous_commit stay on.
  const postgres = await EmbeddedServer.start(['shared_buffers=128MB', 'max_wal_size=2GB']);
  const children: ChildProcess[] = [];
  try {
    const url = postgres.url('bench');
    await admin(postgres.url(), 'CREATE DATABASE bench');
    await runMigrations(url);
    const id = newId();
    const [row] = await admin<{ key: number }>(
      url,
      `INSERT INTO environments_environments (id, name, slug, kind, tick_seconds, retention_days, max_series)
       VALUES ('${id}', 'Bench', 'bench', 'live', 15, 15, 1000000) RETURNING key`,
    );
    const environment = {
      id,
      key: row!.key,
      name: 'Bench',
      slug: 'bench',
      kind: 'live',
      tickSeconds: 15,
      retentionDays: 15,
      maxSeries: 1_000_000,
      createdAt: new Date(),
    };
    const start = async (role: 'api' | 'worker'): Promise<{ child: ChildProcess; port: number }> => {
      const child = fork(new URL('./ingest-server.mjs', import.meta.url), [], {
        env: { ...process.env, BENCH_INGEST: JSON.stringify({ role, databaseUrl: url, environment }) },
        execArgv: process.env['BENCH_EXEC_ARGV']?.split(' ') ?? [],
      });
      children.push(child);
      const port = await new Promise<number>((resolve, reject) => {
        child.once('message', (message: { port: number }) => resolve(message.port));
        child.once('exit', (code) => reject(new Error(`server ended with ${code}`)));
      });
      return { child, port };
    };
    const api = await start('api');
    const worker = packing ? await start('worker') : undefined;
    const target = { port: api.port, path: '/api/v1/write', token: id };
    await send(
      target,
      bodies.map((list) => list.slice(0, 3)),
      60,
    );

    const before = cpuOf({ api: api.child.pid!, worker: worker?.child.pid, postgres: postmasterOf(postgres.port) });
    const packer = worker ? setInterval(() => worker.child.send('pack'), 3_000) : undefined;
    const sent = await send(
      target,
      bodies.map((list) => list.slice(3)),
      seconds,
    );
    clearInterval(packer);
    if (worker) await packed(worker.child, url);
    const after = cpuOf({ api: api.child.pid!, worker: worker?.child.pid, postgres: postmasterOf(postgres.port) });
    const [stored] = await admin<{ n: number }>(
      url,
      `SELECT ((SELECT coalesce(sum(samples), 0) FROM telemetry_journal) + (SELECT coalesce(sum(samples), 0) FROM telemetry_chunks_recent)
        + (SELECT coalesce(sum(samples), 0) FROM telemetry_chunks))::float8 AS n`,
    );
    const expected = sent.samples + bodies.length * 3 * SERIES_PER_REQUEST;
    if (stored!.n !== expected) throw new Error(`stored ${stored!.n} samples, sent ${expected}`);
    return { ...sent, cpu: difference(before, after) };
  } finally {
    for (const child of children.filter(({ exitCode }) => exitCode === null)) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
    }
    await postgres.stop();
  }
}

async function packed(worker: ChildProcess, url: string): Promise<void> {
  for (;;) {
    const answer = new Promise((resolve) => worker.once('message', resolve));
    worker.send('pack');
    await answer;
    const [left] = await admin<{ n: number }>(url, 'SELECT count(*)::int AS n FROM telemetry_journal');
    if (left!.n === 0) return;
  }
}

async function benchPrometheus(bodies: readonly Buffer[][], seconds: number): Promise<Figures | undefined> {
  if (spawnSync('prometheus', ['--version']).status !== 0) {
    console.log('prometheus is not installed: no comparison');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'dsim-bench-prometheus-'));
  const port = await freePort();
  writeFileSync(join(folder, 'prometheus.yml'), '');
  const child = spawn(
    'prometheus',
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
    ],
    { stdio: 'ignore' },
  );
  try {
    for (let i = 0; i < 100 && !(await ready(port)); i++) await sleep(100);
    const target = { port, path: '/api/v1/write', token: 'none' };
    await send(
      target,
      bodies.map((list) => list.slice(0, 3)),
      60,
    );
    const before = cpuOf({ prometheus: child.pid! });
    const sent = await send(
      target,
      bodies.map((list) => list.slice(3)),
      seconds,
    );
    return { ...sent, cpu: difference(before, cpuOf({ prometheus: child.pid! })) };
  } finally {
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Target {
  readonly port: number;
  readonly path: string;
  readonly token: string;
}

async function send(target: Target, bodies: readonly (readonly Buffer[])[], seconds: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: bodies.length });
  const deadline = performance.now() + seconds * 1000;
  const started = performance.now();
  const durations: number[] = [];
  await Promise.all(
    bodies.map(async (list) => {
      for (const body of list) {
        if (performance.now() > deadline) return;
        const at = performance.now();
        await post(agent, target, body);
        durations.push(performance.now() - at);
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  agent.destroy();
  durations.sort((a, b) => a - b);
  const samples = durations.length * SERIES_PER_REQUEST;
  return { samples, samplesPerSecond: samples / took, p99Ms: durations[Math.floor(durations.length * 0.99)] ?? 0 };
}

function post(agent: Agent, { port, path, token }: Target, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...writeHeaders('v1'), authorization: `Bearer ${token}`, 'content-length': body.length };
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        response.statusCode === 204 ? resolve() : reject(new Error(`${response.statusCode} ${text}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function ready(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/-/ready`).then(
    (response) => response.ok,
    () => false,
  );
}

async function admin<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** CPU seconds of processes and all their children, those that ended included. */
function cpuOf(processes: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf);
  const tree = (pid: number): number => {
    const own = stats.find((stat) => stat.pid === pid)?.ticks ?? 0;
    return stats.filter((stat) => stat.parent === pid).reduce((sum, child) => sum + tree(child.pid), own);
  };
  return Object.fromEntries(
    Object.entries(processes).flatMap(([name, pid]) => (pid === undefined ? [] : [[name, tree(pid) / CLOCK_TICKS]])),
  );
}

function statOf(name: string): { pid: number; parent: number; ticks: number }[] {
  try {
    const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
      .replace(/^\d+ \(.*\) /s, '')
      .split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0);
    return [{ pid: Number(name), parent: Number(fields[1]), ticks }];
  } catch {
    return [];
  }
}

function postmasterOf(port: number): number {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`port=${port}`)) return Number(name);
    } catch {
      // Ended meanwhile.
    }
  }
  throw new Error(`no PostgreSQL listens on ${port}`);
}

function difference(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));
}

function total(cpu: Readonly<Record<string, number>>): number {
  return Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);
}

function report(name: string, { samplesPerSecond, samples, cpu, p99Ms }: Figures): void {
  const parts = Object.entries(cpu).map(([part, seconds]) => `${part} ${((seconds / samples) * 1e6).toFixed(2)}`);
  console.log(
    `${name.padEnd(48)} ${Math.round(samplesPerSecond).toLocaleString('en').padStart(9)} samples/s  p99 ${p99Ms.toFixed(0).padStart(4)} ms  ` +
      `CPU us/sample: ${parts.join(', ')} (together ${((total(cpu) / samples) * 1e6).toFixed(2)})`,
  );
}
