import { describe, expect, it } from 'vitest';
import { allFeaturesScenario } from '../../../test/support/simulation/all-features-scenario.js';
import { fixtureFault, fixtureScenario } from '../../../test/support/simulation/scenario-fixture.js';
import { NEUTRAL } from '../../../test/support/simulation/platform-run.js';
import type { SolverName } from './model/solver.types.js';
import { clearFault, createSimulation, injectFault, requestChange, restoreSimulation } from './simulation.js';
import { snapshotOf, stepSimulation } from './simulation.js';
import type { Simulation } from './simulation.types.js';

const SOLVERS: readonly SolverName[] = ['fluid', 'discrete-event'];

/** Every scraped value in order, as text, so that two runs can be compared bit by bit. */
function recordRun(simulation: Simulation, steps: number): readonly string[] {
  const lines: string[] = [];
  for (let i = 0; i < steps; i++) {
    stepSimulation(simulation, {
      scrape: ({ time, series, values }) =>
        series.forEach((one, slot) => one && lines.push(`${time} ${JSON.stringify(one.labels)} ${values[slot]}`)),
      log: (record) => lines.push(JSON.stringify(record)),
      event: (record) => lines.push(JSON.stringify(record)),
      deploy: (record) => lines.push(JSON.stringify(record)),
    });
  }
  return lines;
}

