import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../../scenario/component.types.js';
import type { ClusterSpec } from '../../../scenario/platform.types.js';
import { runPlatform, type PlatformRun } from '../../../../../test/support/simulation/platform-run.js';
import {
  fixtureCluster,
  fixtureFault,
  fixtureOperation,
  fixtureScenario,
  fixtureService,
} from '../../../../../test/support/simulation/scenario-fixture.js';

const AUTOSCALER = { scanInterval: 10, scaleDownUtilization: 0.5, scaleDownUnneeded: 600, scaleDownDelayAfterAdd: 600 };

function fleet(service: Partial<ServiceSpec> = {}, cluster: Partial<ClusterSpec> = {}): PlatformRun {
  const operations = [fixtureOperation({ name: 'get' })];
  const app = fixtureService({ name: 'app', replicas: 6, operations, ...service });
  const base = fixtureScenario();
  const platform = { ...base.platform, clusters: [fixtureCluster(cluster)] };
  return runPlatform({ ...base, platform, services: [app], load: [], slos: [] });
}

const readyOf = (run: PlatformRun) => run.pods('app').filter(({ ready, deletedAt }) => ready && deletedAt < 0).length;
const serversOf = (run: PlatformRun) => {
  const first = run.cell('app');
  return run.state.parameters.cells.servers.slice(first, first + 8).reduce((sum, servers) => sum + servers, 0);
};
const nodesOf = (run: PlatformRun) => run.state.platform.nodes.filter((node) => node !== null);
const eventTime = (run: PlatformRun, reason: string) =>
  run.state.platform.events.find((event) => event.reason === reason)?.time;

describe('the loss of a zone', () => {
  it('fails what runs there at once, is noticed after 40 s, and is replaced after the eviction timeout', () => {
    const run = fleet();
    run.until(100);
    run.inject(fixtureFault({ kind: 'zone-loss', target: { zone: 'eu-a' } }));
    run.steps(1);
    const killed = run.state.parameters.cells.killed.reduce((sum, count) => sum + count, 0);
    expect([serversOf(run), killed]).toEqual([4, 2]);
    // The API server believes in them for 40 s more.
    run.until(140);
    expect(readyOf(run)).toBe(6);
    expect(run.pods('app').filter(({ lostAt }) => lostAt === 100)).toHaveLength(2);
    run.steps(1);
    expect(eventTime(run, 'NodeNotReady')).toBe(140);
    expect(readyOf(run)).toBe(4);
    run.until(440);
    expect(run.pods('app')).toHaveLength(6);
    run.steps(1);
    expect(eventTime(run, 'TaintManagerEviction')).toBe(440);
    // Two replacements on the two nodes that are left; the old ones hang in Terminating.
    expect(run.pods('app')).toHaveLength(8);
    run.until(460);
    expect([readyOf(run), serversOf(run)]).toEqual([6, 6]);
  });

  it('ends: the nodes are Ready, pods that were given up go, the others restart', () => {
    const run = fleet();
    run.inject(fixtureFault({ kind: 'zone-loss', target: { zone: 'eu-a' } }));
    run.until(60);
    run.clear('zone-loss');
    run.steps(1);
    expect(nodesOf(run).every(({ ready }) => ready)).toBe(true);
    expect(run.pods('app').filter(({ restarts }) => restarts === 1)).toHaveLength(2);
    run.steps(10);
    expect([readyOf(run), serversOf(run)]).toEqual([6, 6]);

    run.inject(fixtureFault({ kind: 'zone-loss', target: { zone: 'eu-b' } }));
    run.steps(400);
    run.clear('zone-loss');
    run.steps(1);
    expect(run.pods('app')).toHaveLength(6);
  });

  it('takes a region and a cloud with all that is in them', () => {
    for (const [kind, target] of [
      ['region-loss', { region: 'eu' }],
      ['cloud-loss', { cloud: 'aws' }],
    ] as const) {
      const run = fleet();
      run.inject(fixtureFault({ kind, target }));
      run.steps(2);
      expect(serversOf(run)).toBe(0);
    }
  });
});

describe('a drain', () => {
  it('empties the node, never takes more away than may be missing, and gives it back at the end', () => {
    const run = fleet({ replicas: 8 });
    run.inject(fixtureFault({ kind: 'node-drain', target: { node: 'eu-1-general-1' } }));
    let least = Infinity;
    run.steps(120, () => {
      least = Math.min(least, readyOf(run));
    });
    // 25 % of 8 may be unavailable.
    expect(least).toBe(6);
    const [node] = nodesOf(run);
    expect(node).toMatchObject({ name: 'eu-1-general-1', unschedulable: true, requestedCpu: 0 });
    expect(run.pods('app').some((pod) => pod.node === node!.slot)).toBe(false);
    expect(readyOf(run)).toBe(8);
    run.clear('node-drain');
    run.steps(1);
    expect(node!.unschedulable).toBe(false);
  });
});

