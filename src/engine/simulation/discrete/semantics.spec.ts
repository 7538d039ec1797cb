import { describe, expect, it } from 'vitest';
import {
  buildNetwork,
  deterministic,
  type BuiltNetwork,
  type CallFixture,
  type OperationFixture,
  type StationFixture,
} from '../../../../test/support/simulation/network-fixture.js';
import { discreteEventSolver } from './discrete-event-solver.js';

/** So many workers that nobody waits: all times are sums of the given ones. */
const wide = (get: OperationFixture, more: Omit<StationFixture, 'operations'> = {}): StationFixture => ({
  ...{ workers: 10_000, operations: { get } },
  ...more,
});
const takes = (seconds: number, stages: readonly (readonly CallFixture[])[] = []): OperationFixture => ({
  work: deterministic(seconds),
  stages,
});

interface Play {
  readonly built: BuiltNetwork;
  /** Lets time pass under the given load, users per second. */
  pass(seconds: number, rate?: number): void;
  /** Mean seconds that answered users waited. */
  waited(): number;
  row(name: string): Record<'arrived' | 'ok' | 'failedOwn' | 'failedDependency' | 'failedTimeout' | 'rejected', number>;
}

function play(stations: Record<string, StationFixture>, entry: Partial<CallFixture> = {}): Play {
  const built = buildNetwork({ stations, entries: { users: { to: 'front.get', ...entry } } });
  const { network, parameters, flows } = built;
  const state = discreteEventSolver.create(network, parameters, 11);
  return {
    built,
    pass: (seconds, rate = 0) => {
      for (let i = 0; i < seconds; i++) {
        discreteEventSolver.step(network, parameters, Float64Array.of(rate), state, flows);
      }
    },
    waited: () => flows.userDurationSum[0]! / flows.userOk[0]!,
    row: (name) => {
      const { arrived, ok, failedOwn, failedDependency, failedTimeout, rejected } = flows;
      const at = (counter: Float64Array) => counter[built.row(name)]!;
      return {
        ...{ arrived: at(arrived), ok: at(ok), failedOwn: at(failedOwn), rejected: at(rejected) },
        ...{ failedDependency: at(failedDependency), failedTimeout: at(failedTimeout) },
      };
    },
  };
}

