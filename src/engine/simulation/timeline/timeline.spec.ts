import { describe, expect, it } from 'vitest';
import { fixtureFault, fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import type { Scenario } from '../../scenario/scenario.types.js';
import { compileFleet } from '../model/compile-fleet.js';
import { advanceTimeline, createTimeline } from './timeline.js';

function timelineOf(overrides: Partial<Scenario>) {
  const fleet = compileFleet(fixtureScenario(overrides));
  const timeline = createTimeline(fleet);
  return { timeline, advance: (step: number) => advanceTimeline(fleet, timeline, step) };
}

const target = { service: 'api' };

describe('advanceTimeline', () => {
  it('holds a fault in force from its start for its duration', () => {
    const { timeline, advance } = timelineOf({
      faults: [fixtureFault({ kind: 'cpu-stress', at: 10, duration: 5, target })],
    });
    const inForce = Array.from({ length: 20 }, (_, step) => {
      advance(step);
      return timeline.active.length;
    });
    expect(inForce.flatMap((count, step) => (count > 0 ? [step] : []))).toEqual([10, 11, 12, 13, 14]);
    expect(timeline.faults).toEqual([]);
  });

  it('raises level and scaled settings over the ramp, factors from 1', () => {
    const { timeline, advance } = timelineOf({
      faults: [
        fixtureFault({ kind: 'dependency-slow', at: 0, ramp: 10, intensity: 0.5, target, settings: { factor: 9 } }),
        fixtureFault({ kind: 'network-latency', at: 0, ramp: 10, intensity: 0.5, target, settings: { delay: 0.4 } }),
        fixtureFault({ kind: 'retry-storm', at: 0, ramp: 10, intensity: 0.5, target }),
      ],
    });
    for (let step = 0; step <= 5; step++) advance(step);
    expect(timeline.active.map(({ level }) => level)).toEqual([0.25, 0.25, 0.25]);
    expect(timeline.active[0]!.settings).toEqual({ factor: 3 });
    expect(timeline.active[1]!.settings['delay']).toBeCloseTo(0.1, 12);
    expect(timeline.active[2]!.settings).toEqual({ timeoutFactor: 0.5, retries: 3 });
    for (let step = 6; step <= 20; step++) advance(step);
    expect(timeline.active[0]!.settings).toEqual({ factor: 5 });
    expect(timeline.active[0]!.since).toBe(0);
  });

  it('keeps the same array while nothing changes', () => {
    const { timeline, advance } = timelineOf({
      faults: [fixtureFault({ kind: 'cpu-stress', at: 2, ramp: 3, target })],
    });
    advance(0);
    const calm = timeline.active;
    advance(1);
    expect(timeline.active).toBe(calm);
    advance(2);
    const ramping = timeline.active;
    advance(3);
    expect(timeline.active).not.toBe(ramping);
    advance(5);
    const full = timeline.active;
    advance(6);
    expect(timeline.active).toBe(full);
  });

  it('hands out every change once, at its time, in order', () => {
    const { advance } = timelineOf({
      changes: [
        { at: 7, kind: 'restart', service: 'web' },
        { at: 3, kind: 'scale', service: 'api', replicas: 5 },
        { at: 7, kind: 'scale', service: 'web', replicas: 1 },
      ],
    });
    const due = Array.from({ length: 10 }, (_, step) => advance(step).map(({ kind }) => kind));
    expect(due[3]).toEqual(['scale']);
    expect(due[7]).toEqual(['restart', 'scale']);
    expect(due.flat()).toHaveLength(3);
  });

  it('takes faults and changes put in at run time', () => {
    const { timeline, advance } = timelineOf({});
    for (let step = 0; step < 5; step++) advance(step);
    timeline.faults.push(fixtureFault({ kind: 'pod-kill', at: 5, duration: 0, target }));
    timeline.changes.push({ at: 5, kind: 'restart', service: 'api' });
    expect(advance(5)).toHaveLength(1);
    expect(timeline.active.map(({ kind, since }) => `${kind} ${since}`)).toEqual(['pod-kill 5']);
    advance(6);
    expect(timeline.active).toEqual([]);
  });

  it('deploys a bad version at the start and rolls it back at the end', () => {
    const fault = fixtureFault({
      kind: 'bad-deploy',
      at: 4,
      duration: 3,
      intensity: 0.5,
      target,
      settings: { errorRatio: 0.2, latencyFactor: 3, leakPerRequest: 100 },
    });
    const { advance } = timelineOf({ faults: [fault] });
    const due = Array.from({ length: 10 }, (_, step) => advance(step));
    expect(due[4]).toEqual([
      {
        kind: 'deploy',
        service: 'api',
        version: '1.0.0-bad-deploy',
        effects: {
          errorRatio: 0.1,
          latencyFactor: 2,
          cpuFactor: 1,
          leakPerRequest: 50,
          crashAfter: 0,
          neverReady: false,
        },
      },
    ]);
    expect(due[7]).toEqual([{ kind: 'rollback', service: 'api', from: '1.0.0-bad-deploy' }]);
    expect(due.flat()).toHaveLength(2);
  });

  it('rolls back when the fault is cleared, and not when it never began', () => {
    const { timeline, advance } = timelineOf({
      faults: [
        fixtureFault({ kind: 'bad-deploy', at: 0, duration: Infinity, target }),
        fixtureFault({ kind: 'bad-deploy', name: 'later', at: 50, target }),
      ],
    });
    advance(0);
    timeline.faults.splice(0, 2);
    expect(advance(1)).toEqual([{ kind: 'rollback', service: 'api', from: '1.0.0-bad-deploy' }]);
    expect(advance(2)).toEqual([]);
  });
});
