import { describe, expect, it } from 'vitest';
import type { RolloutSpec } from '../../../scenario/component.types.js';
import { NEUTRAL, runPlatform, type PlatformRun } from '../../../../../test/support/simulation/platform-run.js';
import {
  fixtureOperation,
  fixtureScenario,
  fixtureService,
} from '../../../../../test/support/simulation/scenario-fixture.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';

function fleet(rollout: RolloutSpec, replicas = 8): PlatformRun {
  const resources = { cpuRequest: 0.1, cpuLimit: 1, memoryRequest: 1e8, memoryLimit: 2e8 };
  const operations = [fixtureOperation({ name: 'get' })];
  const service = fixtureService({ name: 'app', replicas, resources, rollout, operations });
  return runPlatform({ ...fixtureScenario(), services: [service], load: [], slos: [] });
}

/** Share of the traffic by version name, and servers. */
function traffic(run: PlatformRun): Record<string, { share: number; servers: number }> {
  const { servers, version, weight } = run.state.parameters.cells;
  const { versions } = run.state.platform.deployments[0]!;
  const cells = Array.from({ length: CELLS_PER_STATION }, (_, i) => run.cell('app') + i);
  const total = cells.reduce((sum, cell) => sum + servers[cell]! * weight[cell]!, 0);
  const shares: Record<string, { share: number; servers: number }> = {};
  for (const cell of cells) {
    if (servers[cell] === 0) continue;
    const { name } = versions[version[cell]!]!;
    shares[name] = { share: (servers[cell]! * weight[cell]!) / total, servers: servers[cell]! };
  }
  return shares;
}

const deploy = { kind: 'deploy', service: 'app', version: '2.0.0', effects: NEUTRAL } as const;

describe('a canary', () => {
  const steps = [
    { weight: 0.05, pause: 60 },
    { weight: 0.3, pause: 60 },
  ];

  it('gets the share of its step whatever the number of its pods, and then everything', () => {
    const run = fleet({ strategy: 'canary', steps });
    run.change(deploy);
    // One pod is there after 5 s of pull, 5 of start and 2 of readiness.
    run.until(13);
    expect(traffic(run)['2.0.0']!.servers).toBe(1);
    expect(traffic(run)['2.0.0']!.share).toBeCloseTo(0.05, 12);
    expect(traffic(run)['1.0.0']).toMatchObject({ servers: 8 });
    run.until(72);
    expect(traffic(run)['2.0.0']!.share).toBeCloseTo(0.05, 12);
    run.until(90);
    // Three of eight pods carry 30 %.
    expect(traffic(run)['2.0.0']).toMatchObject({ servers: 3 });
    expect(traffic(run)['2.0.0']!.share).toBeCloseTo(0.3, 12);
    run.until(200);
    expect(traffic(run)).toEqual({ '2.0.0': { share: 1, servers: 8 } });
    expect(run.pods('app')).toHaveLength(8);
    expect(run.state.platform.deployments[0]).toMatchObject({ stable: 1, updated: 1, canaryWeight: 0 });
  });

  it('goes back at once when it is aborted, and on when it is promoted', () => {
    const run = fleet({ strategy: 'canary', steps: [{ weight: 0.2, pause: Infinity }] });
    run.change(deploy);
    run.until(1000);
    expect(traffic(run)['2.0.0']!.share).toBeCloseTo(0.2, 12);
    expect(run.state.platform.deployments[0]!.progressDeadlineExceeded).toBe(false);
    run.change({ kind: 'abort', service: 'app' });
    run.steps(1);
    expect(traffic(run)).toEqual({ '1.0.0': { share: 1, servers: 8 } });
    run.steps(60);
    expect(run.pods('app')).toHaveLength(8);

    run.change(deploy);
    run.steps(30);
    run.change({ kind: 'promote', service: 'app' });
    run.steps(60);
    expect(traffic(run)).toEqual({ '2.0.0': { share: 1, servers: 8 } });
    run.change({ kind: 'rollback', service: 'app' });
    run.steps(30);
    expect(traffic(run)).toEqual({ '1.0.0': { share: 1, servers: 8 } });
  });

  it('keeps the traffic on the stable version while the canary is not ready', () => {
    const run = fleet({ strategy: 'canary', steps });
    run.change({ ...deploy, effects: { ...NEUTRAL, neverReady: true } });
    run.until(650);
    expect(traffic(run)).toEqual({ '1.0.0': { share: 1, servers: 8 } });
    expect(run.state.platform.deployments[0]!.progressDeadlineExceeded).toBe(true);
  });
});

describe('blue-green', () => {
  it('switches all traffic at once, some time after the whole new set is ready, and then drops the old one', () => {
    const run = fleet({ strategy: 'blue-green', promoteAfter: 60 });
    run.change(deploy);
    run.until(72);
    expect(run.pods('app').filter(({ ready }) => ready)).toHaveLength(16);
    expect(traffic(run)).toEqual({ '1.0.0': { share: 1, servers: 8 } });
    run.steps(1);
    expect(traffic(run)).toEqual({ '2.0.0': { share: 1, servers: 8 } });
    run.until(102);
    expect(run.pods('app')).toHaveLength(16);
    run.until(110);
    expect(run.pods('app')).toHaveLength(8);
  });

  it('waits for a hand where it is told to', () => {
    const run = fleet({ strategy: 'blue-green', promoteAfter: Infinity });
    run.change(deploy);
    run.until(500);
    expect(traffic(run)['2.0.0']).toBeUndefined();
    run.change({ kind: 'promote', service: 'app' });
    run.steps(1);
    expect(traffic(run)['1.0.0']).toBeUndefined();
  });
});
