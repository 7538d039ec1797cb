import 'reflect-metadata';
import { Client } from 'pg';
import type { GraphRunner } from '../../src/engine/detection/detector.js';
import { runMigrations } from '../../src/platform/database/migrations.js';
import { ModelRunner } from '../../src/platform/inference/model-runner.js';
import { DetectionWorld } from '../integration/anomaly-detection/support/world.js';
import { EmbeddedServer } from '../support/embedded-server.js';
import { nabAlarms, recordingAlarms } from './detection-alarms.js';
import { benchEngines } from './detection-engine.js';
import { benchJobs } from './detection-jobs.js';

const ROBUST_WINDOW = { id: 'robust-window', version: '1' };

interface Options {
  /** Only the engine's own figures, without database and jobs. */
  readonly engine: boolean;
  readonly series: readonly number[];
  readonly backlogTicks: number;
  readonly nab?: string;
  readonly recording?: string;
}

export async function run(options: Options): Promise<void> {
  if (options.engine) return benchEngines(null);
  const postgres = await EmbeddedServer.start(['shared_buffers=128MB', 'max_wal_size=2GB']);
  try {
    const world = await openWorld(postgres);
    const worker = await world.worker();
    const onnx: GraphRunner = (inputs) => worker.get(ModelRunner).run(ROBUST_WINDOW, inputs);
    await benchEngines(onnx);
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

export async function openWorld(postgres: EmbeddedServer): Promise<DetectionWorld> {
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
