import { describe, expect, it } from 'vitest';
import { runPlatform, type PlatformRun } from '../../../../../test/support/simulation/platform-run.js';
import {
  fixtureFault,
  fixtureOperation,
  fixtureScenario,
  fixtureService,
} from '../../../../../test/support/simulation/scenario-fixture.js';
import type { ReadinessSpec } from '../../../scenario/component.types.js';
import { createSimulation, stepSimulation } from '../../simulation.js';
import { probePhase } from './readiness.js';

/** Kubernetes' defaults. */
const PROBE: ReadinessSpec = { period: 10, timeout: 1, failureThreshold: 3, successThreshold: 1 };

function fleet(readiness: ReadinessSpec | null = PROBE, replicas = 12): PlatformRun {
  const resources = { cpuRequest: 0.5, cpuLimit: 1, memoryRequest: 256e6, memoryLimit: 2e9 };
  const app = fixtureService({
    ...{ name: 'app', replicas, readiness, resources },
    operations: [fixtureOperation({ name: 'get' })],
  });
  return runPlatform({ ...fixtureScenario(), services: [app], load: [], slos: [] });
}

/** Everything answers 40 requests a second, while so many wait. */
function answering(run: PlatformRun, waiting: (step: number) => number): (step: number) => void {
  return (step) => {
    run.serve('app', { requests: 40 });
    run.state.flows.queued[run.cell('app')] = waiting(step);
  };
}

const readyOf = (run: PlatformRun) => run.pods('app').filter(({ ready }) => ready);

describe('a readiness probe that waits in line', () => {
  it('takes a pod out after three answers that came too late, and back when it has worked off its queue', () => {
    const run = fleet();
    // 80 that wait at 40 a second take 2 s, where a probe allows 1 s; from 100 s to 125 s.
    const load = answering(run, (step) => (step >= 100 && step < 125 ? 80 : 0));
    const unready = new Map<string, number[]>();
    run.until(160, (step) => {
      load(step);
      for (const { name, ready } of run.pods('app'))
        if (!ready) unready.set(name, [...(unready.get(name) ?? []), step - 1]);
    });
    for (const pod of run.pods('app')) {
      const phase = probePhase(pod, 10);
      // Probes at 100, 110 and 120 and the phase; those from 125 on are answered. Ten seconds later it has nothing left.
      const expected = phase < 5 ? Array.from({ length: 10 }, (_, i) => 120 + phase + i) : [];
      expect([pod.name, unready.get(pod.name) ?? []]).toEqual([pod.name, expected]);
    }
    expect(unready.size).toBeGreaterThan(0);
    expect(readyOf(run)).toHaveLength(12);
    const event = run.state.platform.events.find(({ reason }) => reason === 'Unhealthy')!;
    expect(event).toMatchObject({ type: 'Warning', object: { kind: 'Pod' } });
    expect(event.message).toMatch(/^Readiness probe failed: Get "http:\/\/10\.16\.0\.\d+:8080\/": context deadline/);
  });

  it('keeps a pod out for as long as its queue takes', () => {
    const run = fleet(PROBE, 1);
    const phase = probePhase(run.pods('app')[0]!, 10);
    // 1,000 that wait at 40 a second take 25 s: 24 s after the third late answer a probe is answered in time.
    run.until(
      200,
      answering(run, (step) => (readyOf(run).length === 1 && step >= 100 && step <= 120 + phase ? 1_000 : 0)),
    );
    expect(run.pods('app')[0]).toMatchObject({ ready: true, readySince: 120 + phase + 30 });
  });

  it('forgives two late answers before one in time', () => {
    const run = fleet();
    run.until(
      200,
      answering(run, (step) => (step % 30 >= 10 ? 80 : 0)),
    );
    expect(run.reasons()).toContain('Unhealthy');
    expect(run.pods('app').every(({ readySince }) => readySince === 0)).toBe(true);
  });

  it('does not mind a queue that moves fast enough', () => {
    const run = fleet();
    run.until(
      200,
      answering(run, () => 40),
    );
    expect(run.reasons()).not.toContain('Unhealthy');
  });

  it('fails where every request finds the queue full, but not where the load is shed', () => {
    const refused = (shed: number) => {
      const run = fleet({ ...PROBE, failureThreshold: 1 });
      run.until(30, () => {
        const cell = run.cell('app');
        run.state.parameters.cells.shedRatio.fill(shed, cell, cell + 8);
        run.state.flows.arrived[cell * run.fleet.network.operationStride]! += 100;
        run.state.flows.rejected[cell * run.fleet.network.operationStride]! += 100 * Math.max(shed, 1 - shed);
      });
      return run;
    };
    expect(refused(0).state.platform.events.map(({ message }) => message)).toContain(
      'Readiness probe failed: HTTP probe failed with statuscode: 503',
    );
    expect(refused(0.75).reasons()).not.toContain('Unhealthy');
  });

  it('is off unless the service has one', () => {
    const run = fleet(null);
    run.until(
      200,
      answering(run, () => 4_000),
    );
    expect(readyOf(run)).toHaveLength(12);
  });

  it('does not bring pods of a lost node back', () => {
    const run = fleet();
    run.until(
      100,
      answering(run, () => 0),
    );
    run.inject(fixtureFault({ kind: 'zone-loss', target: { zone: 'eu-a' } }));
    run.until(
      250,
      answering(run, () => 0),
    );
    expect(readyOf(run)).toHaveLength(8);
  });
});

describe.each(['fluid', 'discrete-event'] as const)('overload, %s', (solver) => {
  /** Three pods that carry 50 requests a second each, asked for 200 a second for a minute, then for 60. */
  function overloaded(readiness: ReadinessSpec | null) {
    const base = fixtureScenario();
    const work = { kind: 'exponential', mean: 0.02 } as const;
    const web = fixtureService({
      ...{ name: 'web', concurrency: 20, queueLimit: 100, parallelism: 1, readiness },
      memory: { base: 128e6, perRequest: 1e5 },
      operations: [fixtureOperation({ name: 'home', work, cpu: 0.02 })],
    });
    const surge = fixtureFault({ kind: 'traffic-surge', at: 60, duration: 60, settings: { factor: 200 / 60 } });
    const load = base.load.map((each) => ({ ...each, rate: 60, client: { ...each.client, timeout: 10 } }));
    const scenario = { ...base, services: [web], stores: [], load, faults: [surge], slos: [] };
    const simulation = createSimulation(scenario, { solver });
    let least = Infinity;
    for (let step = 0; step < 400; step++) {
      stepSimulation(simulation);
      least = Math.min(least, simulation.state.platform.pods.filter((pod) => pod?.ready).length);
    }
    const { flows, platform } = simulation.state;
    const [ok, failed, offered] = [flows.userOk[0]!, flows.userFailed[0]!, flows.userOffered[0]!];
    expect(ok + failed + flows.userWaiting[0]!).toBeCloseTo(offered, 6);
    return { least, ok, failed, ready: platform.pods.filter((pod) => pod?.ready).length };
  }

  it('makes pods unready one after the other, which fails more users, and passes', () => {
    const without = overloaded(null);
    const cascade = overloaded(PROBE);
    expect([without.least, without.ready]).toEqual([3, 3]);
    expect([cascade.least, cascade.ready]).toEqual([0, 3]);
    expect(cascade.failed).toBeGreaterThan(without.failed);
  });
});
