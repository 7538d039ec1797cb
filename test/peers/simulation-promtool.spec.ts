import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CELLS_PER_STATION } from '../../src/engine/simulation/model/parameters.types.js';
import { createSimulation, stepSimulation } from '../../src/engine/simulation/simulation.js';
import type { Simulation } from '../../src/engine/simulation/simulation.types.js';
import { writeOpenMetricsBlock } from '../../src/engine/simulation/telemetry/formats/open-metrics-run.js';
import { writeOpenMetrics } from '../../src/engine/simulation/telemetry/formats/open-metrics.js';
import { writePrometheusText } from '../../src/engine/simulation/telemetry/formats/prometheus-text.js';
import { gatherBlocks } from '../../src/engine/simulation/telemetry/formats/run-block.js';
import { lastScrape } from '../../src/engine/simulation/telemetry/telemetry.js';
import { freePort } from '../support/embedded-server.js';
import { ask } from '../support/http-client.js';
import { describePeer, type PeerProcess, startPeer } from '../support/peers.js';
import { fixtureFault, fixtureScenario } from '../support/simulation/scenario-fixture.js';

/** What promtool's linter has against the names that the real exporters use. */
const KNOWN_COMPLAINTS = [
  'kafka_consumergroup_lag_sum non-histogram and non-summary metrics should not have "_sum" suffix',
  "node_memory_MemAvailable_bytes metric names should be written in 'snake_case' not 'camelCase'",
  "node_memory_MemTotal_bytes metric names should be written in 'snake_case' not 'camelCase'",
  'pg_locks_count non-histogram and non-summary metrics should not have "_count" suffix',
  'pg_stat_activity_count non-histogram and non-summary metrics should not have "_count" suffix',
  ...['blks_hit', 'blks_read', 'deadlocks', 'xact_commit', 'xact_rollback'].map(
    (name) => `pg_stat_database_${name} counter metrics should have "_total" suffix`,
  ),
];

describePeer(['promtool', 'prometheus'], 'a run in a real Prometheus', (binary) => {
  const SECONDS = 900;
  let folder: string;
  let simulation: Simulation;
  let prometheus: PeerProcess | undefined;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dsim-test-promtool-'));
    const faults = [fixtureFault({ kind: 'dependency-down', target: { store: 'db' }, at: 300, duration: 120 })];
    simulation = createSimulation(fixtureScenario({ faults }), { solver: 'discrete-event' });
    const data = join(folder, 'data');
    mkdirSync(data);
    const files: string[] = [];
    // Blocks of five minutes: several files, as a long run has them.
    const gatherer = gatherBlocks(
      (block) => {
        const file = join(folder, `${block.index}.om`);
        files.push(file);
        writeOpenMetricsBlock(block, (chunk) => appendFileSync(file, chunk));
      },
      { blockMs: 300_000 },
    );
    for (let i = 0; i < SECONDS; i++) stepSimulation(simulation, { scrape: gatherer.add });
    gatherer.end();
    expect(files).toHaveLength(4);
    for (const file of files)
      execFileSync(binary('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', '-q', file, data]);
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, 'global: {}\n');
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    prometheus = await startPeer(
      binary('prometheus'),
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=${address}`,
      ],
      async () => (await ask(`${url}/-/ready`)).status === 200,
    );
  });
  afterAll(async () => {
    await prometheus?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function query(expression: string, seconds = SECONDS): Promise<number> {
    const time = simulation.fleet.scenario.start / 1000 + seconds;
    const { body } = await ask<{ data: { result: { value: [number, string] }[] } }>(
      `${url}/api/v1/query?query=${encodeURIComponent(expression)}&time=${time}`,
    );
    return Number(body.data.result[0]?.value[1] ?? NaN);
  }

  function flowed(service: string): { readonly ok: number; readonly failed: number } {
    const { fleet, state } = simulation;
    const { operationStride } = fleet.network;
    const { station } = fleet.deployments.find(({ name }) => name === service)!;
    let ok = 0;
    let failed = 0;
    const first = station * CELLS_PER_STATION * operationStride;
    for (let row = first; row < first + CELLS_PER_STATION * operationStride; row++) {
      const { flows } = state;
      ok += flows.ok[row]!;
      failed += flows.failedOwn[row]! + flows.failedDependency[row]! + flows.failedTimeout[row]! + flows.rejected[row]!;
    }
    return { ok, failed };
  }

  it('answers with what flowed', async () => {
    for (const service of ['web', 'api', 'worker']) {
      const { ok, failed } = flowed(service);
      expect(await query(`sum(http_requests_total{service="${service}"})`)).toBe(ok + failed);
      expect(await query(`sum(http_requests_total{service="${service}",code=~"2.."})`)).toBe(ok);
      expect(await query(`sum(http_request_duration_seconds_count{service="${service}"})`)).toBe(ok + failed);
    }
    expect(flowed('api').failed).toBeGreaterThan(100);
  });

  it('lets the usual rules work', async () => {
    const errors = `sum(rate(http_requests_total{service="api",code=~"5.."}[2m])) / sum(rate(http_requests_total{service="api"}[2m]))`;
    expect(await query(errors, 290)).toBe(0);
    expect(await query(errors, 420)).toBeGreaterThan(0.1);
    expect(
      await query('histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))'),
    ).toBeLessThan(1);
    expect(await query('sum(kube_deployment_status_replicas_available) - sum(kube_deployment_spec_replicas)')).toBe(0);
    expect(await query('avg(1 - rate(node_cpu_seconds_total{mode="idle"}[5m]))')).toBeLessThan(0.5);
    expect(await query('count(up == 1)')).toBe(await query('count(up)'));
    expect(
      await query(
        'sum(rate(container_cpu_usage_seconds_total{container!="",image!=""}[5m])) / sum(kube_pod_container_resource_requests{resource="cpu"})',
      ),
    ).toBeGreaterThan(0.05);
  });

  it('is told nothing of a single scrape that the real exporters do not get told', () => {
    let text = '';
    writePrometheusText(lastScrape(simulation.fleet, simulation.state), (chunk) => (text += chunk));
    const { stdout, stderr } = spawnSync(binary('promtool'), ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(`${stdout}${stderr}`.trim().split('\n').sort()).toEqual([...KNOWN_COMPLAINTS].sort());
  });

  it('reads a single scrape as OpenMetrics', () => {
    const file = join(folder, 'single.om');
    const frame = lastScrape(simulation.fleet, simulation.state);
    writeOpenMetrics(frame, (chunk) => appendFileSync(file, chunk), { timestamps: true });
    const other = join(folder, 'other');
    mkdirSync(other);
    execFileSync(binary('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', '-q', file, other]);
    const samples = frame.values.filter((value, slot) => frame.series[slot] !== null && !Number.isNaN(value)).length;
    const listed = execFileSync(binary('promtool'), ['tsdb', 'list', other], { encoding: 'utf8' });
    expect(listed.trim().split('\n')[1]!.trim().split(/\s+/)).toContain(String(samples));
  });
});