describe('a request', () => {
  it('travels, works, and travels back', () => {
    const { built, pass, waited } = play({ front: wide(takes(0.3)) }, { delay: 0.2 });
    pass(5, 20);
    pass(2);
    const { flows } = built;
    expect(flows.userOk[0]).toBe(flows.userOffered[0]);
    expect(waited()).toBeCloseTo(0.5, 9);
    expect(flows.durationSum[built.row('front.get')]! / flows.userOk[0]!).toBeCloseTo(0.3, 9);
    expect(flows.cpuSeconds[built.cell('front')]).toBeCloseTo(0.3 * flows.userOk[0]!, 6);
  });

  it('runs stages one after another and the calls of a stage together', () => {
    const stages = [[{ to: 'a.get' }, { to: 'b.get' }], [{ to: 'a.get' }]];
    const { pass, waited } = play({ front: wide(takes(0.01, stages)), a: wide(takes(0.05)), b: wide(takes(0.08)) });
    pass(3, 50);
    pass(1);
    expect(waited()).toBeCloseTo(0.01 + 0.08 + 0.05, 9);
  });

  it('fans out, and calls with the given probability', () => {
    const stages = [
      [
        { to: 'a.get', fanOut: 3 },
        { to: 'b.get', probability: 0.25 },
      ],
    ];
    const { pass, row } = play({ front: wide(takes(0.01, stages)), a: wide(takes(0.01)), b: wide(takes(0.01)) });
    pass(100, 100);
    pass(1);
    const users = row('front.get').ok;
    expect(row('a.get').ok).toBe(3 * users);
    // Binomial: four standard deviations.
    expect(Math.abs(row('b.get').ok - users / 4)).toBeLessThan(4 * Math.sqrt(users * 0.25 * 0.75));
  });

  it('does not wait for an asynchronous call, nor learns how it ended', () => {
    const stages = [[{ to: 'a.get', async: true }]];
    const { pass, waited, row } = play({
      front: wide(takes(0.01, stages)),
      a: wide({ ...takes(0.5), errorRatio: 1 }),
    });
    pass(3, 50);
    pass(2);
    expect(waited()).toBeCloseTo(0.01, 9);
    expect(row('a.get').failedOwn).toBe(row('front.get').ok);
  });

  it('fails with a dependency, unless the call is optional', () => {
    const failing = { a: wide({ ...takes(0.02), errorRatio: 1 }), b: wide(takes(0.05)) };
    const strict = play({ front: wide(takes(0.01, [[{ to: 'a.get' }], [{ to: 'b.get' }]])), ...failing });
    strict.pass(3, 50);
    strict.pass(1);
    expect(strict.row('front.get').failedDependency).toBe(strict.row('front.get').arrived);
    expect(strict.row('b.get').arrived).toBe(0);
    const lenient = play({
      front: wide(takes(0.01, [[{ to: 'a.get', optional: true }], [{ to: 'b.get' }]])),
      ...failing,
    });
    lenient.pass(3, 50);
    lenient.pass(1);
    expect(lenient.row('front.get').ok).toBe(lenient.row('front.get').arrived);
    expect(lenient.waited()).toBeCloseTo(0.08, 9);
  });

  it('gives up at the timeout, while the callee goes on', () => {
    const { built, pass, row } = play({
      front: wide(takes(0.01, [[{ to: 'a.get', timeout: 0.2 }]])),
      a: wide(takes(0.5)),
    });
    pass(3, 50);
    pass(2);
    const { arrived, failedTimeout } = row('front.get');
    expect(failedTimeout).toBe(arrived);
    expect(row('a.get').ok).toBe(arrived);
    expect(built.flows.durationSum[built.row('front.get')]! / arrived).toBeCloseTo(0.21, 9);
  });

  it('tries again after pauses with full jitter that grow up to their bound', () => {
    const retry = { retries: 3, backoff: 0.1, multiplier: 3, maxBackoff: 0.5 };
    const { built, pass, row } = play({
      front: wide(takes(0.01, [[{ to: 'a.get', ...retry }]])),
      a: wide({ ...takes(0), errorRatio: 1 }),
    });
    pass(200, 50);
    pass(5);
    const users = row('front.get').arrived;
    expect(row('a.get').arrived).toBe(4 * users);
    // Means of uniform pauses up to 0.1, 0.3 and 0.5; their variances are the squares over 12.
    const mean = built.flows.durationSum[built.row('front.get')]! / users;
    const spread = Math.sqrt((0.01 + 0.09 + 0.25) / 12 / users);
    expect(Math.abs(mean - 0.46)).toBeLessThan(4 * spread);
  });

  it('asks a retry budget, and counts retries that faults add', () => {
    const { built, pass, row } = play({
      front: wide(takes(0, [[{ to: 'a.get', retries: 1 }]])),
      a: wide({ ...takes(0), errorRatio: 1 }),
    });
    built.parameters.edgeExtraRetries.fill(1);
    pass(20, 50);
    pass(5);
    expect(row('a.get').arrived).toBe(3 * row('front.get').arrived);
    built.parameters.edgeRetryShare.fill(0);
    const before = { a: row('a.get').arrived, front: row('front.get').arrived };
    pass(20, 50);
    pass(5);
    expect(row('a.get').arrived - before.a).toBe(row('front.get').arrived - before.front);
  });

  it('is stopped by an open breaker without an attempt', () => {
    const { built, pass, row } = play({ front: wide(takes(0.01, [[{ to: 'a.get', retries: 2 }]])), a: wide(takes(0)) });
    const edge = 1;
    built.parameters.edgeAdmit[edge] = 0;
    pass(3, 50);
    pass(1);
    const { flows } = built;
    expect(flows.shortCircuited[edge]).toBe(row('front.get').arrived);
    expect(flows.calls[edge]).toBe(row('front.get').arrived);
    expect(flows.attempts[edge]).toBe(0);
    expect(row('front.get').failedDependency).toBe(row('front.get').arrived);
  });

  it('goes on to the stages of a miss after an answer', () => {
    const cached = { to: 'cache.get', onMiss: [[{ to: 'db.get' }]] };
    const { pass, waited, row } = play({
      front: wide(takes(0.01, [[cached]])),
      cache: wide({ ...takes(0.02), hitRatio: 0 }),
      db: wide(takes(0.1)),
    });
    pass(3, 50);
    pass(1);
    expect(waited()).toBeCloseTo(0.13, 9);
    expect(row('db.get').ok).toBe(row('front.get').ok);
  });
});

