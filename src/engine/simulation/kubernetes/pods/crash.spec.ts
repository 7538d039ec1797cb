import { describe, expect, it } from 'vitest';
import { NEUTRAL, runPlatform } from '../../../../../test/support/simulation/platform-run.js';
import {
  fixtureFault,
  fixtureOperation,
  fixtureScenario,
  fixtureService,
} from '../../../../../test/support/simulation/scenario-fixture.js';
import { baseMemoryOf } from './base-memory.js';

const app = fixtureService({
  name: 'app',
  replicas: 1,
  operations: [fixtureOperation({ name: 'get' })],
  startup: { pull: 0, start: 1, ready: 0 },
  rollout: { strategy: 'recreate' },
});
const ROLLING = { strategy: 'rolling', maxSurge: { share: 0.25 }, maxUnavailable: { share: 0.25 } } as const;
const fleet = (service = app) => runPlatform({ ...fixtureScenario(), services: [service], load: [], slos: [] });
const deploy = (effects: Partial<typeof NEUTRAL>) =>
  ({ kind: 'deploy', service: 'app', version: '2', effects: { ...NEUTRAL, ...effects } }) as const;

describe('CrashLoopBackOff', () => {
  it('restarts at once, then after 10 s, 20 s, 40 s, 80 s, 160 s and 300 s (kubernetes.io, Pod Lifecycle)', () => {
    const run = fleet();
    run.change(deploy({ crashAfter: 5 }));
    const starts: number[] = [];
    run.steps(1500, (step) => {
      const pod = run.pods('app').find(({ version }) => version === 1);
      if (pod?.startedAt === step - 1) starts.push(pod.startedAt);
    });
    const pauses = starts.slice(1).map((start, i) => start - starts[i]! - 5);
    expect(pauses.slice(0, 8)).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
    expect(run.reasons()).toContain('BackOff');
  });

  it('waits again from the start after a run of more than ten minutes', () => {
    const run = fleet();
    run.change(deploy({ crashAfter: 601 }));
    const waits: (string | null)[] = [];
    run.steps(3000, () => waits.push(run.pods('app')[0]?.waiting ?? null));
    expect(run.pods('app')[0]!.restarts).toBe(4);
    expect(waits).not.toContain('CrashLoopBackOff');
  });

  it('takes the pod out of its cell and fails what was in it', () => {
    const run = fleet();
    run.change(deploy({ crashAfter: 30 }));
    run.until(10);
    const { cells } = run.state.parameters;
    const [pod] = run.pods('app');
    const { cell, startedAt } = pod!;
    expect(cells.servers[cell]).toBe(1);
    run.until(startedAt + 31);
    expect([cells.servers[cell], cells.killed[cell]]).toEqual([0, 1]);
    expect(pod).toMatchObject({ ready: false, restarts: 1, lastTermination: 'Error', cell: -1 });
    run.steps(1);
    expect([cells.servers[cell], cells.killed[cell]]).toEqual([1, 0]);
  });
});

