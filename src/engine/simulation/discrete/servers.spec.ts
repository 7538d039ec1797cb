import { describe, expect, it } from 'vitest';
import { type StationFixture } from '../../../../test/support/simulation/network-fixture.js';
import { play, takes, wide } from '../../../../test/support/simulation/play-requests.js';

describe('a server', () => {
  it('refuses what finds neither a place nor room to wait', () => {
    const { built, pass, row } = play({
      front: { servers: 1, slots: 2, queueLimit: 3, operations: { get: takes(100) } },
    });
    pass(3, 50);
    expect(built.flows.inFlight[built.row('front.get')]).toBe(5);
    expect(built.flows.queued[built.cell('front')]).toBe(4);
    expect(row('front.get').rejected).toBe(row('front.get').arrived - 5);
  });

  it('sheds the given share', () => {
    const { built, pass, row } = play({ front: wide(takes(0)) });
    built.parameters.cells.shedRatio[0] = 0.3;
    pass(100, 100);
    const { arrived, rejected } = row('front.get');
    expect(Math.abs(rejected - 0.3 * arrived)).toBeLessThan(4 * Math.sqrt(arrived * 0.21));
  });

  it('works longer the more contending requests it has', () => {
    const { built, pass, waited } = play({
      front: wide(takes(0, [[{ to: 'a.get', fanOut: 3 }]])),
      a: wide({ ...takes(0.1), contends: true }, { contention: 0.5 }),
    });
    while (built.flows.userOffered[0] === 0) pass(1, 0.01);
    pass(1);
    expect(built.flows.userOk[0]).toBe(1);
    // The third starts beside two others: 0.1 s x (1 + 0.5 x 2).
    expect(waited()).toBeCloseTo(0.2, 9);
  });

  it('stands still at speed 0 and goes on with what was left', () => {
    const { built, pass, waited } = play({ front: wide(takes(3)) });
    pass(1, 20);
    built.parameters.cells.speed[0] = 0;
    pass(10);
    built.parameters.cells.speed[0] = 2;
    pass(5);
    // Of 3 s of work u were done before the stop, u the share of the first second left after the arrival, and the rest
    // at double speed: u + 10 + (3 - u) / 2; the mean of u is 1/2.
    const { flows } = built;
    expect(flows.userOk[0]).toBe(flows.userOffered[0]);
    const spread = (4 * 0.5) / Math.sqrt(12 * flows.userOk[0]!);
    expect(Math.abs(waited() - (0.25 + 10 + 1.5))).toBeLessThan(spread);
  });

  it('that is killed fails what it holds; one that drains ends it', () => {
    const build = () => play({ front: wide(takes(5), { servers: 2 }) });
    const killed = build();
    killed.pass(1, 40);
    killed.built.parameters.cells.servers[0] = 0;
    killed.built.parameters.cells.killed[0] = 2;
    killed.pass(1);
    expect(killed.row('front.get').failedOwn).toBe(killed.row('front.get').arrived);
    const drained = build();
    drained.pass(1, 40);
    drained.built.parameters.cells.servers[0] = 0;
    drained.pass(6);
    expect(drained.row('front.get').ok).toBe(drained.row('front.get').arrived);
    drained.pass(1, 40);
    expect(drained.built.flows.userFailed[0]).toBeGreaterThan(20);
    expect(drained.row('front.get').ok).toBe(drained.row('front.get').arrived);
  });

  it('drains with its own settings when its cell is given to others', () => {
    const { built, pass, row } = play({ front: wide(takes(1)) });
    pass(1, 40);
    const { cells } = built.parameters;
    cells.epoch[0]!++;
    cells.errorRatio[0] = 1;
    pass(1);
    expect(row('front.get').ok).toBe(row('front.get').arrived);
    pass(1, 40);
    pass(2);
    expect(row('front.get').failedOwn).toBeGreaterThan(20);
  });

  it('reports busy workers and saturation', () => {
    const { built, pass } = play({ front: { servers: 2, workers: 2, operations: { get: takes(1000) } } });
    pass(3, 100);
    expect(built.flows.busyWorkers[built.cell('front')]).toBeCloseTo(4, 9);
    const before = built.flows.saturatedSeconds[built.cell('front')]!;
    pass(5);
    expect(built.flows.saturatedSeconds[built.cell('front')]! - before).toBeCloseTo(10, 9);
  });
});

describe('a shared queue', () => {
  const consumer = (servers: number): Record<string, StationFixture> => ({
    front: { kind: 'delay', operations: { get: takes(0, [[{ to: 'worker.get', async: true }]]) } },
    worker: { ...{ dispatch: 'shared', servers, workers: 1, slots: 1 }, operations: { get: takes(2) } },
  });

  it('keeps messages while there is nobody to take them', () => {
    const { built, pass, row } = play(consumer(0));
    pass(5, 20);
    const { arrived } = row('worker.get');
    expect(arrived).toBe(row('front.get').ok);
    expect(built.flows.queued[built.cell('worker')]).toBe(arrived);
    built.parameters.cells.servers[built.cell('worker')] = 1000;
    pass(3);
    expect(row('worker.get').ok).toBe(arrived);
  });

  it('delivers the messages of killed consumers again', () => {
    const { built, pass, row } = play(consumer(50));
    pass(1, 30);
    const cell = built.cell('worker');
    built.parameters.cells.killed[cell] = 50;
    built.parameters.cells.servers[cell] = 0;
    pass(1);
    built.parameters.cells.killed[cell] = 0;
    const { arrived } = row('worker.get');
    expect(row('worker.get').failedOwn).toBe(0);
    expect(built.flows.queued[cell]).toBe(arrived);
    built.parameters.cells.servers[cell] = 50;
    pass(3);
    expect(row('worker.get').ok).toBe(arrived);
  });

  it('takes messages back from consumers that stand still when they go', () => {
    const { built, pass, row } = play(consumer(50));
    const { cells } = built.parameters;
    const cell = built.cell('worker');
    cells.speed[cell] = 0;
    pass(3, 10);
    cells.servers[cell] = 0;
    cells.servers[cell + 1] = 50;
    pass(4);
    expect(row('worker.get').ok).toBe(row('worker.get').arrived);
    expect(row('worker.get').ok).toBeGreaterThan(10);
  });
});
