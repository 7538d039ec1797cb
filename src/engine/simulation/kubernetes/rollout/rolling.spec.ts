import { describe, expect, it } from 'vitest';
import type { RolloutSpec } from '../../../scenario/component.types.js';
import { NEUTRAL, runPlatform, type PlatformRun } from '../../../../../test/support/simulation/platform-run.js';
import {
  fixtureOperation,
  fixtureScenario,
  fixtureService,
} from '../../../../../test/support/simulation/scenario-fixture.js';
import { createRandom, nextBelow, nextUniform } from '../../random/random.js';
import { boundsOf } from './bounds.js';

function fleetOf(rollout: RolloutSpec, replicas = 10): PlatformRun {
  const resources = { cpuRequest: 0.1, cpuLimit: 1, memoryRequest: 1e8, memoryLimit: 2e8 };
  const operations = [fixtureOperation({ name: 'get' })];
  const service = fixtureService({ name: 'app', replicas, resources, rollout, operations });
  return runPlatform({ ...fixtureScenario(), services: [service], load: [], slos: [] });
}

const deploy = (version: string, effects = NEUTRAL) => ({ kind: 'deploy', service: 'app', version, effects }) as const;
const activeOf = (run: PlatformRun) => run.pods('app').filter(({ deletedAt }) => deletedAt < 0);
const readyOf = (run: PlatformRun) => activeOf(run).filter(({ ready }) => ready).length;
const versionsOf = (run: PlatformRun) =>
  new Set(activeOf(run).map(({ version }) => run.state.platform.deployments[0]!.versions[version]!.name));

describe('the bounds of a rolling update', () => {
  it.each([
    // kubernetes.io, Deployments, "Max Unavailable" and "Max Surge": 30 % of 10.
    [0.3, 0.3, 10, 3, 3],
    [0.25, 0.25, 10, 3, 2],
    [0.25, 0.25, 1, 1, 0],
    [0.07, 0, 100, 7, 0],
    [0, 0.1, 5, 0, 1],
  ])(
    '%d surge and %d unavailable of %d pods are %d and %d',
    (surge, unavailable, replicas, maxSurge, maxUnavailable) => {
      const rollout = {
        strategy: 'rolling',
        maxSurge: { share: surge },
        maxUnavailable: { share: unavailable },
      } as const;
      expect(boundsOf(rollout, replicas)).toEqual({ maxSurge, maxUnavailable });
    },
  );
});

