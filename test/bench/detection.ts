import 'reflect-metadata';
import { Client } from 'pg';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../../src/engine/detection/ensemble/ensemble-settings.js';
import { ChannelEnsemble } from '../../src/engine/detection/ensemble/channel-ensemble.js';
import type { Detector, GraphRunner, SeriesSettings } from '../../src/engine/detection/detector.js';
import { robustWindowReference } from '../../src/engine/detection/robust-window.graph.js';
import { RobustWindowDetector } from '../../src/engine/detection/robust-window.js';
import { runMigrations } from '../../src/platform/database/migrations.js';
import { ModelRunner } from '../../src/platform/inference/model-runner.js';
import { DetectionWorld, timeOf, wobble } from '../integration/anomaly-detection/support/world.js';
import { EmbeddedServer } from '../support/embedded-server.js';
import { nabAlarms, recordingAlarms } from './detection-alarms.js';
import { benchJobs } from './detection-jobs.js';

const BATCH = 1_000;
const SETTINGS: SeriesSettings = { minimumDeviation: 0.1, minimumRelativeDeviation: 0.2, sensitivity: 6 };
const ROBUST_WINDOW = { id: 'robust-window', version: '1' };

interface Options {
  readonly series: readonly number[];
  readonly backlogTicks: number;
  readonly nab?: string;
  readonly recording?: string;
}

export async function run(options: Options): Promise<void> {
  const postgres = await EmbeddedServer.start(['shared_buffers=128MB', 'max_wal_size=2GB']);
  try {
    const world = await openWorld(postgres);
    const worker = await world.worker();
    const onnx: GraphRunner = (inputs) => worker.get(ModelRunner).run(ROBUST_WINDOW, inputs);
    console.log('The engine alone, 1,000 series at a time, states full:');
    await benchEngine('channel-ensemble', new ChannelEnsemble(DEFAULT_ENSEMBLE_SETTINGS), robustWindowReference);
    await benchEngine('robust-window, ONNX', new RobustWindowDetector(), onnx);
    await benchBareRuns('bare session.run of robust-window', onnx);
    // The first detector through the same path, to compare with.
    await benchJobs(world, 'robust-window', options.series[0]!, 0);
    for (const series of options.series) await benchJobs(world, 'channel-ensemble', series, options.backlogTicks);
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

/** One point after the other for `BATCH` series. */
async function benchEngine(name: string, detector: Detector, runner: GraphRunner): Promise<void> {
  const states = Array.from({ length: BATCH }, () => detector.createState());
  const settings = states.map(() => SETTINGS);
  const values = new Float64Array(BATCH);
  const tick = (i: number) => {
    for (let s = 0; s < BATCH; s += 1) values[s] = s + wobble(i * 7 + s);
    return detector.update({ time: timeOf(i), states, values, settings }, runner);
  };
  for (let i = 0; i < 400; i += 1) await tick(i);
  const cpu = process.cpuUsage();
  const ticks = 200;
  for (let i = 400; i < 400 + ticks; i += 1) await tick(i);
  print(name, (BATCH * ticks) / seconds(cpu), 'points/s and core');
  const bytes = states.reduce((sum, state) => sum + detector.serialise(state).length, 0);
  console.log(
    `  ${name}: ${Math.round(bytes / BATCH).toLocaleString('en')} bytes of state per series, as kept in snapshots`,
  );
}

async function benchBareRuns(name: string, runner: GraphRunner): Promise<void> {
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
  print(name, (BATCH * 30) / seconds(cpu), 'series/s and core');
}

function seconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function print(name: string, rate: number, unit: string): void {
  console.log(`  ${name}: ${Math.round(rate).toLocaleString('en')} ${unit}`);
}
