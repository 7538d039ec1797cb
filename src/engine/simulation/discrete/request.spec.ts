import { describe, expect, it } from 'vitest';
import { play, takes, wide } from '../../../../test/support/simulation/play-requests.js';

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