describe('a connection pool', () => {
  const fronted = (call: Partial<CallFixture>) =>
    play({ front: wide(takes(0, [[{ to: 'a.get', fanOut: 3, ...call }]]), { servers: 500 }), a: wide(takes(0.1)) });

  it('makes calls of one server wait for each other', () => {
    const { built, pass, waited } = fronted({ pool: 1 });
    pass(1, 5);
    pass(2);
    expect(waited()).toBeCloseTo(0.3, 9);
    expect(built.flows.poolInUse[1]).toBe(0);
  });

  it('fails a call that waits too long, without another try', () => {
    const { built, pass, row } = fronted({ pool: 1, poolTimeout: 0.15, retries: 2 });
    pass(1, 5);
    pass(2);
    const users = row('front.get').arrived;
    expect(row('front.get').failedDependency).toBe(users);
    expect(row('a.get').ok).toBe(2 * users);
    expect(built.flows.attempts[1]).toBe(3 * users);
    expect(built.flows.attemptsFailed[1]).toBe(users);
  });

  it('counts the waiting against the timeout of the attempt', () => {
    const { built, pass, row } = fronted({ pool: 1, timeout: 0.25 });
    pass(1, 5);
    pass(2);
    expect(row('front.get').failedTimeout).toBe(row('front.get').arrived);
    // The third got its connection at 0.2 s, and was still at work at 0.25 s.
    expect(built.flows.attemptsTimedOut[1]).toBe(row('front.get').arrived);
    expect(row('a.get').ok).toBe(3 * row('front.get').arrived);
  });

  it('lets waiting calls through when it grows', () => {
    const { built, pass, row } = fronted({ pool: 0 });
    pass(1, 5);
    pass(5);
    expect(row('a.get').arrived).toBe(0);
    built.parameters.edgePool[1] = 10;
    pass(1);
    expect(row('front.get').ok).toBe(row('front.get').arrived);
  });
});

describe('a route', () => {
  it('loses calls: the caller waits for its timeout, or a minute where it has none', () => {
    const timed = play({ front: wide(takes(0)) }, { loss: 1, timeout: 2 });
    timed.pass(1, 20);
    timed.pass(1);
    expect(timed.built.flows.userFailed[0]).toBe(0);
    timed.pass(1);
    expect(timed.built.flows.userFailed[0]).toBe(timed.built.flows.userOffered[0]);
    const endless = play({ front: wide(takes(0)) }, { loss: 1 });
    endless.pass(1, 20);
    endless.pass(59);
    expect(endless.built.flows.userFailed[0]).toBe(0);
    endless.pass(1);
    expect(endless.built.flows.userFailed[0]).toBe(endless.built.flows.userOffered[0]);
  });

  it('refuses at once', () => {
    const { built, pass, row } = play({ front: wide(takes(0)) }, { refuse: 1, delay: 5 });
    pass(1, 20);
    expect(built.flows.userFailed[0]).toBe(built.flows.userOffered[0]);
    expect(row('front.get').arrived).toBe(0);
  });

  it('takes its share by weight, and nothing at weight 0', () => {
    const to = { 'front.get': 3, 'other.get': 1, 'none.get': 0 };
    const station = wide(takes(0));
    const { pass, row } = play({ front: station, other: station, none: station }, { to });
    pass(100, 100);
    const total = row('front.get').arrived + row('other.get').arrived;
    expect(Math.abs(row('other.get').arrived - total / 4)).toBeLessThan(4 * Math.sqrt((total * 3) / 16));
    expect(row('none.get').arrived).toBe(0);
  });
});

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
