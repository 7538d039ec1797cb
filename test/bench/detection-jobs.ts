import type { TestingModule } from '@nestjs/testing';
import { register } from 'prom-client';
import { newId } from '../../src/kernel/ids.js';
import { ShardPlan } from '../../src/modules/anomaly-detection/scoring/shard-plan.js';
import { ShardScorer } from '../../src/modules/anomaly-detection/scoring/shard-scorer.js';
import type { Environment } from '../../src/modules/environments/index.js';
import { TelemetryWriter } from '../../src/modules/telemetry/index.js';
import { DetectionWorld, STEP, timeOf, wobble } from '../integration/anomaly-detection/support/world.js';

/** Ticks that are learned before anything is timed. */
const LEAD = 40;
const TICKS = 12;
const PHASES = ['rebuild', 'read', 'score', 'record', 'commit', 'snapshot'];

/** The whole job: read, resample, score, record, commit. PostgreSQL's own CPU time is not in the figures. */
export async function benchJobs(
  world: DetectionWorld,
  detector: 'channel-ensemble' | 'robust-window',
  count: number,
  backlogTicks: number,
): Promise<void> {
  console.log(`The whole job path, ${detector}, ${count.toLocaleString('en')} series in shards of 1,000:`);
  const worker = await world.worker({ detector });
  const environment = await world.environment({ maxSeries: count * 7 });
  const ids = await seriesOf(worker, environment, count);
  for (let i = 0; i < LEAD; i += 1) await send(worker, environment, ids, i, i + 1);
  const before = memory();
  const first = await timed(() => score(world, worker, environment, LEAD));
  console.log(
    `  first tick: ${LEAD} ticks learned and ${count * 5} recorded series made in ${first.wall.toFixed(1)} s`,
  );
  await scoreNext(LEAD);
  const phases = await phaseSeconds();
  let wall = 0;
  let cpu = 0;
  for (let i = LEAD + 1; i <= LEAD + TICKS; i += 1) {
    const spent = await scoreNext(i);
    wall += spent.wall;
    cpu += spent.cpu;
  }
  print('one tick', count * TICKS, wall, cpu);
  const after = await phaseSeconds();
  const parts = PHASES.map((phase, p) => `${phase} ${(((after[p]! - phases[p]!) / TICKS) * 1e3).toFixed(0)} ms`);
  console.log(`  a tick of all shards: ${((wall / TICKS) * 1e3).toFixed(0)} ms by the clock (${parts.join(', ')})`);
  console.log(
    `  memory: ${((memory() - before) / count / 1024).toFixed(1)} KiB of RSS per series more than before the first tick`,
  );

  if (backlogTicks === 0) return;
  const from = LEAD + TICKS + 1;
  for (let i = from; i < from + backlogTicks; i += 60) {
    await send(worker, environment, ids, i, Math.min(from + backlogTicks, i + 60));
  }
  const backlog = await timed(() => score(world, worker, environment, from + backlogTicks));
  print(
    `backlog of ${backlogTicks} ticks, in ${backlog.wall.toFixed(1)} s`,
    count * backlogTicks,
    backlog.wall,
    backlog.cpu,
  );

  const restarted = await world.worker({ detector });
  await send(worker, environment, ids, from + backlogTicks, from + backlogTicks + 1);
  const restart = await timed(() => score(world, restarted, environment, from + backlogTicks + 1));
  console.log(`  first tick of another worker, states from snapshots: ${restart.wall.toFixed(1)} s`);

  async function scoreNext(i: number): Promise<Spent> {
    await send(worker, environment, ids, i, i + 1);
    return timed(() => score(world, worker, environment, i + 1));
  }
}

async function seriesOf(worker: TestingModule, environment: Environment, count: number): Promise<Int32Array> {
  const run = newId().slice(0, 8);
  const series = Array.from({ length: count }, (_, s) => ({
    labels: { __name__: 'bench_metric', instance: `host-${s % 100}`, series: String(s), run },
    metricType: 'gauge' as const,
  }));
  return worker.get(TelemetryWriter).resolveSeries(environment.id, series);
}

/** As a scrape brings them: all series of a tick at once. */
async function send(
  worker: TestingModule,
  environment: Environment,
  ids: Int32Array,
  from: number,
  to: number,
): Promise<void> {
  const length = ids.length * (to - from);
  const batch = {
    seriesIds: new Int32Array(length),
    times: new Float64Array(length),
    values: new Float64Array(length),
  };
  let next = 0;
  for (let i = from; i < to; i += 1) {
    for (let s = 0; s < ids.length; s += 1) {
      batch.seriesIds[next] = ids[s]!;
      batch.times[next] = timeOf(i) + 1_000;
      batch.values[next] = s + wobble(i * 7 + s);
      next += 1;
    }
  }
  await worker.get(TelemetryWriter).append(environment.id, batch);
}

async function score(
  world: DetectionWorld,
  worker: TestingModule,
  environment: Environment,
  index: number,
): Promise<void> {
  world.clock.time = timeOf(index) + 2_000;
  const scorer = worker.get(ShardScorer);
  const target = { environmentId: environment.id, tick: timeOf(index), tickMs: STEP };
  const waiting = [...(await worker.get(ShardPlan).shardsOf(environment.id))];
  // Two at a time, as the queue does.
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [shard, series] = next;
      const { behind } = await scorer.scoreSome({ ...target, shard, series });
      if (behind) waiting.push(next);
    }
  };
  await Promise.all([lane(), lane()]);
}

interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

async function timed(work: () => Promise<void>): Promise<Spent> {
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1e3, cpu: (user + system) / 1e6 };
}

function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

async function phaseSeconds(): Promise<number[]> {
  const metric = register.getSingleMetric('dsim_anomaly_detection_phase_duration_seconds');
  const found = (await metric?.get()) as {
    values: { metricName?: string; labels: { phase?: string }; value: number }[];
  };
  const sum = (phase: string) =>
    found.values.find(({ metricName, labels }) => metricName?.endsWith('_sum') && labels.phase === phase)?.value ?? 0;
  return PHASES.map(sum);
}

function print(name: string, points: number, wall: number, cpu: number): void {
  const format = (rate: number) => Math.round(rate).toLocaleString('en');
  console.log(`  ${name}: ${format(points / cpu)} series/s and core, ${format(points / wall)} by the clock`);
}