describe.each(SOLVERS)('a simulation by the %s solver', (solver) => {
  it('gives the same bytes for the same seed, and others for another', () => {
    const run = (seed: number) => recordRun(createSimulation(noisy(), { solver, seed }), 240);

    expect(run(1)).toEqual(run(1));
    expect(run(2)).not.toEqual(run(1));
  });

  it('goes on from a snapshot with the same bytes, in the middle of every fault', () => {
    const scenario = allFeaturesScenario();
    const original = createSimulation(scenario, { solver });
    for (let part = 0; part < 6; part++) {
      for (let i = 0; i < 300; i++) stepSimulation(original);
      const copy = restoreSimulation(scenario, snapshotOf(original));

      const steps = 45;
      expect(recordRun(copy, steps)).toEqual(recordRun(original, steps));
    }
  }, 60_000);

  it.each([0.4, 0.8, 2])('answers as much later as the work of a version takes longer, at %d cores', (cpuLimit) => {
    const meanWait = (latencyFactor: number) => {
      const scenario = fixtureScenario();
      const services = scenario.services.map((service) => ({
        ...service,
        parallelism: 64,
        resources: { ...service.resources, cpuLimit },
        operations: service.operations.map((operation) => ({ ...operation, cpu: 0.65 * 0.005, stages: [] })),
      }));
      const effects = { ...NEUTRAL, latencyFactor };
      const deploy = { kind: 'deploy', service: 'web', version: '2.0.0', effects, at: 0 } as const;
      const load = scenario.load.map((entry) => ({ ...entry, rate: 5 }));
      const simulation = createSimulation({ ...scenario, services, load, changes: [deploy] }, { solver });
      const { userDurationSum, userOk } = simulation.state.flows;
      for (let i = 0; i < 120; i++) stepSimulation(simulation);
      const before = { seconds: userDurationSum[0]!, answers: userOk[0]! };
      for (let i = 0; i < 2400; i++) stepSimulation(simulation);
      return (userDurationSum[0]! - before.seconds) / (userOk[0]! - before.answers);
    };
    // Nearly nobody waits at five requests a second; what is left of chance is that of 12,000 requests.
    const neutral = meanWait(1);
    for (const factor of [1.4, 3]) expect(Math.abs(meanWait(factor) / neutral / factor - 1)).toBeLessThan(0.05);
  });

  it('slows users down by a stress process, the more the more it takes', () => {
    const meanWait = (cores: number) => {
      const stress = fixtureFault({ kind: 'cpu-stress', target: { service: 'api' }, at: 0, settings: { cores } });
      const simulation = createSimulation(fixtureScenario({ faults: [stress] }), { solver });
      for (let i = 0; i < 300; i++) stepSimulation(simulation);
      const { userDurationSum, userOk } = simulation.state.flows;
      return userDurationSum[0]! / userOk[0]!;
    };
    const waits = [0, 0.25, 0.5, 1].map(meanWait);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    // Work of 10 ms that had 0.8 cores to itself gets at most half of the one there is.
    expect(waits[3]! - waits[0]!).toBeGreaterThan(0.005);
  });

  it('fails with clocks that are off just the requests that meet one', () => {
    // Three pods of each service, one in each zone: of users and of calls two in three meet a clock that is right.
    const skew = fixtureFault({ kind: 'clock-skew', target: { zone: 'eu-a' }, at: 0, duration: 600 });
    const simulation = createSimulation(fixtureScenario({ faults: [skew] }), { solver });
    for (let i = 0; i < 600; i++) stepSimulation(simulation);
    const { userOffered, userOk } = simulation.state.flows;
    const chance = (2 / 3) ** 2;
    const tolerance = 5 * Math.sqrt((chance * (1 - chance)) / userOffered[0]!);
    expect(Math.abs(userOk[0]! / userOffered[0]! - chance)).toBeLessThan(tolerance);
  });

  it("accounts for every user's request at every step under every fault", () => {
    const simulation = createSimulation(allFeaturesScenario(), { solver });
    const { flows } = simulation.state;
    for (let i = 0; i < 2400; i++) {
      stepSimulation(simulation);
      flows.userOffered.forEach((offered, entry) => {
        const accounted = flows.userOk[entry]! + flows.userFailed[entry]! + flows.userWaiting[entry]!;
        expect(Math.abs(accounted - offered), `step ${i}, entry ${entry}`).toBeLessThanOrEqual(1e-6 * offered + 1e-9);
      });
      for (const [name, values] of Object.entries(flows) as [string, Float64Array][]) {
        const wrong = values.findIndex((value) => !(value >= -1e-9));
        if (wrong >= 0) expect.fail(`step ${i}: ${name}[${wrong}] is ${values[wrong]}`);
      }
    }
  }, 60_000);

  it('begins an injected fault with the next step, and ends a cleared one', () => {
    const simulation = createSimulation(fixtureScenario({ faults: [] }), { solver });
    const failedIn = (steps: number): number => {
      const before = sum(simulation.state.flows.userFailed);
      for (let i = 0; i < steps; i++) stepSimulation(simulation);
      return sum(simulation.state.flows.userFailed) - before;
    };

    expect(failedIn(60)).toBe(0);
    injectFault(
      simulation,
      fixtureFault({ kind: 'config-error', name: 'broken', at: 0, duration: Infinity, target: { service: 'web' } }),
    );
    expect(failedIn(60)).toBeGreaterThan(60);
    expect(simulation.state.timeline.active.map(({ spec }) => spec.name)).toEqual(['broken']);
    expect(clearFault(simulation, 'broken')).toBe(true);
    failedIn(30);
    expect(failedIn(60)).toBe(0);
    expect(clearFault(simulation, 'broken')).toBe(false);
  });

  it('makes a requested change', () => {
    const simulation = createSimulation(fixtureScenario({ faults: [] }), { solver });
    stepSimulation(simulation);
    const { replicas } = simulation.state.platform.deployments[0]!;
    requestChange(simulation, { kind: 'scale', service: 'web', replicas: replicas + 2 });
    for (let i = 0; i < 120; i++) stepSimulation(simulation);

    const ready = simulation.state.platform.pods.filter((pod) => pod?.deployment === 0 && pod.ready);
    expect(ready).toHaveLength(replicas + 2);
  });
});

function noisy() {
  const scenario = fixtureScenario();
  const parts = [{ kind: 'noise', cv: 0.1, correlation: 60 } as const];
  return { ...scenario, load: scenario.load.map((entry) => ({ ...entry, parts })) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
