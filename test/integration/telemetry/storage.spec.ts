import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SampleBatch } from '../../../src/kernel/time-series.js';
import type { Environment } from '../../../src/modules/environments/index.js';
import { identifySeries } from '../../../src/modules/telemetry/storage/series-identity.js';
import { SeriesRepository } from '../../../src/modules/telemetry/storage/series.repository.js';
import { MergeService } from '../../../src/modules/telemetry/storage/merge.service.js';
import { PackService } from '../../../src/modules/telemetry/storage/pack.service.js';
import { RetentionService } from '../../../src/modules/telemetry/storage/retention.service.js';
import { TelemetryReader } from '../../../src/modules/telemetry/telemetry.reader.js';
import { TelemetryWriter } from '../../../src/modules/telemetry/telemetry.writer.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seededRandom } from './support/random.js';
import {
  DAY,
  HOUR,
  KnownEnvironments,
  SettableClock,
  createEnvironment,
  startTelemetryProcess,
} from './support/telemetry-process.js';

const NOW = Date.UTC(2026, 10, 21, 10, 30);

let database: TestDatabase;
let app: TestingModule;
const clock = new SettableClock(NOW);
const environments = new KnownEnvironments();

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTelemetryProcess({
    databaseUrl: database.url,
    clock,
    environments,
    config: { packAfterSamples: 1_000, mergeGraceSeconds: 600 },
  });
});

afterAll(async () => {
  await app?.close();
  await database?.close();
});

/** What storage must look like: the last write of each series and millisecond. */
class Model {
  readonly series = new Map<number, Map<number, number>>();

  write({ seriesIds, times, values }: SampleBatch): void {
    seriesIds.forEach((id, i) => {
      if (!this.series.has(id)) this.series.set(id, new Map());
      this.series.get(id)!.set(times[i]!, values[i]!);
    });
  }

  read(id: number, from: number, to: number): [number, number][] {
    return [...(this.series.get(id) ?? [])].filter(([time]) => time >= from && time < to).sort(([a], [b]) => a - b);
  }
}

async function readAll(environment: Environment, ids: readonly number[], from: number, to: number) {
  const windows = await app.get(TelemetryReader).readSamples(environment.id, ids, { from, to });
  return ids.map((id) => {
    const window = windows.get(id);
    return window ? Array.from(window.times, (time, i) => [time, window.values[i]!] as [number, number]) : [];
  });
}

async function expectModel(environment: Environment, model: Model, ids: readonly number[], from: number, to: number) {
  const found = await readAll(environment, ids, from, to);
  ids.forEach((id, i) => expect(found[i], `series ${id}`).toEqual(model.read(id, from, to)));
}

async function resolve(environment: Environment, count: number): Promise<Int32Array> {
  return app.get(TelemetryWriter).resolveSeries(
    environment.id,
    Array.from({ length: count }, (_, i) => ({ labels: { __name__: 'node_load1', instance: `host-${i}` } })),
  );
}

