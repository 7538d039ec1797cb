import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, type FaultKind, type FaultTarget } from '../../scenario/fault.types.js';
import type { Change } from '../../scenario/scenario.types.js';
import { NEUTRAL, runPlatform, type PlatformRun } from '../../../../test/support/simulation/platform-run.js';
import { fixtureCluster, fixtureFault, fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { createRandom, nextBelow, nextUniform, type RandomStream } from '../random/random.js';
import { applyPlatformChange, stepPlatform } from './platform.js';

const AUTOSCALER = { scanInterval: 10, scaleDownUtilization: 0.5, scaleDownUnneeded: 120, scaleDownDelayAfterAdd: 120 };
const SERVICES = ['web', 'api', 'worker'];

function fleet(seed: number): PlatformRun {
  const base = fixtureScenario({ seed });
  const rollouts = [
    { strategy: 'rolling', maxSurge: { pods: 1 }, maxUnavailable: { pods: 1 } },
    { strategy: 'canary', steps: [{ weight: 0.2, pause: 30 }] },
    { strategy: 'blue-green', promoteAfter: 20 },
  ] as const;
  const readiness = { period: 10, timeout: 0.1, failureThreshold: 3, successThreshold: 2 };
  const services = base.services.map((each, i) => ({ ...each, readiness, rollout: rollouts[i]! }));
  const clusters = [fixtureCluster({ autoscaler: AUTOSCALER })];
  return runPlatform({ ...base, services, platform: { ...base.platform, clusters } });
}

const pick = <T>(random: RandomStream, list: readonly T[]): T => list[nextBelow(random, list.length)]!;

function randomTarget(random: RandomStream, kind: FaultKind): FaultTarget {
  const target = pick(random, FAULT_KINDS[kind].targets);
  const share = nextBelow(random, 2) ? { share: nextUniform(random) } : {};
  switch (target) {
    case 'service':
      return { service: pick(random, SERVICES), ...share };
    case 'store':
      return { store: 'db' };
    case 'node':
      return { node: 'eu-1-general-1' };
    case 'zone':
      return { zone: pick(random, ['eu-a', 'eu-b']), ...share };
    case 'region':
      return { region: 'eu' };
    case 'cloud':
      return { cloud: 'aws' };
    case 'cluster':
      return { cluster: 'eu-1', ...share };
    default:
      return {};
  }
}

function randomChange(random: RandomStream): Change {
  const service = pick(random, SERVICES);
  const kind = pick(random, ['deploy', 'rollback', 'restart', 'scale', 'promote', 'abort'] as const);
  if (kind === 'scale') return { kind, service, replicas: nextBelow(random, 12) };
  if (kind !== 'deploy') return { kind, service };
  const effects = {
    ...NEUTRAL,
    errorRatio: nextUniform(random),
    crashAfter: nextBelow(random, 3) ? 0 : 20,
    leakPerRequest: nextBelow(random, 3) ? 0 : 1e6,
    neverReady: nextBelow(random, 4) === 0,
    imageMissing: nextBelow(random, 6) === 0,
  };
  return { kind, service, version: `2.${nextBelow(random, 30)}`, effects };
}

/** One step of a random life: load always, sometimes a change, a fault, or the end of one. */
function live(run: PlatformRun, random: RandomStream): void {
  for (const service of SERVICES) {
    run.serve(service, { requests: 5, cpu: nextUniform(random) * 3, inFlight: nextBelow(random, 50) });
    // Longer than a probe allows, for a minute and a half of every ten.
    run.state.flows.queued.fill(run.state.step % 600 < 90 ? 100 : 0);
  }
  if (nextBelow(random, 40) === 0) run.change(randomChange(random));
  if (nextBelow(random, 60) === 0) {
    const kind = pick(random, Object.keys(FAULT_KINDS) as FaultKind[]);
    run.inject(fixtureFault({ name: `f${run.state.step}`, kind, target: randomTarget(random, kind) }));
  }
  const { active } = run.state.timeline;
  if (active.length > 0 && nextBelow(random, 80) === 0) run.clear(pick(random, active).spec.name);
}

function expectSound({ fleet: { deployments, clusters }, state }: PlatformRun): void {
  const { cells } = state.parameters;
  const pods = state.platform.pods.filter((pod) => pod !== null);
  for (const { index, spec, station } of deployments) {
    let serving = 0;
    for (let cell = station * CELLS_PER_STATION; cell < (station + 1) * CELLS_PER_STATION; cell++) {
      const members = pods.filter((pod) => pod.cell === cell);
      expect(cells.servers[cell]).toBe(members.length);
      serving += members.length;
      if (members.length === 0) continue;
      expect(members.every((pod) => pod.deployment === index && pod.ready && pod.deletedAt < 0)).toBe(true);
      expect(cells.workers[cell]).toBeGreaterThanOrEqual(1);
      expect(cells.workers[cell]).toBeLessThanOrEqual(spec.parallelism);
      for (const share of [cells.speed[cell]!, cells.errorRatio[cell]!]) expect(share >= 0 && share <= 1).toBe(true);
      expect(cells.weight[cell]! > 0 && Number.isFinite(cells.weight[cell])).toBe(true);
      expect(cells.workFactor[cell]).toBeGreaterThan(0);
    }
    if (spec.consumes) expect(serving).toBeLessThanOrEqual(6);
  }
  for (const node of state.platform.nodes) {
    if (!node) continue;
    const { cpu, memory } = clusters[node.cluster]!.pools[node.pool]!;
    const bound = pods.filter((pod) => pod.node === node.slot && pod.phase !== 'Failed');
    const requested = bound.reduce((sum, pod) => sum + deployments[pod.deployment]!.spec.resources.cpuRequest, 0);
    expect(node.requestedCpu).toBeCloseTo(requested, 6);
    expect(node.requestedCpu).toBeLessThanOrEqual(cpu + 1e-6);
    expect(node.requestedMemory).toBeLessThanOrEqual(memory);
  }
}

describe('the platform under random changes and faults', () => {
  it('keeps cells, pods and nodes in agreement and within their limits', () => {
    for (let seed = 1; seed <= 9; seed++) {
      const run = fleet(seed);
      const random = createRandom(seed, 'test/life');
      run.steps(1500, (step) => {
        if (step > 0 && step % 10 === 0) expectSound(run);
        live(run, random);
      });
      expect(run.state.platform.events.length).toBeLessThanOrEqual(10_000);
    }
  }, 20_000);

  it('heals: with all faults gone, every deployment that is asked for a good version gets it', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const run = fleet(seed);
      const random = createRandom(seed, 'test/life');
      run.steps(800, () => live(run, random));
      for (const { spec } of [...run.state.timeline.active]) run.clear(spec.name);
      run.state.flows.queued.fill(0);
      for (const service of SERVICES) {
        run.change({ kind: 'scale', service, replicas: 3 });
        run.change({ kind: 'deploy', service, version: 'good', effects: NEUTRAL });
      }
      run.steps(1000);
      for (const service of SERVICES) {
        const pods = run.pods(service);
        expect([pods.length, pods.filter(({ ready }) => ready).length]).toEqual([3, 3]);
      }
      expectSound(run);
      expect(run.state.platform.nodes.filter((node) => node?.unschedulable)).toEqual([]);
    }
  });

  it('does the same again, and goes on alike from a copy of its state', () => {
    const once = fleet(3);
    const again = fleet(3);
    const [first, second] = [createRandom(9, 'test/life'), createRandom(9, 'test/life')];
    once.steps(700, () => live(once, first));
    again.steps(700, () => live(again, second));
    expect(again.state).toEqual(once.state);

    const copy = structuredClone(once.state);
    const change = { kind: 'restart', service: 'api' } as const;
    once.change(change);
    applyPlatformChange(once.fleet, copy, change);
    for (let i = 0; i < 200; i++) {
      stepPlatform(once.fleet, copy);
      copy.step += 1;
    }
    once.steps(200);
    expect(copy).toEqual(once.state);
  });
});
