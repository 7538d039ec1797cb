import { describe, expect, it } from 'vitest';
import { HandMadeRun } from '../../../../test/support/simulation/hand-made-run.js';
import { fixtureFault } from '../../../../test/support/simulation/scenario-fixture.js';
import { MAX_HARMS } from './account-slo.js';

/** The fixture's SLO: 99 % of the answers of `users` without error within 0.5 s. */
const CALM = { answers: [[0.1, 100]] } as const;
const OUTAGE = { answers: [[0.1, 50]], failed: 50 } as const;

describe('SLO accounting', () => {
  it('counts as good what was answered within the latency, bound included, and all else as bad', () => {
    const run = new HandMadeRun();
    run.step({
      answers: [
        [0.1, 90],
        [0.5, 5],
        [0.51, 3],
      ],
      failed: 2,
    });
    expect(run.state.account.slos[0]).toMatchObject({ name: 'home-fast', good: 95, bad: 5 });
  });

  it('ignores latency where the SLO names none', () => {
    const run = new HandMadeRun({ slos: [{ name: 'up', entryPoint: 'users', objective: 0.9, latency: Infinity }] });
    run.step({ answers: [[500, 9]], failed: 1 });
    expect(run.state.account.slos[0]).toMatchObject({ good: 9, bad: 1 });
  });

  it('opens a stretch of harm at the first bad second and ends it after the last, with its requests', () => {
    const run = new HandMadeRun();
    run.steps(100, CALM);
    run.steps(20, OUTAGE);
    run.steps(100, CALM);
    const [slo] = run.state.account.slos;
    expect(slo!.harms).toEqual([{ from: 100, to: 120, bad: 1000, total: 2000 }]);
    expect(slo).toMatchObject({ harmCount: 1, harmSeconds: 20 });
  });

  it('merges stretches over a pause of 60 s, and not over one of 61 s', () => {
    const pause = (seconds: number) => {
      const run = new HandMadeRun();
      run.steps(10, OUTAGE);
      run.steps(seconds, CALM);
      run.steps(10, OUTAGE);
      run.steps(100, CALM);
      return run.state.account.slos[0]!.harms.map(({ from, to }) => [from, to]);
    };
    expect(pause(60)).toEqual([[0, 80]]);
    expect(pause(61)).toEqual([
      [0, 10],
      [71, 81],
    ]);
  });

  it('leaves a stretch open while it may still go on', () => {
    const run = new HandMadeRun();
    run.steps(10, OUTAGE);
    run.steps(30, CALM);
    expect(run.state.account.slos[0]!.harms).toEqual([{ from: 0, to: -1, bad: 500, total: 1000 }]);
  });

  it('takes a single failure of quiet minutes for chance', () => {
    const run = new HandMadeRun();
    // One of 200 in a minute: below the 1 % allowed, though one of three in its own second.
    run.steps(60, { answers: [[0.1, 3]] });
    run.step({ answers: [[0.1, 2]], failed: 1 });
    run.steps(60, { answers: [[0.1, 3]] });
    expect(run.state.account.slos[0]!.harms).toEqual([]);
  });

  it('takes errors at exactly the allowed share for no harm', () => {
    const run = new HandMadeRun({ slos: [{ name: 'up', entryPoint: 'users', objective: 0.9, latency: 1 }] });
    run.steps(120, { answers: [[0.1, 0.27]], failed: 0.03 });
    expect(run.state.account.slos[0]!.harms).toEqual([]);
  });

  it('keeps the longest stretches and still counts all', () => {
    const run = new HandMadeRun();
    for (let i = 0; i < MAX_HARMS + 5; i++) {
      run.steps(i < 5 ? 1 : 2, OUTAGE);
      run.steps(62, CALM);
    }
    const slo = run.state.account.slos[0]!;
    expect(slo.harmCount).toBe(MAX_HARMS + 5);
    expect(slo.harmSeconds).toBe(2 * MAX_HARMS + 5);
    expect(slo.harms).toHaveLength(MAX_HARMS);
    expect(slo.harms.every(({ from, to }) => to - from === 2)).toBe(true);
  });
});