describe('a version whose image no registry has', () => {
  const rolling = fixtureService({ ...app, replicas: 4, rollout: ROLLING });

  it('waits in ErrImagePull and ImagePullBackOff: tries after 10 s, 20 s, 40 s... up to 300 s', () => {
    const run = fleet(rolling);
    run.change(deploy({ imageMissing: true }));
    const tries: number[] = [];
    const waits = new Map<number, string | null>();
    run.steps(1200, (step) => {
      const pod = run.pods('app').find(({ version }) => version === 1);
      waits.set(step - 1, pod?.waiting ?? null);
      const pulls = run.state.platform.events.filter(
        ({ object, reason, time }) => reason === 'Pulling' && object.name === pod?.name && time === step - 1,
      );
      if (pulls.length > 0) tries.push(step - 1);
    });
    // A second passes until the registry has answered; the back-off counts from there.
    expect(tries.slice(1).map((time, i) => time - tries[i]! - 1)).toEqual([10, 20, 40, 80, 160, 300, 300]);
    const [first] = tries as [number];
    expect([0, 1, 10, 11, 12, 21, 22, 31, 32, 33].map((after) => waits.get(first + after))).toEqual([
      ...['ContainerCreating', 'ErrImagePull', 'ErrImagePull', 'ErrImagePull', 'ErrImagePull', 'ErrImagePull'],
      ...['ImagePullBackOff', 'ImagePullBackOff', 'ImagePullBackOff', 'ErrImagePull'],
    ]);
    const messages = run.state.platform.events.map(({ message }) => message);
    expect(messages).toContain('Error: ImagePullBackOff');
    expect(messages).toContain('Back-off pulling image "app:2"');
  });

  it('stops the rollout at what may be unavailable, and a roll-back ends it', () => {
    const run = fleet(rolling);
    run.change(deploy({ imageMissing: true }));
    run.until(620);
    const ready = () => run.pods('app').filter((pod) => pod.ready);
    expect(ready()).toHaveLength(3);
    expect(run.state.platform.deployments[0]!.progressDeadlineExceeded).toBe(true);
    run.change({ kind: 'rollback', service: 'app' });
    run.steps(10);
    expect(run.pods('app').map(({ phase, ready: is }) => [phase, is])).toEqual(new Array(4).fill(['Running', true]));
  });
});

describe('memory', () => {
  it('kills a leaking container in the second in which it passes its limit', () => {
    // 512 MB at most; 10 requests a second that leak 1 MB each.
    const run = fleet();
    run.change(deploy({ leakPerRequest: 1e6 }));
    run.until(20, () => run.serve('app', { requests: 10 }));
    const [pod] = run.pods('app');
    const start = run.state.step - 1 - pod!.leaked / 10e6;
    const seconds = Math.floor((512e6 - baseMemoryOf(128e6, pod!)) / 10e6);
    run.until(start + seconds + 1, () => run.serve('app', { requests: 10 }));
    expect(pod).toMatchObject({ restarts: 0, leaked: seconds * 10e6 });
    run.steps(1, () => run.serve('app', { requests: 10 }));
    expect(pod).toMatchObject({ restarts: 1, lastTermination: 'OOMKilled', leaked: 0 });
    expect(run.reasons()).toContain('OOMKilling');
  });

  it('differs by up to 3 % between alike pods, so that they do not die in the same second', () => {
    const run = fleet({ ...app, replicas: 24 });
    const bases = run.pods('app').map((pod) => baseMemoryOf(100, pod));
    expect(Math.min(...bases)).toBeGreaterThanOrEqual(97);
    expect(Math.max(...bases)).toBeLessThanOrEqual(103);
    // Evenly: 24 draws of a uniform variable of standard deviation 3 / sqrt(3).
    expect(Math.abs(bases.reduce((sum, base) => sum + base, 0) / 24 - 100)).toBeLessThan(3.5 * (3 / Math.sqrt(72)));
    expect(new Set(bases.map((base) => base.toFixed(2))).size).toBeGreaterThan(20);

    const leak = fixtureFault({ kind: 'memory-leak', target: { service: 'app' }, settings: { rate: 1e6 } });
    run.inject(leak);
    const deaths = new Set<number>();
    run.steps(420, (step) => {
      if (run.pods('app').some(({ restarts, startedAt }) => restarts > 0 && startedAt === step - 1)) deaths.add(step);
    });
    expect(deaths.size).toBeGreaterThan(4);
    expect(run.pods('app').every(({ restarts }) => restarts === 1)).toBe(true);
  });

  it('counts what requests hold: 1 MB each, 64 at work and 100 waiting', () => {
    const plain = fleet();
    const memoryLimit = baseMemoryOf(128e6, plain.pods('app')[0]!) + 100e6;
    // The same seed makes the same pod.
    const run = fleet({ ...app, resources: { ...app.resources, memoryLimit } });
    run.steps(5, () => run.serve('app', { inFlight: 100 }));
    expect(run.pods('app')[0]!.restarts).toBe(0);
    run.steps(1, () => run.serve('app', { inFlight: 101 }));
    expect(run.pods('app')[0]).toMatchObject({ restarts: 1, lastTermination: 'OOMKilled' });
  });
});
