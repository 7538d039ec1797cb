import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../../scenario/component.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { runPlatform, type PlatformRun } from '../../../../../test/support/simulation/platform-run.js';
import {
  fixtureFault,
  fixtureOperation,
  fixtureScenario,
  fixtureService,
} from '../../../../../test/support/simulation/scenario-fixture.js';

function fleet(service: Partial<ServiceSpec> = {}): PlatformRun {
  // CPU all the time: one core carries one busy worker.
  const operations = [fixtureOperation({ name: 'get', work: { kind: 'exponential', mean: 0.01 }, cpu: 0.01 })];
  const app = fixtureService({ name: 'app', replicas: 4, operations, ...service });
  return runPlatform({ ...fixtureScenario(), services: [app], load: [], slos: [] });
}

/** Used cells of the service: servers, workers, speed, errorRatio, workFactor. */
function cellsOf(run: PlatformRun): number[][] {
  const { errorRatio, servers, speed, workers, workFactor } = run.state.parameters.cells;
  const first = run.cell('app');
  return Array.from({ length: CELLS_PER_STATION }, (_, i) => first + i)
    .filter((cell) => servers[cell]! > 0)
    .map((cell) => [servers[cell]!, workers[cell]!, speed[cell]!, errorRatio[cell]!, workFactor[cell]!]);
}

const app = { service: 'app' };

describe('faults on pods', () => {
  it('change the cell of the chosen share and of nobody else, and leave no trace', () => {
    const run = fleet();
    run.steps(1);
    const before = cellsOf(run);
    expect(before).toEqual([[4, 1, 1, 0, 1]]);
    run.inject(fixtureFault({ kind: 'config-error', target: { ...app, share: 0.5 }, settings: { ratio: 0.3 } }));
    run.steps(1);
    expect(cellsOf(run).sort((a, b) => a[3]! - b[3]!)).toEqual([
      [2, 1, 1, 0, 1],
      [2, 1, 1, 0.3, 1],
    ]);
    const chosen = run.pods('app').filter(({ cell }) => run.state.parameters.cells.errorRatio[cell]! > 0);
    run.steps(50);
    expect(chosen.every(({ cell }) => run.state.parameters.cells.errorRatio[cell] === 0.3)).toBe(true);
    run.clear('config-error');
    run.steps(1);
    expect(cellsOf(run)).toEqual(before);
  });

  it('keep the slot of a population that they change as a whole', () => {
    const run = fleet();
    run.steps(1);
    const cell = run.cell('app');
    const epoch = run.state.parameters.cells.epoch[cell];
    run.inject(fixtureFault({ kind: 'dependency-slow', target: app, settings: { factor: 3 } }));
    run.steps(1);
    expect(run.state.parameters.cells.workFactor[cell]).toBe(3);
    expect(run.state.parameters.cells.epoch[cell]).toBe(epoch);
  });

  it('reach the pods that replace chosen ones', () => {
    const run = fleet();
    run.inject(fixtureFault({ kind: 'config-error', target: { ...app, share: 0.5 } }));
    run.steps(1);
    run.change({ kind: 'restart', service: 'app' });
    run.steps(120);
    expect(
      cellsOf(run)
        .sort((a, b) => a[3]! - b[3]!)
        .map(([servers, , , errors]) => [servers, errors]),
    ).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });

  it('cpu-stress: the application has what is left of the limit, at least its threads’ part', () => {
    const run = fleet();
    run.inject(fixtureFault({ kind: 'cpu-stress', target: app, settings: { cores: 0.25 } }));
    run.steps(1);
    expect(cellsOf(run)).toEqual([[4, 1, 0.75, 0, 1]]);
    expect(run.pods('app')[0]!.stressCpu).toBe(0.25);
    run.clear('cpu-stress');
    // Two threads of stress against the one that a core can keep busy: a third of the core.
    run.inject(fixtureFault({ kind: 'cpu-stress', target: app, settings: { cores: 1.5 } }));
    run.steps(1);
    expect(cellsOf(run)).toEqual([[4, 1, 0.3333, 0, 1]]);
    run.clear('cpu-stress');
    run.inject(fixtureFault({ kind: 'cpu-stress', target: app, settings: { cores: 0.1 } }));
    run.steps(1);
    expect(cellsOf(run)).toEqual([[4, 1, 0.9, 0, 1]]);
  });

  it('consumer-stuck: nothing moves', () => {
    const run = fleet();
    run.inject(fixtureFault({ kind: 'consumer-stuck', target: app }));
    run.steps(1);
    expect(cellsOf(run)).toEqual([[4, 1, 0, 0, 1]]);
  });

  it('memory-leak: bytes per second until the limit, 384 MB above a base that differs by 3.84 MB, kills', () => {
    const run = fleet();
    run.inject(fixtureFault({ kind: 'memory-leak', target: app, settings: { rate: 4e6 } }));
    run.steps(95);
    expect(run.pods('app').map(({ leaked, restarts }) => [leaked, restarts])).toEqual(new Array(4).fill([380e6, 0]));
    run.steps(2);
    expect(
      run.pods('app').every(({ lastTermination, restarts }) => lastTermination === 'OOMKilled' && restarts === 1),
    ).toBe(true);
  });

  it('crash-loop: running containers exit after the time, then back off', () => {
    const run = fleet();
    run.until(100);
    run.inject(fixtureFault({ kind: 'crash-loop', target: { ...app, share: 0.25 }, settings: { after: 5 } }));
    run.until(105);
    expect(run.pods('app').some(({ restarts }) => restarts > 0)).toBe(false);
    run.steps(1);
    expect(run.pods('app').filter(({ restarts }) => restarts === 1)).toHaveLength(1);
    run.steps(5);
    expect(run.pods('app').filter(({ waiting }) => waiting === 'CrashLoopBackOff')).toHaveLength(1);
    run.clear('crash-loop');
    run.steps(30);
    expect(cellsOf(run)).toEqual([[4, 1, 1, 0, 1]]);
  });

  it('pod-kill: replaces the victims, again at every interval', () => {
    const run = fleet();
    const before = new Set(run.pods('app').map(({ uid }) => uid));
    run.inject(fixtureFault({ kind: 'pod-kill', target: { ...app, share: 0.5 }, settings: { interval: 60 } }));
    run.steps(1);
    expect(run.pods('app').filter(({ uid }) => before.has(uid))).toHaveLength(2);
    expect(cellsOf(run)[0]![0]).toBe(2);
    run.steps(59);
    expect(cellsOf(run)).toEqual([[4, 1, 1, 0, 1]]);
    run.steps(1);
    expect(cellsOf(run)[0]![0]).toBe(2);
  });
});