describe('fault records', () => {
  it('say when it began and ended, when users were harmed, and since when nobody was', () => {
    const run = new HandMadeRun();
    run.steps(60, CALM);
    run.activate(fixtureFault({ kind: 'dependency-slow', name: 'slow-db', target: { store: 'db' } }));
    run.steps(10, CALM);
    run.steps(20, OUTAGE);
    run.activate();
    run.steps(5, OUTAGE);
    run.steps(59, CALM);
    expect(run.state.account.faults[0]!.recoveredAt).toBe(-1);
    run.step(CALM);
    expect(run.state.account.faults).toEqual([
      {
        name: 'slow-db',
        kind: 'dependency-slow',
        from: 60,
        to: 90,
        where: 'store db',
        harmedAt: 70,
        recoveredAt: 95,
      },
    ]);
  });

  it('have recovered when they end where nobody was harmed', () => {
    const run = new HandMadeRun();
    run.activate(fixtureFault({ kind: 'cache-flush', target: { store: 'cache' } }));
    run.step(CALM);
    run.activate();
    run.steps(100, CALM);
    expect(run.state.account.faults[0]).toMatchObject({ from: 0, to: 1, harmedAt: -1, recoveredAt: 1 });
  });

  it('own the harm of the ten minutes after them, and no later one', () => {
    const harmedAt = (wait: number) => {
      const run = new HandMadeRun();
      run.activate(fixtureFault({ kind: 'pod-kill', target: { service: 'web', share: 0.5 } }));
      run.step(CALM);
      run.activate();
      run.steps(wait, CALM);
      run.steps(5, OUTAGE);
      run.steps(70, CALM);
      return run.state.account.faults[0]!;
    };
    expect(harmedAt(300)).toMatchObject({ harmedAt: 301, recoveredAt: 306, where: 'service web (50 % of it)' });
    expect(harmedAt(900)).toMatchObject({ harmedAt: -1, recoveredAt: 1 });
  });

  it('tell two faults of one name apart by their start', () => {
    const run = new HandMadeRun();
    const fault = fixtureFault({ kind: 'traffic-surge' });
    for (let i = 0; i < 2; i++) {
      run.activate(fault);
      run.steps(10, CALM);
      run.activate();
      run.steps(100, CALM);
    }
    expect(run.state.account.faults.map(({ from, to, where }) => [from, to, where])).toEqual([
      [0, 10, 'all entry points'],
      [110, 120, 'all entry points'],
    ]);
  });
});

describe('pods and nodes', () => {
  it('integrates ready pods and notes the fewest, the most and the last', () => {
    const run = new HandMadeRun();
    for (let slot = 0; slot < 3; slot++) run.pod(slot, {});
    run.steps(10);
    run.pod(1, { ready: false });
    run.steps(5);
    run.pod(1, { ready: true });
    run.pod(3, {});
    run.pod(4, { deployment: 1 });
    run.steps(5);
    const { replicas, services, memory } = run.state.account;
    expect(replicas['web@eu-1']).toEqual({ min: 2, max: 4, podSeconds: 30 + 10 + 20, last: 4, changes: 0 });
    expect(services['web']).toMatchObject({ min: 2, max: 4, podSeconds: 60, last: 4 });
    expect(memory.podSeconds).toBe(65);
  });

  it('counts changes of the wanted count', () => {
    const run = new HandMadeRun();
    run.step();
    for (const replicas of [4, 4, 6, 3]) {
      run.scale(0, replicas);
      run.step();
    }
    expect(run.state.account.services['web']!.changes).toBe(3);
  });

  it('counts restarts once, by reason, also of a pod that took the slot of another', () => {
    const run = new HandMadeRun();
    run.pod(0, {});
    run.step();
    run.pod(0, { restarts: 1, lastTermination: 'OOMKilled' });
    run.steps(3);
    run.pod(0, { restarts: 2, lastTermination: 'Error' });
    run.step();
    run.pod(0, { uid: 'another', restarts: 0, lastTermination: null });
    run.step();
    run.pod(0, { restarts: 1, lastTermination: 'Error' });
    run.step();
    expect(run.state.account).toMatchObject({ restarts: 3, oomKills: 1 });
    expect(run.state.account.services['web']).toMatchObject({ restarts: 3, oomKills: 1 });
    expect(run.state.account.services['api']).toMatchObject({ restarts: 0, oomKills: 0 });
  });

  it('integrates pods that have no node, and notes the most at once', () => {
    const run = new HandMadeRun();
    for (let slot = 0; slot < 3; slot++) run.pod(slot, { ready: false, phase: 'Pending', unschedulable: 'cpu' });
    run.steps(4);
    run.pod(0, { unschedulable: null });
    run.steps(2);
    expect(run.state.account).toMatchObject({ unschedulableSeconds: 16, maxUnschedulable: 3 });
    expect(run.state.account.services['web']).toMatchObject({ unschedulableSeconds: 16, maxUnschedulable: 3 });
  });

  it('pays for nodes from their order to their end', () => {
    const run = new HandMadeRun();
    // 0.20 USD per node and hour.
    run.node(0, {});
    run.node(1, { ready: false, readyAt: 90 });
    run.steps(1800);
    run.node(1, null);
    run.steps(1800);
    expect(run.state.account.cost).toBeCloseTo(0.3, 9);
  });

  it('keeps the largest lag of a queue over all partitions', () => {
    const run = new HandMadeRun();
    const component = run.fleet.components.find(({ name }) => name === 'orders')!.index;
    const lag = new Float64Array([1, 2, 3]);
    run.state.stores.queues[component] = { published: 0, consumed: 0, lag, partitionShare: lag };
    run.step();
    lag.fill(0.5);
    run.step();
    expect(run.state.account.maxLag).toEqual({ orders: 6 });
  });
});

it('goes on from a copy with the same books', () => {
  const original = new HandMadeRun();
  original.pod(0, {});
  original.steps(50, OUTAGE);
  const copy = new HandMadeRun();
  Object.assign(copy.state, structuredClone(original.state));
  for (const run of [original, copy]) {
    run.pod(1, { restarts: 1 });
    run.steps(100, CALM);
  }
  expect(copy.state.account).toEqual(original.state.account);
});
