import { type ChildProcess, fork } from 'node:child_process';
import { Client } from 'pg';
import { newId } from '../../src/kernel/ids.js';
import { runMigrations } from '../../src/platform/database/migrations.js';
import { EmbeddedServer } from '../support/embedded-server.js';
import { cpuOf, difference, total, type CpuSeconds } from './support/cpu-time.js';
import { postmasterOn } from './support/postmaster.js';
import { measurePrometheus, PROMETHEUS_COMMAND } from './support/prometheus-receiver.js';
import { prepareBodies, send, SERIES_PER_REQUEST, type Sent } from './support/remote-write-load.js';

type Figures = Sent & { readonly cpu: CpuSeconds };

export async function run(seconds: number, connections: number): Promise<void> {
  console.log(
    `${connections} connections, ${SERIES_PER_REQUEST} samples of as many series per request, 9 labels, remote write 1.0`,
  );
  const bodies = prepareBodies(connections, seconds);
  const ours = await benchOurs(bodies, seconds, false);
  report('journal only', ours);
  const packing = await benchOurs(bodies, seconds, true);
  report('journal and packing in a second process', packing);
  const prometheus = await measurePrometheus(bodies, seconds);
  if (!prometheus) return console.log('prometheus is not installed: no comparison');
  report(PROMETHEUS_COMMAND, prometheus);
  const perCpu = ({ samples, cpu }: Figures): number => samples / total(cpu);
  console.log(
    `samples per CPU second against Prometheus: ${(perCpu(ours) / perCpu(prometheus)).toFixed(2)} (journal), ` +
      `${(perCpu(packing) / perCpu(prometheus)).toFixed(2)} (with packing)`,
  );
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

    const before = cpuOf({ api: api.child.pid!, worker: worker?.child.pid, postgres: postmasterOn(postgres.port) });
    const packer = worker ? setInterval(() => worker.child.send('pack'), 3_000) : undefined;
    const sent = await send(
      target,
      bodies.map((list) => list.slice(3)),
      seconds,
    );
    clearInterval(packer);
    if (worker) await packed(worker.child, url);
    const after = cpuOf({ api: api.child.pid!, worker: worker?.child.pid, postgres: postmasterOn(postgres.port) });
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

async function admin<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function report(name: string, { samplesPerSecond, samples, cpu, p99Ms }: Figures): void {
  const parts = Object.entries(cpu).map(([part, seconds]) => `${part} ${((seconds / samples) * 1e6).toFixed(2)}`);
  console.log(
    `${name.padEnd(48)} ${Math.round(samplesPerSecond).toLocaleString('en').padStart(9)} samples/s  p99 ${p99Ms.toFixed(0).padStart(4)} ms  ` +
      `CPU us/sample: ${parts.join(', ')} (together ${((total(cpu) / samples) * 1e6).toFixed(2)})`,
  );
}