describe('the cluster autoscaler', () => {
  const large = { resources: { cpuRequest: 2, cpuLimit: 2, memoryRequest: 1e9, memoryLimit: 2e9 } };

  it('adds the nodes that pending pods need, which are Ready after the pool’s start-up', () => {
    const run = fleet(large, { autoscaler: AUTOSCALER });
    run.until(3);
    // Six pods of two cores fill three nodes of four; three more need two nodes.
    run.change({ kind: 'scale', service: 'app', replicas: 9 });
    run.steps(1);
    const pending = run.pods('app').filter(({ phase }) => phase === 'Pending');
    expect(pending.map(({ unschedulable }) => unschedulable)).toEqual(
      new Array(3).fill('0/3 nodes are available: 3 Insufficient cpu.'),
    );
    run.until(11);
    expect(eventTime(run, 'TriggeredScaleUp')).toBe(10);
    const [event] = run.state.platform.events.filter(({ reason }) => reason === 'TriggeredScaleUp');
    expect(event!.message).toBe('pod triggered scale-up: [{general 3->5 (max: 6)}]');
    const added = nodesOf(run).slice(3);
    expect(added.map(({ ready, readyAt }) => [ready, readyAt])).toEqual([
      [false, 100],
      [false, 100],
    ]);
    expect(new Set(added.map(({ zone }) => zone)).size).toBe(2);
    run.until(100);
    expect(run.pods('app').filter(({ phase }) => phase === 'Pending')).toHaveLength(3);
    // Bound at 100, 5 s of pull, 5 s of start, 2 s of readiness.
    run.until(112);
    expect(readyOf(run)).toBe(6);
    run.steps(1);
    expect(readyOf(run)).toBe(9);
    expect(nodesOf(run)).toHaveLength(5);
  });

  it('stops at the pool’s maximum and says so', () => {
    const run = fleet(large, { autoscaler: AUTOSCALER });
    run.change({ kind: 'scale', service: 'app', replicas: 20 });
    run.steps(300);
    expect(nodesOf(run)).toHaveLength(6);
    expect(readyOf(run)).toBe(12);
    const message = "pod didn't trigger scale-up: 1 max node group size reached";
    expect(run.state.platform.events.filter((event) => event.message === message)).toHaveLength(8);
  });

  it('takes nodes away that were unneeded for ten minutes, ten minutes after it added any', () => {
    // A node with one pod is requested to 47.5 %, less than half.
    const resources = { ...large.resources, cpuRequest: 1.9 };
    const run = fleet({ resources }, { autoscaler: AUTOSCALER });
    run.change({ kind: 'scale', service: 'app', replicas: 9 });
    run.until(200);
    run.change({ kind: 'scale', service: 'app', replicas: 6 });
    run.until(790);
    expect(nodesOf(run)).toHaveLength(5);
    run.until(1300);
    expect(nodesOf(run)).toHaveLength(3);
    expect(readyOf(run)).toBe(6);
    expect(run.reasons()).toContain('ScaleDown');
  });

  it('makes no nodes in a zone that is lost', () => {
    const run = fleet(large, { autoscaler: AUTOSCALER });
    run.inject(fixtureFault({ kind: 'zone-loss', target: { zone: 'eu-a' }, settings: { eviction: 0 } }));
    run.steps(300);
    expect(readyOf(run)).toBe(6);
    const fresh = nodesOf(run).filter(({ createdAt }) => createdAt > 0);
    expect(fresh.map(({ zone }) => run.fleet.zones[zone]!.name)).not.toContain('eu-a');
    expect(fresh).toHaveLength(1);
  });
});

describe('a full disk', () => {
  it('evicts one pod after another and takes no new ones until it is over', () => {
    const run = fleet({ replicas: 3 });
    const node = nodesOf(run)[0]!;
    const target = { node: node.name };
    run.inject(fixtureFault({ kind: 'disk-full', target, settings: { rate: 1e9 } }));
    // 100 GB, of which 30 are used; 85 are reached with the 55th gigabyte.
    run.steps(54);
    expect(node.diskPressure).toBe(false);
    run.steps(1);
    expect(node.diskPressure).toBe(true);
    const failed = run.pods('app').filter(({ phase }) => phase === 'Failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]!.node).toBe(node.slot);
    expect(run.reasons()).toContain('Evicted');
    run.steps(80);
    expect(readyOf(run)).toBe(3);
    expect(run.pods('app')).toHaveLength(3);
    expect(run.pods('app').some((pod) => pod.node === node.slot)).toBe(false);
    run.clear('disk-full');
    run.steps(1);
    expect(node).toMatchObject({ diskPressure: false, diskUsed: 30e9 });
  });
});
