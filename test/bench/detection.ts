import 'reflect-metadata';
import { robustWindowReference } from '../../src/engine/detection/robust-window.graph.js';
import type { GraphRunner, SeriesSettings } from '../../src/engine/detection/detector.js';
import { RobustWindowDetector } from '../../src/engine/detection/robust-window.js';
import { newId } from '../../src/kernel/ids.js';
import { ShardScorer } from '../../src/modules/anomaly-detection/scoring/shard-scorer.js';
import { ShardPlan } from '../../src/modules/anomaly-detection/scoring/shard-plan.js';
import { runMigrations } from '../../src/platform/database/migrations.js';
import { ModelRunner } from '../../src/platform/inference/model-runner.js';
import {
  DetectionWorld,
  STEP,
  timeOf,
  wobble,
  type TestSeries,
} from '../integration/anomaly-detection/support/world.js';
import { EmbeddedServer } from '../support/embedded-server.js';
import { nabAlarms, recordingAlarms } from './detection-alarms.js';
import { Client } from 'pg';

const BATCH = 1_000;
const SETTINGS: SeriesSettings = { minimumDeviation: 0.1, minimumRelativeDeviation: 0.2, sensitivity: 6 };
const MODEL = { id: 'robust-window', version: '1' };

export async function run(options: { series: number; nab?: string; recording?: string }): Promise<void> {
  const postgres = await EmbeddedServer.start(['shared_buffers=128MB', 'max_wal_size=2GB']);
  try {
    const world = await openWorld(postgres);
    const worker = await world.worker();
    const onnx: GraphRunner = (inputs) => worker.get(ModelRunner).run(MODEL, inputs);
    await benchEngine('engine with plain JavaScript', robustWindowReference);
    await benchEngine('engine with ONNX', onnx);
    await benchBareRuns(onnx);
    await benchJob(world, options.series);
    if (options.nab) await nabAlarms(options.nab, onnx);
    if (options.recording) await recordingAlarms(options.recording, onnx);
    await worker.close();
  } finally {
    await postgres.stop();
  }
}

async function openWorld(postgres: EmbeddedServer): Promise<DetectionWorld> {
  const query = async <Row extends object>(
    sql: string,
    parameters: readonly unknown[] = [],
    url = postgres.url('bench'),
  ) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(sql, [...parameters])).rows;
    } finally {
      await client.end();
    }
  };
  await query('CREATE DATABASE bench', [], postgres.url());
  await runMigrations(postgres.url('bench'));
  return new DetectionWorld({ url: postgres.url('bench'), query, close: () => Promise.resolve() });
}

/** Windows of `BATCH` series, full, and one point after the other. */
async function benchEngine(name: string, runner: GraphRunner): Promise<void> {
  const detector = new RobustWindowDetector();
  const states = Array.from({ length: BATCH }, () => detector.createState());
  const settings = states.map(() => SETTINGS);
  const tick = (i: number) =>
    detector.update(
      { time: timeOf(i), states, values: Float64Array.from(states, (_, s) => s + wobble(i * 7 + s)), settings },
      runner,
    );
  for (let i = 0; i < 130; i += 1) await tick(i);
  const cpu = process.cpuUsage();
  const ticks = 30;
  for (let i = 130; i < 130 + ticks; i += 1) await tick(i);
  print(name, (BATCH * ticks) / seconds(cpu), 'series/s and core');
}

async function benchBareRuns(runner: GraphRunner): Promise<void> {
  let captured: Parameters<GraphRunner>[0] | undefined;
  const detector = new RobustWindowDetector();
  const states = Array.from({ length: BATCH }, () => detector.createState());
  const settings = states.map(() => SETTINGS);
  for (let i = 0; i < 125; i += 1) {
    const values = Float64Array.from(states, (_, s) => s + wobble(i * 7 + s));
    await detector.update({ time: i, states, values, settings }, (inputs) =>
      robustWindowReference((captured = inputs)),
    );
  }
  const cpu = process.cpuUsage();
  for (let i = 0; i < 30; i += 1) await runner(captured!);
  print('bare model runs, batches of 1,000', (BATCH * 30) / seconds(cpu), 'series/s and core');
}

/** The whole job: read, resample, ONNX, scores recorded, committed. PostgreSQL's own CPU time is not in the figure. */
async function benchJob(world: DetectionWorld, count: number): Promise<void> {
  const worker = await world.worker();
  const environment = await world.environment({ maxSeries: count * 6 });
  const series: TestSeries[] = Array.from({ length: count }, (_, s) => ({
    labels: { __name__: 'bench_metric', instance: `host-${s % 100}`, series: String(s), run: newId().slice(0, 8) },
    at: (i) => s + wobble(i * 7 + s),
  }));
  await world.send(worker, environment, series, 0, 40);
  let started = performance.now();
  await score(40);
  console.log(
    `first tick with warm start and ${count * 4} new derived series: ${Math.round(performance.now() - started)} ms`,
  );
  const ticks = 8;
  let elapsed = 0;
  let cpuSeconds = 0;
  for (let i = 41; i < 41 + ticks; i += 1) {
    await world.send(worker, environment, series, i - 1, i);
    const cpu = process.cpuUsage();
    started = performance.now();
    await score(i);
    elapsed += (performance.now() - started) / 1000;
    cpuSeconds += seconds(cpu);
  }
  print(`job path, ${count} series`, (count * ticks) / elapsed, 'series/s by the clock');
  print(`job path, ${count} series`, (count * ticks) / cpuSeconds, 'series/s and core of the worker');
  const memory = process.memoryUsage();
  console.log(
    `resident memory with ${count} windows: ${Math.round(memory.rss / 2 ** 20)} MiB (array buffers ${Math.round(memory.arrayBuffers / 2 ** 20)} MiB)`,
  );

  async function score(index: number): Promise<void> {
    world.clock.time = timeOf(index) + 2_000;
    const shards = await worker.get(ShardPlan).shardsOf(environment.id);
    const scorer = worker.get(ShardScorer);
    for (const [shard, expected] of shards) {
      await scorer.scoreUntil({
        environmentId: environment.id,
        shard,
        series: expected,
        tick: timeOf(index),
        tickMs: STEP,
      });
    }
  }
}

function seconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function print(name: string, rate: number, unit: string): void {
  console.log(`${name}: ${Math.round(rate).toLocaleString('en')} ${unit}`);
}