async function rows(table: string, environment: Environment): Promise<number> {
  const column = table === 'telemetry_journal' ? 'environment_id' : 'environment_key';
  const value = table === 'telemetry_journal' ? environment.id : environment.key;
  const [row] = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${column} = $1`, [
    value,
  ]);
  return row!.n;
}

function batchOf(entries: readonly (readonly [id: number, time: number, value: number])[]): SampleBatch {
  return {
    seriesIds: Int32Array.from(entries, ([id]) => id),
    times: Float64Array.from(entries, ([, time]) => time),
    values: Float64Array.from(entries, ([, , value]) => value),
  };
}

describe('storage of samples', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'reads what was written, before and after packing and merging (seed %i)',
    async (seed) => {
      clock.time = NOW;
      const random = seededRandom(seed);
      const pick = (n: number) => Math.floor(random() * n);
      const environment = await createEnvironment(database, environments);
      const ids = [...(await resolve(environment, 7))];
      const model = new Model();
      const values = [0, -0, 1.5, NaN, Infinity, -Infinity, 1e300, 5e-324, 42, 123456.789];

      for (let step = 0; step < 60; step++) {
        const kind = random();
        if (kind < 0.7) {
          // Recent, duplicated, out of order, and now and then hours or days late.
          const entries = Array.from({ length: 1 + pick(120) }, () => {
            const late = random() < 0.1 ? pick(3 * DAY) : random() < 0.3 ? pick(3 * HOUR) : pick(10 * 60_000);
            const time = clock.time - late - (random() < 0.5 ? pick(60_000) : 0);
            return [ids[pick(ids.length)]!, Math.floor(time / 5_000) * 5_000, values[pick(values.length)]!] as const;
          });
          const batch = batchOf(entries);
          await app.get(TelemetryWriter).append(environment.id, batch);
          model.write(batch);
        } else if (kind < 0.85) await app.get(PackService).pack(environment);
        else if (kind < 0.92) await app.get(MergeService).merge(environment);
        else clock.time += pick(40 * 60_000);

        const from = clock.time - pick(4 * DAY);
        await expectModel(environment, model, ids, from, from + pick(2 * DAY));
      }
      await app.get(PackService).pack(environment);
      expect(await rows('telemetry_journal', environment)).toBe(0);
      await expectModel(environment, model, ids, NOW - 5 * DAY, NOW + 2 * DAY);

      clock.time += 2 * HOUR;
      await database.query(`UPDATE telemetry_late_hours SET last_written_at = now() - interval '1 hour'`);
      await app.get(MergeService).merge(environment);
      expect(await rows('telemetry_chunks_recent', environment)).toBe(0);
      await expectModel(environment, model, ids, NOW - 5 * DAY, NOW + 2 * DAY);
      const [pieces] = await database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM (SELECT 1 FROM telemetry_chunks WHERE environment_key = $1
        GROUP BY series_id, date_trunc('hour', start_time) HAVING count(*) > 1) doubled`,
        [environment.key],
      );
      expect(pieces!.n, 'chunks per series and hour').toBe(0);
    },
  );

  it('takes a half-open range', async () => {
    clock.time = NOW;
    const environment = await createEnvironment(database, environments);
    const [id] = await resolve(environment, 1);
    await app.get(TelemetryWriter).append(environment.id, batchOf([0, 1, 2, 3].map((i) => [id!, NOW + i, i])));
    expect(await readAll(environment, [id!], NOW + 1, NOW + 3)).toEqual([
      [
        [NOW + 1, 1],
        [NOW + 2, 2],
      ],
    ]);
    await app.get(PackService).pack(environment);
    expect(await readAll(environment, [id!], NOW + 1, NOW + 3)).toEqual([
      [
        [NOW + 1, 1],
        [NOW + 2, 2],
      ],
    ]);
    expect(await readAll(environment, [id!], NOW + 3, NOW + 3)).toEqual([[]]);
    expect(await readAll(environment, [id!], Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toHaveLength(1);
  });

  it('lets two processes pack at once without doubling or losing a sample', async () => {
    clock.time = NOW;
    const other = await startTelemetryProcess({
      databaseUrl: database.url,
      clock,
      environments,
      config: { packAfterSamples: 1_000 },
    });
    try {
      const environment = await createEnvironment(database, environments);
      const ids = [...(await resolve(environment, 50))];
      let sent = 0;
      for (let round = 0; round < 20; round++) {
        const batch = batchOf(ids.map((id, i) => [id, NOW - 60_000 + round * 1_000, round + i]));
        await app.get(TelemetryWriter).append(environment.id, batch);
        sent += ids.length;
        if (round % 4 === 3) {
          await Promise.all([app.get(PackService).pack(environment), other.get(PackService).pack(environment)]);
        }
      }
      await app.get(PackService).pack(environment);
      const [stored] = await database.query<{ n: number }>(
        'SELECT sum(samples)::int AS n FROM telemetry_chunks_recent WHERE environment_key = $1',
        [environment.key],
      );
      expect(stored!.n).toBe(sent);
      expect(await rows('telemetry_journal', environment)).toBe(0);
    } finally {
      await other.close();
    }
  });

  it('reads complete windows while another process packs and merges', async () => {
    clock.time = NOW;
    const other = await startTelemetryProcess({ databaseUrl: database.url, clock, environments });
    try {
      const environment = await createEnvironment(database, environments);
      const ids = [...(await resolve(environment, 20))];
      const start = NOW - 2 * HOUR;
      let written = 0;
      let done = false;
      const packing = (async () => {
        while (!done) {
          await other.get(PackService).pack(environment);
          await other.get(MergeService).merge(environment);
        }
      })();
      for (let round = 0; round < 60; round++) {
        await app
          .get(TelemetryWriter)
          .append(environment.id, batchOf(ids.map((id) => [id, start + round * 1_000, round])));
        written++;
        const windows = await app.get(TelemetryReader).readSamples(environment.id, ids, { from: start, to: NOW });
        for (const id of ids) expect(windows.get(id)?.times.length, `series ${id} in round ${round}`).toBe(written);
      }
      done = true;
      await packing;
    } finally {
      await other.close();
    }
  });

  it('drops partitions past retention and purges series that nobody sends', async () => {
    clock.time = NOW;
    const environment = await createEnvironment(database, environments, { retentionDays: 3 });
    const ids = [...(await resolve(environment, 2))];
    await app
      .get(TelemetryWriter)
      .append(
        environment.id,
        batchOf([0, 1, 2].flatMap((day) => ids.map((id) => [id, NOW - day * DAY, day] as const))),
      );
    await app.get(PackService).pack(environment);
    clock.time = NOW + 2 * DAY;
    await database.query(`UPDATE telemetry_series SET last_seen_at = now() - interval '5 days' WHERE id = $1`, [
      ids[1],
    ]);
    await app.get(RetentionService).maintain(environment);
    expect(await readAll(environment, [ids[0]!], NOW - 5 * DAY, NOW + DAY)).toEqual([
      [
        [NOW - DAY, 1],
        [NOW, 0],
      ],
    ]);
    expect((await app.get(TelemetryReader).seriesByIds(environment.id, ids)).map(({ id }) => id)).toEqual([ids[0]]);
  });

  it('drops the storage of a deleted environment, and nothing else', async () => {
    clock.time = NOW;
    const doomed = await createEnvironment(database, environments);
    const kept = await createEnvironment(database, environments);
    for (const environment of [doomed, kept]) {
      const ids = await resolve(environment, 3);
      await app.get(TelemetryWriter).append(environment.id, batchOf([...ids].map((id) => [id, NOW, 1])));
      await app.get(PackService).pack(environment);
    }
    await app.get(RetentionService).drop(doomed.key);
    expect(await rows('telemetry_chunks_recent', doomed), 'still registered').toBe(3);

    await database.query('DELETE FROM environments_environments WHERE id = $1', [doomed.id]);
    environments.known.splice(environments.known.indexOf(doomed), 1);
    await app.get(RetentionService).dropOrphans();
    const tables = await database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname LIKE 'telemetry_chunks%\\_e' || $1 || '%'`,
      [doomed.key],
    );
    expect(tables).toEqual([]);
    expect(await rows('telemetry_chunks_recent', kept)).toBe(3);
  });

  it('sets a damaged journal row aside and goes on', async () => {
    clock.time = NOW;
    const environment = await createEnvironment(database, environments);
    const [id] = await resolve(environment, 1);
    await app.get(TelemetryWriter).append(environment.id, batchOf([[id!, NOW - 2, 1]]));
    await database.query(`UPDATE telemetry_journal SET payload = '\\xdeadbeef' WHERE environment_id = $1`, [
      environment.id,
    ]);
    await app.get(TelemetryWriter).append(environment.id, batchOf([[id!, NOW - 1, 2]]));
    await app.get(PackService).pack(environment);
    expect(await readAll(environment, [id!], NOW - 10, NOW)).toEqual([[[NOW - 1, 2]]]);
    const [left] = await database.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM telemetry_journal WHERE environment_id = $1 AND quarantined_at IS NOT NULL',
      [environment.id],
    );
    expect(left!.n).toBe(1);
  });
});

describe('series', () => {
  it('keeps a received series apart from the one we compute under the same labels', async () => {
    const environment = await createEnvironment(database, environments);
    const writer = app.get(TelemetryWriter);
    const labels = { __name__: 'anomaly_score', for: 'up' };
    const [source, received] = await writer.resolveSeries(environment.id, [{ labels: { __name__: 'up' } }, { labels }]);
    const [derived] = await writer.resolveSeries(environment.id, [{ labels, derivedFrom: source! }]);
    expect(derived).not.toBe(received);
    expect([...(await writer.resolveSeries(environment.id, [{ labels }, { labels, derivedFrom: source! }]))]).toEqual([
      received,
      derived,
    ]);
  });

  it('gives the last free place to all who ask for it with the same series at once', async () => {
    const environment = await createEnvironment(database, environments, { maxSeries: 2 });
    const row = (name: string) => ({
      identity: identifySeries({ __name__: name }),
      labels: { __name__: name },
      metricType: 'unknown' as const,
      derivedFrom: null,
    });
    const repository = app.get(SeriesRepository);
    const answers = await Promise.all(
      [1, 2, 3].map(() => repository.create(environment, [row('first'), row('second'), row('third')])),
    );
    const names = answers.map((made) => made.map(({ hash }) => hash).sort());
    expect(names[0]).toEqual([row('first'), row('second')].map(({ identity }) => identity.hash).sort());
    expect(names).toEqual([names[0], names[0], names[0]]);
  });
});
