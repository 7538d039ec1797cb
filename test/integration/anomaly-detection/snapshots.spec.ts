import { deflateSync, inflateSync } from 'node:zlib';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HistoryLearner } from '../../../src/modules/anomaly-detection/scoring/history-learner.js';
import { SnapshotReader } from '../../../src/modules/anomaly-detection/scoring/snapshot-reader.js';
import { decodeSnapshot, encodeSnapshot } from '../../../src/modules/anomaly-detection/scoring/snapshot-codec.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { DetectionWorld, STEP, timeOf, wobble, type TestSeries } from './support/world.js';

const FLEET: readonly TestSeries[] = [
  { labels: { __name__: 'node_load1' }, at: (i) => (i > 100 && i <= 121 ? 8 : 0.4 + 0.1 * wobble(i)) },
  { labels: { __name__: 'queue_depth' }, at: (i) => (i > 105 && i <= 115 ? 900 : 20 + wobble(i)) },
  { labels: { __name__: 'node_memory_MemAvailable_bytes' }, at: (i) => 8e9 + 1e7 * wobble(i) },
];
const SHARD = `environment_id = $1 AND kind = 'scoring'`;

describe('snapshots of states', () => {
  let world: DetectionWorld;
  let worker: TestingModule;
  let expected: Record<string, unknown>[];
  let environment: Environment;
  beforeAll(async () => {
    world = await DetectionWorld.create();
    worker = await world.worker();
    const undisturbed = await world.environment();
    await live(undisturbed, 60, 140, worker);
    expected = await world.anomalies(undisturbed);
    expect(expected).toHaveLength(2);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    environment = await world.environment();
  });

  async function live(into: Environment, from: number, to: number, by: TestingModule): Promise<void> {
    if (from === 60) await world.send(worker, into, FLEET, 0, 59);
    for (let i = from; i <= to; i += 1) {
      await world.send(worker, into, FLEET, i - 1, i);
      await world.score(by, into, i);
    }
  }

  async function snapshot(): Promise<{ takenUntil: Date; detector: string; states: Buffer }> {
    const [row] = await world.database.query<{ takenUntil: Date; detector: string; states: Buffer }>(
      `SELECT taken_until AS "takenUntil", detector, states FROM anomaly_detection_snapshots WHERE ${SHARD}`,
      [environment.id],
    );
    return row!;
  }

  async function replaceStates(states: Buffer): Promise<void> {
    await world.database.query(`UPDATE anomaly_detection_snapshots SET states = $2 WHERE ${SHARD}`, [
      environment.id,
      states,
    ]);
  }

  async function forgetSamples(): Promise<void> {
    for (const table of ['telemetry_journal', 'telemetry_chunks_recent', 'telemetry_chunks']) {
      const { key } = environment;
      await world.database.query(`DELETE FROM ${table} WHERE environment_key = $1`, [key]);
    }
  }

  it('is written at the first tick and then as often as is configured, never ahead of what was scored', async () => {
    await live(environment, 60, 61, worker);
    expect((await snapshot()).takenUntil.getTime()).toBe(timeOf(60));
    await live(environment, 62, 125, worker);
    const taken = (await snapshot()).takenUntil.getTime();
    expect(taken).toBeGreaterThan(timeOf(125 - 61));
    expect(taken).toBeLessThanOrEqual(timeOf(125));
  });

  it('is enough to go on, without the history that it was made from', async () => {
    await live(environment, 60, 60, worker);
    await forgetSamples();
    await live(environment, 61, 140, await world.worker());
    expect(await world.anomalies(environment)).toEqual(expected);
  });

  it('is restored in the middle of an anomaly', async () => {
    await live(environment, 60, 110, worker);
    await live(environment, 111, 140, await world.worker());
    expect(await world.anomalies(environment)).toEqual(expected);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['overwritten', (bytes) => Buffer.from(bytes).fill(0xa5, 20, 60)],
    ['empty', () => Buffer.alloc(0)],
    ['of another format', () => deflateSync(Buffer.from('something else, and rather longer than a header'))],
  ])('is made anew from history when it is %s', async (_, damage) => {
    await live(environment, 60, 104, worker);
    await replaceStates(damage((await snapshot()).states));
    await live(environment, 105, 140, await world.worker());
    expect(await world.anomalies(environment)).toEqual(expected);
    const [row] = await world.database.query<{ states: Buffer }>(
      `SELECT states FROM anomaly_detection_snapshots WHERE ${SHARD}`,
      [environment.id],
    );
    expect(await worker.get(SnapshotReader).entriesOf(row!)).toHaveLength(3);
  });

  it('costs only the series whose state is damaged its memory', async () => {
    await live(environment, 60, 104, worker);
    const entries = decodeSnapshot(inflateSync((await snapshot()).states));
    const damaged = entries.map((entry, i) => (i === 0 ? { ...entry, state: Buffer.from('gone') } : entry));
    await replaceStates(deflateSync(encodeSnapshot(damaged)));
    await live(environment, 105, 140, await world.worker());
    expect(await world.anomalies(environment)).toEqual(expected);
  });

  it('is not used when another version of the detector wrote it', async () => {
    await live(environment, 60, 104, worker);
    await world.database.query(`UPDATE anomaly_detection_snapshots SET detector = 'other@7' WHERE ${SHARD}`, [
      environment.id,
    ]);
    const fresh = await world.worker();
    await live(environment, 105, 140, fresh);
    expect(await world.anomalies(environment)).toEqual(expected);
    expect((await snapshot()).detector).toMatch(/^channel-ensemble@/);
  });

  it('is not used when it is ahead of what was committed', async () => {
    await live(environment, 60, 104, worker);
    await world.database.query(`UPDATE anomaly_detection_snapshots SET taken_until = $2 WHERE ${SHARD}`, [
      environment.id,
      new Date(timeOf(110)),
    ]);
    await live(environment, 105, 140, await world.worker());
    expect(await world.anomalies(environment)).toEqual(expected);
  });

  it('is handed over by whoever learned a longer history in the background', async () => {
    const short = { learnAtOncePoints: 0, warmStartMinutes: 10 };
    const hasty = await world.worker(short);
    await live(environment, 60, 70, hasty);
    const learnedFrom = async () => {
      const [row] = await world.database.query<{ at: Date }>(
        `SELECT learned_from AS at FROM anomaly_detection_shards WHERE environment_id = $1`,
        [environment.id],
      );
      return row!.at.getTime();
    };
    expect(await learnedFrom()).toBe(timeOf(59) - 600_000);
    const [shard] = await world.database.query<{ shard: number }>(
      `SELECT shard FROM anomaly_detection_shards WHERE environment_id = $1`,
      [environment.id],
    );
    const target = { environmentId: environment.id, shard: shard!.shard, tickMs: STEP };
    await hasty.get(HistoryLearner).learn(target, new AbortController().signal);
    await live(environment, 71, 72, hasty);
    expect(await learnedFrom()).toBeLessThanOrEqual(timeOf(0));
    const left = await world.database.query(
      `SELECT 1 FROM anomaly_detection_snapshots WHERE environment_id = $1 AND kind = 'learned'`,
      [environment.id],
    );
    expect(left).toEqual([]);
    // A process that knows nothing of it goes on with the same states.
    await live(environment, 73, 140, await world.worker(short));
    expect(await world.anomalies(environment)).toEqual(expected);
  });
});
