import 'reflect-metadata';
import { Database } from '../../src/platform/database/database.js';
import { SilenceRepository } from '../../src/modules/anomaly-detection/data/silence.repository.js';
import { PresenceRecorder } from '../../src/modules/anomaly-detection/scoring/silence/presence.js';
import { SilenceWatch } from '../../src/modules/anomaly-detection/scoring/silence/silence-watch.js';
import { TelemetryWriter } from '../../src/modules/telemetry/index.js';
import { STEP, timeOf } from '../integration/anomaly-detection/support/world.js';
import { EmbeddedServer } from '../support/embedded-server.js';
import { openWorld } from './detection.js';

const SHARD = 1_000;
const TICKS = 40;
/** An hour, which has to be regular before anything is silent. */
const LEAD = 260;
const SILENT_FOR = 21;
const METRICS = 40;

/** Presence as scoring notes it, and what the pass over all shards makes of it, on a database of its own. */
export async function run(count: number, services: number): Promise<void> {
  const postgres = await EmbeddedServer.start(['shared_buffers=128MB', 'max_wal_size=2GB']);
  try {
    const world = await openWorld(postgres);
    const worker = await world.worker({ shardSize: SHARD });
    const environment = await world.environment({ maxSeries: count });
    const ids: number[] = [];
    for (let i = 0; i < count; i += 10_000) {
      const some = Array.from({ length: Math.min(10_000, count - i) }, (_, k) => ({
        labels: {
          __name__: `metric_${(i + k) % METRICS}`,
          service: `service-${Math.floor((i + k) / METRICS) % services}`,
          node: `node-${i + k}`,
        },
        metricType: 'gauge' as const,
      }));
      ids.push(...(await worker.get(TelemetryWriter).resolveSeries(environment.id, some)));
    }
    const shards = byShard(ids);
    const [database, silences, watch] = [worker.get(Database), worker.get(SilenceRepository), worker.get(SilenceWatch)];
    for (const shard of shards.keys()) {
      await world.database.query(
        `INSERT INTO anomaly_detection_shards (environment_id, shard, scored_until) VALUES ($1, $2, $3)`,
        [environment.id, shard, new Date(timeOf(0))],
      );
    }
    const likes = METRICS * services;
    console.log(`${count.toLocaleString('en')} series, ${likes.toLocaleString('en')} likes, ${shards.size} shards:`);

    /** What all shards note and write of some ticks; the values of silent services are not there. */
    const note = async (from: number, ticks: number, silent: (id: number) => boolean): Promise<Spent> => {
      const recorders = [...shards].map(([shard, members]) => {
        const values = Float64Array.from(members, (id) => (silent(id) ? NaN : 1));
        return { shard, values, recorder: new PresenceRecorder(members, shard, SHARD, ticks) };
      });
      const recorded = await timed(() => {
        for (const { recorder, values } of recorders) for (let t = 0; t < ticks; t += 1) recorder.add(values);
      });
      const until = timeOf(from + ticks);
      const stored = await timed(async () => {
        for (const { shard, recorder } of recorders) {
          const presence = { shard, shardSize: SHARD, from: timeOf(from), until, tickMs: STEP, bits: recorder.bits };
          await database.transaction((tx) => silences.addPresence(tx, environment.id, presence));
        }
      });
      await world.database.query(`UPDATE anomaly_detection_shards SET scored_until = $2 WHERE environment_id = $1`, [
        environment.id,
        new Date(until),
      ]);
      return { wall: recorded.wall + stored.wall, cpu: recorded.cpu + stored.cpu };
    };
    const none = () => false;
    await note(0, LEAD, none);
    const first = await timed(() => watch.advance(environment.id, STEP));
    console.log(`  first ${LEAD} ticks at once, labels of all series read: ${seconds(first)}`);
    const noted: Spent = { wall: 0, cpu: 0 };
    const passed: Spent = { wall: 0, cpu: 0 };
    for (let tick = 0; tick < TICKS; tick += 1) {
      add(noted, await note(LEAD + tick, 1, none));
      add(passed, await timed(() => watch.advance(environment.id, STEP)));
    }
    console.log(`  a tick: noted and stored by shards ${each(noted)}, the pass over them ${each(passed)}`);

    const gone = new Set(ids.filter((_, i) => Math.floor(i / METRICS) % services < services / 10));
    await note(LEAD + TICKS, SILENT_FOR, (id) => gone.has(id));
    const storm = await timed(() => watch.advance(environment.id, STEP));
    const [row] = await world.database.query<{ anomalies: number; groups: number }>(
      `SELECT count(*)::int AS anomalies, count(DISTINCT group_id)::int AS groups
       FROM anomaly_detection_anomalies WHERE environment_id = $1`,
      [environment.id],
    );
    console.log(
      `  a tenth of the services falls silent at once: ${row!.anomalies} anomalies in ${row!.groups} group, ${seconds(storm)}`,
    );
    const restarted = await world.worker({ shardSize: SHARD });
    await note(LEAD + TICKS + SILENT_FOR, 1, (id) => gone.has(id));
    const restart = await timed(() => restarted.get(SilenceWatch).advance(environment.id, STEP));
    const [size] = await world.database.query<{ bytes: number }>(
      `SELECT length(snapshot) AS bytes FROM anomaly_detection_silence WHERE environment_id = $1`,
      [environment.id],
    );
    console.log(
      `  another worker's turn, from the snapshot: ${seconds(restart)}; a snapshot takes ${Math.round(size!.bytes / 1024)} KiB`,
    );
    await restarted.close();
    await worker.close();
  } finally {
    await postgres.stop();
  }
}

interface Spent {
  wall: number;
  cpu: number;
}

async function timed(work: () => unknown): Promise<Spent> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - start) / 1e3, cpu: (user + system) / 1e6 };
}

function add(sum: Spent, { wall, cpu }: Spent): void {
  sum.wall += wall;
  sum.cpu += cpu;
}

function seconds({ wall, cpu }: Spent): string {
  return `${wall.toFixed(2)} s by the clock, ${cpu.toFixed(2)} s of CPU`;
}

function each({ wall, cpu }: Spent): string {
  return `${((wall / TICKS) * 1e3).toFixed(0)} ms by the clock (${((cpu / TICKS) * 1e3).toFixed(1)} ms of CPU)`;
}

function byShard(ids: readonly number[]): Map<number, number[]> {
  const shards = new Map<number, number[]>();
  for (const id of ids) {
    const shard = Math.floor(id / SHARD);
    const members = shards.get(shard);
    if (members) members.push(id);
    else shards.set(shard, [id]);
  }
  return shards;
}