describe('faults on nodes', () => {
  it('noisy-neighbour: pods get their weighted share of what is left', () => {
    const resources = { cpuRequest: 1, cpuLimit: 2, memoryRequest: 1e8, memoryLimit: 2e8 };
    const run = fleet({ replicas: 6, resources, parallelism: 2 });
    run.inject(fixtureFault({ kind: 'noisy-neighbour', target: { cluster: 'eu-1' }, settings: { ratio: 0.5 } }));
    // Two pods on each node of four cores want two cores each, and there are two: one for each.
    const busy = () => run.serve('app', { cpu: 12 });
    run.until(16, busy);
    expect(run.state.platform.nodes[0]).toMatchObject({ stolenCpu: 2 });
    expect(cellsOf(run)).toEqual([[6, 1, 1, 0, 1]]);
    run.clear('noisy-neighbour');
    run.until(40);
    expect(cellsOf(run)).toEqual([[6, 2, 1, 0, 1]]);
  });

  it('clock-skew: pods refuse requests on nodes that are more than a minute off', () => {
    const run = fleet();
    run.inject(fixtureFault({ kind: 'clock-skew', target: { zone: 'eu-a' }, settings: { offset: 50 } }));
    run.steps(1);
    expect(cellsOf(run)).toHaveLength(1);
    run.clear('clock-skew');
    run.inject(fixtureFault({ kind: 'clock-skew', target: { zone: 'eu-a' }, settings: { offset: -90 } }));
    run.steps(1);
    expect(cellsOf(run)).toHaveLength(2);
    run.clear('clock-skew');
    run.steps(1);
    expect(cellsOf(run)).toEqual([[4, 1, 1, 0, 1]]);
  });
});

describe('the cells of a station', () => {
  it('are at most eight, however many kinds of pods there are', () => {
    const run = fleet({
      replicas: 16,
      resources: { cpuRequest: 0.1, cpuLimit: 1, memoryRequest: 1e8, memoryLimit: 2e8 },
    });
    for (let i = 1; i <= 6; i++) {
      const settings = { ratio: i / 10 };
      run.inject(fixtureFault({ name: `e${i}`, kind: 'config-error', target: { ...app, share: 0.5 }, settings }));
    }
    run.steps(1);
    const cells = cellsOf(run);
    expect(cells.length).toBeLessThanOrEqual(CELLS_PER_STATION);
    expect(cells.reduce((sum, [servers]) => sum + servers!, 0)).toBe(16);
    const { errorRatio, servers } = run.state.parameters.cells;
    for (const { cell } of run.pods('app')) expect([servers[cell]! > 0, errorRatio[cell]! <= 1]).toEqual([true, true]);
  });
});
