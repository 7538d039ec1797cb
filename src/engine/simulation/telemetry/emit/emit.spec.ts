import { describe, expect, it } from 'vitest';
import { fixtureFault, fixtureScenario } from '../../../../../test/support/simulation/scenario-fixture.js';
import type { Scenario } from '../../../scenario/scenario.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { createSimulation, stepSimulation } from '../../simulation.js';
import type { DeployEventRecord, EventRecord, LogRecord } from '../telemetry.types.js';

const EFFECTS = {
  errorRatio: 0,
  latencyFactor: 1,
  cpuFactor: 1,
  leakPerRequest: 0,
  crashAfter: 0,
  neverReady: false,
};

function run(scenario: Scenario, steps: number) {
  const simulation = createSimulation(scenario, { solver: 'discrete-event' });
  const logs: LogRecord[] = [];
  const events: EventRecord[] = [];
  const deploys: DeployEventRecord[] = [];
  const sink = {
    log: (record: LogRecord) => logs.push(record),
    event: (record: EventRecord) => events.push(record),
    deploy: (record: DeployEventRecord) => deploys.push(record),
  };
  for (let i = 0; i < steps; i++) stepSimulation(simulation, sink);
  return { simulation, logs, events, deploys };
}

const suppressed = (line: string) => Number(/suppressed (\d+) /.exec(line)?.[1] ?? 0);

describe('deploy events', () => {
  it('are CDEvents: deployed, upgraded, and rolled back to what was there before', () => {
    const changes = [
      { kind: 'deploy', service: 'api', version: '2.0.0', effects: EFFECTS, at: 20 },
      { kind: 'rollback', service: 'api', at: 200 },
    ] as const;
    const { deploys } = run(fixtureScenario({ changes }), 300);
    const data = deploys.map(({ cloudEvent }) => [
      cloudEvent['type'],
      (cloudEvent['data'] as { subject: { content: { artifactId: string } } }).subject.content.artifactId.split('?')[0],
    ]);
    expect(data).toEqual([
      ['dev.cdevents.service.deployed.0.2.0', 'pkg:docker/api@2.0.0'],
      ['dev.cdevents.service.upgraded.0.2.0', 'pkg:docker/api@2.0.0'],
      ['dev.cdevents.service.rolledback.0.2.0', 'pkg:docker/api@1.0.0'],
    ]);
    const [first] = deploys;
    expect(first!.time).toBe(fixtureScenario().start + 21_000);
    expect(first!.cloudEvent).toMatchObject({
      specversion: '1.0',
      source: '/clusters/eu-1',
      subject: 'default/api',
      data: { context: { version: '0.4.1' }, subject: { type: 'service', content: { environment: { id: 'eu-1' } } } },
    });
    expect(new Set(deploys.map(({ cloudEvent }) => cloudEvent['id'])).size).toBe(3);
  });

  it('are not written for a restart of the same version', () => {
    const { deploys } = run(fixtureScenario({ changes: [{ kind: 'restart', service: 'api', at: 20 }] }), 150);
    expect(deploys).toEqual([]);
  });
});

describe('log lines', () => {
  const down = fixtureFault({ kind: 'dependency-down', target: { store: 'db' }, at: 30, duration: 30 });

  it('tell of every request that failed, written or counted as suppressed', () => {
    const { simulation, logs } = run(fixtureScenario({ faults: [down] }), 120);
    const { fleet, state } = simulation;
    const { station } = fleet.deployments.find(({ name }) => name === 'api')!;
    const first = station * CELLS_PER_STATION * fleet.network.operationStride;
    let failed = 0;
    for (let row = first; row < first + CELLS_PER_STATION * fleet.network.operationStride; row++)
      failed += state.flows.failedDependency[row]!;
    const mine = logs.filter(({ labels }) => labels['service'] === 'api');
    const written = mine.filter(({ line }) => line.includes('"status":502')).length;
    expect(failed).toBeGreaterThan(100);
    expect(written + mine.reduce((sum, { line }) => sum + suppressed(line), 0)).toBe(failed);
  });

  it('are at most five a second and component, and one that says how many more there were', () => {
    const { logs } = run(fixtureScenario({ faults: [down] }), 120);
    const perSecond = new Map<string, number>();
    for (const { time, labels, line } of logs) {
      if (suppressed(line) > 0) continue;
      const key = `${labels['service']} ${time}`;
      perSecond.set(key, (perSecond.get(key) ?? 0) + 1);
    }
    expect(Math.max(...perSecond.values())).toBe(5);
  });

  it('name the component that failed and how', () => {
    const { logs } = run(fixtureScenario({ faults: [{ ...down, kind: 'database-failover', settings: {} }] }), 60);
    const line = logs.find(({ labels, severity }) => labels['service'] === 'api' && severity === 'ERROR')!.line;
    expect(JSON.parse(line)).toMatchObject({ level: 'error', status: 502, upstream: 'db' });
    expect(line).toContain('Connection refused');
  });

  it('sample what went well by the ratio', () => {
    const scenario = fixtureScenario();
    const telemetry = { ...scenario.telemetry, logSampleRatio: 0.01 };
    const { simulation, logs } = run({ ...scenario, telemetry }, 120);
    const mine = logs.filter(({ labels }) => labels['service'] === 'web');
    const { fleet, state } = simulation;
    const ok = state.flows.ok[fleet.deployments[0]!.station * CELLS_PER_STATION * fleet.network.operationStride]!;
    expect(mine.length).toBe(Math.floor(ok * 0.01));
    expect(mine[0]!.line).toMatch(
      /^203\.0\.113\.\d+ - - \[05\/Jan\/2026:00:\d\d:\d\d \+0000\] "GET \/ HTTP\/1\.1" 200 \d+ /,
    );
    expect(mine[0]!.labels).toMatchObject({ namespace: 'default', container: 'web', cluster: 'eu-1' });
  });

  it('are the same for the same seed', () => {
    const lines = () => run(fixtureScenario({ faults: [down] }), 60).logs;
    expect(lines()).toEqual(lines());
  });
});

describe('Kubernetes events', () => {
  it('are handed on once, with their cluster', () => {
    const faults = [fixtureFault({ kind: 'pod-kill', target: { service: 'web' }, at: 10, duration: 1 })];
    const { simulation, events } = run(fixtureScenario({ faults }), 60);
    expect(simulation.state.platform.events).toEqual([]);
    expect(events.map(({ reason }) => reason)).toContain('SuccessfulCreate');
    expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(events.length);
    expect(events[0]).toMatchObject({ cluster: 'eu-1', namespace: 'default' });
  });
});
