import { eventually } from '../support/eventually.js';
import { SeriesWriter } from '../support/series-writer.js';
import { withPostgres, withProduct, workerOf } from './support/bench-product.js';
import { cpuOf, difference, total, type CpuSeconds } from './support/cpu-time.js';
import { queryRows } from './support/durable-postgres.js';
import { postmasterOn } from './support/postmaster.js';
import { measurePrometheus, PROMETHEUS_COMMAND } from './support/prometheus-receiver.js';
import { prepareBodies, send, SERIES_PER_REQUEST, type Sent } from './support/remote-write-load.js';

const WARM_UP_REQUESTS = 3;
const NO_DETECTION = { FEATURE_ANOMALY_DETECTION: 'false', FEATURE_INCIDENTS: 'false', FEATURE_NOTIFICATIONS: 'false' };

interface Figures extends Sent {
  readonly cpu: CpuSeconds;
}

interface Variant {
  readonly name: string;
  readonly role: 'all' | 'api';
  readonly env: Readonly<Record<string, string>>;
}

const VARIANTS: readonly Variant[] = [
  { name: 'API alone: received and durable', role: 'api', env: NO_DETECTION },
  { name: 'API and worker: packed into chunks too', role: 'all', env: NO_DETECTION },
  { name: 'API and worker: packed, and scored every 15 s', role: 'all', env: {} },
];

export async function run({ seconds, connections }: { seconds: number; connections: number }): Promise<void> {
  const series = connections * SERIES_PER_REQUEST;
  console.log(
    `${connections} connections, ${series.toLocaleString('en')} series with 9 labels, ${SERIES_PER_REQUEST.toLocaleString('en')} samples per request,\n` +
      'remote write 1.0, sender on the same machine; an answer means: committed, with fsync',
  );
  const bodies = prepareBodies(connections, seconds);
  const ours: Figures[] = [];
  for (const variant of VARIANTS) {
    const figures = await measureProduct(variant, bodies, seconds);
    report(variant.name, figures);
    ours.push(figures);
  }
  const prometheus = await measurePrometheus(bodies, seconds);
  if (!prometheus) return console.log('prometheus is not installed: no comparison');
  report(PROMETHEUS_COMMAND, prometheus);
  const perCpu = ({ samples, cpu }: Figures): number => samples / total(cpu);
  console.log('samples per second and per CPU second, as multiples of Prometheus:');
  VARIANTS.forEach(({ name }, i) => {
    const rate = ours[i]!.samplesPerSecond / prometheus.samplesPerSecond;
    const efficiency = perCpu(ours[i]!) / perCpu(prometheus);
    console.log(`  ${name.padEnd(48)} ${rate.toFixed(2).padStart(6)} x   ${efficiency.toFixed(2).padStart(6)} x`);
  });
}

async function measureProduct(
  { role, env }: Variant,
  bodies: readonly (readonly Buffer[])[],
  seconds: number,
): Promise<Figures> {
  // Packing soon, so that what it costs is in the figures and not put off to after the run.
  const options = { role, env: { TELEMETRY_PACK_AFTER_SECONDS: '5', ...env } };
  return withPostgres((postgres) =>
    withProduct({ ...options, databaseUrl: postgres.url() }, async (product) => {
      const environment = await product.ok<{ id: string }>('POST', 'environments', {
        name: 'Bench',
        maxSeries: 1_000_000,
      });
      const token = await SeriesWriter.token(product, environment.id);
      const target = { port: product.port, path: '/api/v1/write', token };
      const warmUp = await send(
        target,
        bodies.map((list) => list.slice(0, WARM_UP_REQUESTS)),
        60,
      );
      const worker = workerOf(product);
      const processes = { api: product.pid, worker, postgres: postmasterOn(postgres.port) };
      const before = cpuOf(processes);
      const sent = await send(
        target,
        bodies.map((list) => list.slice(WARM_UP_REQUESTS)),
        seconds,
      );
      if (worker !== undefined) await packed(postgres.url());
      const cpu = difference(before, cpuOf(processes));
      await expectStored(postgres.url(), sent.samples + warmUp.samples);
      return { ...sent, cpu };
    }),
  );
}

/** Until the worker has packed what has come in so far: `pack-journal` looks every 30 s. */
async function packed(url: string): Promise<void> {
  const [now] = await queryRows<{ time: string }>(url, 'SELECT now()::text AS time');
  await eventually(
    'the journal is packed',
    async () => {
      const [left] = await queryRows<{ n: number }>(
        url,
        `SELECT count(*)::int AS n FROM telemetry_journal WHERE received_at <= '${now!.time}'`,
      );
      return left!.n === 0;
    },
    { withinMs: 600_000, everyMs: 1_000 },
  );
}

/** Not one fewer than was acknowledged. Scores that are recorded are samples too, so there may be more. */
async function expectStored(url: string, acknowledged: number): Promise<void> {
  const [stored] = await queryRows<{ n: number }>(
    url,
    `SELECT ((SELECT coalesce(sum(samples), 0) FROM telemetry_journal)
      + (SELECT coalesce(sum(samples), 0) FROM telemetry_chunks_recent)
      + (SELECT coalesce(sum(samples), 0) FROM telemetry_chunks))::float8 AS n`,
  );
  if (stored!.n < acknowledged) throw new Error(`${stored!.n} samples are stored, ${acknowledged} were acknowledged`);
}

function report(name: string, { samplesPerSecond, samples, cpu, p99Ms }: Figures): void {
  const perMillion = (seconds: number): string => ((seconds / samples) * 1e6).toFixed(2);
  const parts = Object.entries(cpu).map(([part, seconds]) => `${part} ${perMillion(seconds)}`);
  console.log(
    `${name.padEnd(48)} ${Math.round(samplesPerSecond).toLocaleString('en').padStart(9)} samples/s, p99 of a request ${p99Ms.toFixed(0)} ms,\n` +
      `${''.padEnd(48)} CPU seconds per million samples: ${perMillion(total(cpu))} (${parts.join(', ')})`,
  );
}
