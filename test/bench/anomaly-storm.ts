import 'reflect-metadata';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { CALM } from '../../src/engine/detection/anomaly-tracker.js';
import { ShardRepository } from '../../src/modules/anomaly-detection/data/shard.repository.js';
import { ScoreColumns } from '../../src/modules/anomaly-detection/scoring/score-columns.js';
import { ShardCommit } from '../../src/modules/anomaly-detection/scoring/shard-commit.js';
import type { Shard, ShardSeries } from '../../src/modules/anomaly-detection/scoring/shard.js';
import type { AnomalyHappening, ScoredTicks } from '../../src/modules/anomaly-detection/scoring/tick-scorer.js';
import type { Environment } from '../../src/modules/environments/index.js';
import { runMigrations } from '../../src/platform/database/migrations.js';
import { DetectionWorld, START, STEP } from '../integration/anomaly-detection/support/world.js';
import { ModelMemories } from '../../src/modules/anomaly-detection/models/memory/model-memories.js';
import { WholeApplication } from '../integration/incidents/support/application.js';
import { EmbeddedServer } from '../support/embedded-server.js';

const PATIENCE_MS = 600_000;
const DETECTOR = 'channel-ensemble@3';

/** Statements that this process sent, by the part that they belong to. Those of the queue itself are left out. */
const sent = { detection: 0, incidents: 0 };

interface Figures {
  readonly series: number;
  readonly commitMs: number;
  readonly commitStatements: number;
  readonly endMs: number;
  readonly firstMs: number;
  readonly groupedMs: number;
  readonly updates: number;
  readonly statements: number;
  readonly timeline: number;
}

export async function run(sizes: readonly number[]): Promise<void> {
  countStatements();
  const postgres = await EmbeddedServer.start(['shared_buffers=128MB', 'max_wal_size=2GB']);
  try {
    const figures: Figures[] = [];
    for (const series of sizes) figures.push(await storm(postgres, series));
    console.table(
      figures.map((row) => ({
        series: row.series,
        'shard commit, ms': row.commitMs,
        'its statements': row.commitStatements,
        'commit of the ends, ms': row.endMs,
        'incident open, ms': row.firstMs,
        'all evidence in, ms': row.groupedMs,
        'IncidentUpdated events': row.updates,
        'statements of incidents': row.statements,
        'timeline entries': row.timeline,
      })),
    );
  } finally {
    await postgres.stop();
  }
}

async function storm(postgres: EmbeddedServer, count: number): Promise<Figures> {
  const name = `storm_${count}`;
  const query = async <Row extends object>(
    sql: string,
    parameters: readonly unknown[] = [],
    url = postgres.url(name),
  ) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(sql, [...parameters])).rows;
    } finally {
      await client.end();
    }
  };
  await query(`CREATE DATABASE ${name}`, [], postgres.url());
  await runMigrations(postgres.url(name));
  const world = new DetectionWorld({ url: postgres.url(name), query, close: () => Promise.resolve() });
  const worker = await world.worker();
  const environment = await world.environment();
  const app = await WholeApplication.start(postgres.url(name));
  const shard = shardOf(environment, count);
  await worker.get(ShardRepository).ensure(environment.id, 0, START);

  sent.detection = sent.incidents = 0;
  const started = performance.now();
  await worker
    .get(ShardCommit)
    .commit(DETECTOR, shard, START, ticks(START + STEP, [...shard.rows.values()].map(opened)));
  const commitMs = performance.now() - started;
  const commitStatements = sent.detection;
  const committed = performance.now();
  let firstMs = 0;
  for (let grouped = 0; grouped < count;) {
    if (performance.now() - committed > PATIENCE_MS) throw new Error(`only ${grouped} of ${count} after ten minutes`);
    await sleep(50);
    const [row] = await query<{ incidents: number; evidence: number }>(
      `SELECT (SELECT count(*)::int FROM incidents_incidents WHERE status <> 'resolved') AS incidents,
         (SELECT count(*)::int FROM incidents_evidence) AS evidence`,
    );
    if (row!.incidents > 0 && firstMs === 0) firstMs = performance.now() - committed;
    grouped = row!.incidents === 1 ? row!.evidence : 0;
  }
  const groupedMs = performance.now() - committed;
  const statements = sent.incidents;
  const [facts] = await query<{ updates: number; timeline: number }>(
    `SELECT (SELECT count(*)::int FROM platform_events WHERE type = 'incidents.incident-updated') AS updates,
       (SELECT count(*)::int FROM incidents_timeline) AS timeline`,
  );
  const before = performance.now();
  await worker
    .get(ShardCommit)
    .commit(DETECTOR, shard, START + STEP, ticks(START + 2 * STEP, [...shard.rows.values()].map(ended)));
  const endMs = performance.now() - before;
  await app.close();
  await worker.close();
  const rounded = [commitMs, endMs, firstMs, groupedMs].map(Math.round);
  return {
    series: count,
    commitMs: rounded[0]!,
    commitStatements,
    endMs: rounded[1]!,
    firstMs: rounded[2]!,
    groupedMs: rounded[3]!,
    updates: facts!.updates,
    statements,
    timeline: facts!.timeline,
  };
}

function shardOf(environment: Environment, count: number): Shard {
  const rows = Array.from({ length: count }, (_, index): [number, ShardSeries] => {
    const labels = { __name__: 'node_load1', job: 'node', instance: `host-${index % 100}:9100`, series: String(index) };
    const row = {
      series: { id: index + 1, labels },
      profile: { excluded: null, suppression: null, settings: {} },
      detection: { tracker: CALM },
      anomalyId: null,
    };
    // Only what the commit looks at.
    return [index + 1, row as unknown as ShardSeries];
  });
  return {
    environmentId: environment.id,
    number: 0,
    tickMs: STEP,
    cursor: START,
    rows: new Map(rows),
    learnedFrom: START,
    settingsVersion: '0.0',
    memories: new ModelMemories(),
    ledger: null,
    scored: null,
    seriesReadAt: START,
    snapshotAt: START,
    hasHistory: false,
  };
}

function ticks(until: number, happenings: AnomalyHappening[]): ScoredTicks {
  return { until, happenings, stateChanges: [], scores: new ScoreColumns([], 0), presence: null };
}

function opened(row: ShardSeries, index: number): AnomalyHappening {
  return { row, contributions: { residual: 1 }, event: { kind: 'opened', startedAt: START, peak: peakOf(index) } };
}

function ended(row: ShardSeries, index: number): AnomalyHappening {
  const endedAt = START + STEP;
  return {
    row,
    contributions: { residual: 1 },
    event: { kind: 'ended', endedAt, reason: 'calm', adopted: false, peak: peakOf(index) },
  };
}

function peakOf(index: number) {
  return { at: START, score: 1 + (index % 50) / 10, value: 8.4, yhat: 1.2, yhatLower: 0.3, yhatUpper: 2.1 };
}

function countStatements(): void {
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const text = typeof args[0] === 'string' ? args[0] : String((args[0] as { text?: string } | undefined)?.text ?? '');
    if (/anomaly_detection_|INTO platform_events/.test(text)) sent.detection += 1;
    if (
      /incidents_|pg_advisory_xact_lock/.test(text) &&
      !/count\(\*\)::int FROM incidents_incidents WHERE/.test(text)
    ) {
      sent.incidents += 1;
    }
    return query.apply(this, args);
  };
}