describe('a rolling update', () => {
  it('takes the steps of the documentation: 3 more, 2 fewer, and so on to the end', () => {
    const run = fleetOf({ strategy: 'rolling', maxSurge: { share: 0.25 }, maxUnavailable: { share: 0.25 } });
    run.steps(1);
    run.change(deploy('2.0.0'));
    run.steps(1);
    const scaling = run.state.platform.events.filter(({ reason }) => reason === 'ScalingReplicaSet');
    const [old, fresh] = run.state.platform.deployments[0]!.versions.map(({ hash }) => `app-${hash}`);
    // 10 + 3 pods may exist and 8 must be ready: three new ones, two old ones go, for which two more come.
    expect(scaling.map(({ message }) => message)).toEqual([
      `Scaled up replica set ${fresh} from 0 to 3`,
      `Scaled down replica set ${old} from 10 to 8`,
      `Scaled up replica set ${fresh} from 3 to 5`,
    ]);
    run.steps(200);
    expect(versionsOf(run)).toEqual(new Set(['2.0.0']));
    expect(run.pods('app')).toHaveLength(10);
    const [state] = run.state.platform.deployments;
    expect(state).toMatchObject({ stable: 1, updated: 1, progressDeadlineExceeded: false });
  });

  it('never has more pods than replicas and surge, nor fewer ready than replicas less unavailable', () => {
    const random = createRandom(11, 'test/rolling');
    for (let round = 0; round < 40; round++) {
      const replicas = 1 + nextBelow(random, 24);
      const rollout: RolloutSpec = {
        strategy: 'rolling',
        maxSurge: nextBelow(random, 2) ? { share: nextUniform(random) } : { pods: nextBelow(random, 4) },
        maxUnavailable: nextBelow(random, 2) ? { share: nextUniform(random) * 0.9 } : { pods: nextBelow(random, 4) },
      };
      const { maxSurge, maxUnavailable } = boundsOf(rollout, replicas);
      const run = fleetOf(rollout, replicas);
      run.steps(1);
      for (let i = 0; i < 3; i++) {
        // The next deploy comes while the one before may still be on its way.
        run.change(deploy(`2.0.${i}`));
        const steps = nextBelow(random, 40);
        for (let step = 0; step < steps; step++) {
          run.steps(1);
          expect(activeOf(run).length).toBeLessThanOrEqual(replicas + maxSurge);
          expect(readyOf(run)).toBeGreaterThanOrEqual(replicas - maxUnavailable);
        }
      }
      run.steps(600);
      expect(versionsOf(run)).toEqual(new Set(['2.0.2']));
      expect(readyOf(run)).toBe(replicas);
    }
  });

  it('stands still with a version that never gets ready, misses its deadline, and rolls back', () => {
    const run = fleetOf({ strategy: 'rolling', maxSurge: { share: 0.25 }, maxUnavailable: { share: 0.25 } });
    run.steps(1);
    run.change(deploy('2.0.0', { ...NEUTRAL, neverReady: true }));
    run.steps(590);
    expect(readyOf(run)).toBe(8);
    expect(run.state.platform.deployments[0]!.progressDeadlineExceeded).toBe(false);
    run.steps(30);
    expect(run.state.platform.deployments[0]!.progressDeadlineExceeded).toBe(true);
    expect(run.reasons()).toContain('Unhealthy');
    run.change({ kind: 'rollback', service: 'app' });
    run.steps(60);
    expect(readyOf(run)).toBe(10);
    expect(versionsOf(run)).toEqual(new Set(['1.0.0']));
    const [state] = run.state.platform.deployments;
    expect(state!.versions.map(({ name }) => name)).toEqual(['2.0.0', '1.0.0']);
    expect(state).toMatchObject({ stable: 1, updated: 1 });
  });

  it('rolls a named version back past its restarts, and leaves what came after it alone', () => {
    const run = fleetOf({ strategy: 'rolling', maxSurge: { pods: 1 }, maxUnavailable: { pods: 1 } }, 2);
    const wanted = () => {
      const { updated, versions } = run.state.platform.deployments[0]!;
      return versions[updated]!.name;
    };
    const undo = { kind: 'rollback', service: 'app', from: '2.0.0' } as const;
    run.change(deploy('2.0.0'));
    run.change({ kind: 'restart', service: 'app' });
    run.change(undo);
    expect(wanted()).toBe('1.0.0');
    run.change(undo);
    expect(wanted()).toBe('1.0.0');
    run.change(deploy('2.0.0'));
    run.change(deploy('3.0.0'));
    run.change(undo);
    expect(wanted()).toBe('3.0.0');
  });

  it('scales replica sets in proportion when replicas change on the way', () => {
    // kubernetes.io, Deployments, "Proportional scaling": 8 old and 5 new, from 10 to 15 replicas with a surge of 3.
    const run = fleetOf({ strategy: 'rolling', maxSurge: { pods: 3 }, maxUnavailable: { pods: 2 } });
    run.steps(1);
    run.change(deploy('2.0.0', { ...NEUTRAL, neverReady: true }));
    run.steps(1);
    run.change({ kind: 'scale', service: 'app', replicas: 15 });
    run.steps(1);
    const counts = [0, 1].map((version) => activeOf(run).filter((pod) => pod.version === version).length);
    expect(counts).toEqual([11, 7]);
  });

  it('keeps ten versions however many were deployed', () => {
    const run = fleetOf({ strategy: 'rolling', maxSurge: { pods: 1 }, maxUnavailable: { pods: 1 } }, 2);
    for (let i = 0; i < 25; i++) {
      run.change(deploy(`2.0.${i}`));
      run.steps(120);
    }
    const [state] = run.state.platform.deployments;
    expect(state!.versions).toHaveLength(10);
    expect(state!.versions.at(-1)!.name).toBe('2.0.24');
    expect(versionsOf(run)).toEqual(new Set(['2.0.24']));
  });

  it('restarts all pods under a new hash, and does nothing for a version that runs already', () => {
    const run = fleetOf({ strategy: 'rolling', maxSurge: { share: 0.25 }, maxUnavailable: { share: 0.25 } });
    const before = new Set(run.pods('app').map(({ uid }) => uid));
    run.change(deploy('1.0.0'));
    run.steps(60);
    expect(run.pods('app').every(({ uid }) => before.has(uid))).toBe(true);
    run.change({ kind: 'restart', service: 'app' });
    run.steps(120);
    expect(run.pods('app').some(({ uid }) => before.has(uid))).toBe(false);
    expect(versionsOf(run)).toEqual(new Set(['1.0.0']));
  });
});

describe('the strategy Recreate', () => {
  it('starts no new pod before the last old one is gone', () => {
    const run = fleetOf({ strategy: 'recreate' }, 4);
    run.change(deploy('2.0.0'));
    let seenTogether = false;
    run.steps(100, () => {
      if (new Set(run.pods('app').map(({ version }) => version)).size > 1) seenTogether = true;
    });
    expect(seenTogether).toBe(false);
    expect(readyOf(run)).toBe(4);
    expect(versionsOf(run)).toEqual(new Set(['2.0.0']));
  });
});
