import { describe, expect, it } from 'vitest';
import { type CallFixture } from '../../../../test/support/simulation/network-fixture.js';
import { play, takes, wide } from '../../../../test/support/simulation/play-requests.js';

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
