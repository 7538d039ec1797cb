import { describe, expect, it } from 'vitest';
import { HandMadeRun } from '../../../../test/support/simulation/hand-made-run.js';
import { FIXTURE_START, fixtureFault } from '../../../../test/support/simulation/scenario-fixture.js';
import { buildReport } from './build-report.js';

const CALM = { answers: [[0.1, 99]], failed: 1 } as const;
const OUTAGE = { answers: [[0.1, 50]], failed: 50 } as const;

/** Ten minutes, of which 120 to 180 are an outage by a fault from 110 to 150; the objective is 99 %. */
function tenMinutes() {
  const run = new HandMadeRun({ duration: 600 });
  const fault = fixtureFault({ kind: 'dependency-down', name: 'db-down', target: { store: 'db' } });
  run.node(0, {});
  run.pod(0, {});
  run.steps(110, { answers: [[0.1, 100]] });
  run.activate(fault);
  run.steps(10, { answers: [[0.1, 100]] });
  run.steps(30, OUTAGE);
  run.activate();
  run.steps(30, OUTAGE);
  run.steps(420, CALM);
  return run;
}

describe('buildReport', () => {
  it('says what run it was, and that it is complete', () => {
    const report = buildReport(tenMinutes().simulation);
    expect(report).toMatchObject({
      version: 1,
      scenario: { name: 'fixture', title: 'Fixture' },
      run: {
        seed: 1,
        solver: 'fluid',
        start: new Date(FIXTURE_START).toISOString(),
        seconds: 600,
        planned: 600,
        complete: true,
      },
      verdict: 'pass',
    });
  });

  it('adds up users, errors, cost and quantiles', () => {
    const { totals, entryPoints } = buildReport(tenMinutes().simulation);
    const failed = 60 * 50 + 420;
    expect(totals).toMatchObject({ offered: 60_000, answered: 60_000 - failed, failed, errorRatio: failed / 60_000 });
    // One node of 0.20 USD an hour, for ten minutes.
    expect(totals.cost).toBeCloseTo(0.2 / 6, 9);
    expect(totals.costPerHour).toBeCloseTo(0.2, 9);
    expect(entryPoints[0]).toMatchObject({ name: 'users', meanRate: 100 });
    expect(entryPoints[0]!.latency.mean).toBeCloseTo(0.1, 9);
    // Everything is in the bucket that ends at 0.1 s.
    expect(entryPoints[0]!.latency.p99).toBeGreaterThan(0.0891);
    expect(entryPoints[0]!.latency.p99).toBeLessThanOrEqual(0.1);
  });

  it('measures SLOs against their budget, with the stretches of harm', () => {
    const [slo] = buildReport(tenMinutes().simulation).slos;
    const bad = 60 * 50 + 420;
    expect(slo).toMatchObject({
      objective: 0.99,
      latency: 0.5,
      bad,
      good: 60_000 - bad,
      harmCount: 1,
      harmSeconds: 60,
    });
    expect(slo!.badRatio).toBeCloseTo(bad / 60_000, 9);
    expect(slo!.budgetSpent).toBeCloseTo(bad / 600, 6);
    expect(slo!.harms).toEqual([{ from: 120, to: 180, bad: 3000, total: 6000 }]);
  });

  it('tells the truth about faults', () => {
    expect(buildReport(tenMinutes().simulation).faults).toEqual([
      {
        name: 'db-down',
        kind: 'dependency-down',
        where: 'store db',
        from: 110,
        to: 150,
        harmedAt: 120,
        recoveredAt: 180,
        secondsToHarm: 10,
        secondsToRecover: 30,
      },
    ]);
  });

  it('adds when each fault was detected, where somebody watched', () => {
    const { simulation } = tenMinutes();
    const seen = { detections: [{ fault: 'db-down', at: 165 }], incidents: 1 };
    expect(buildReport(simulation, seen).faults[0]!.detectedAfter).toBe(45);
    expect(buildReport(simulation, { detections: [], incidents: 0 }).faults[0]!.detectedAfter).toBeNull();
  });

  it('draws the course of the run, the point in progress included', () => {
    const run = new HandMadeRun({ duration: 4000 });
    run.step({ answers: [[0.1, 10]] });
    run.step({ answers: [[0.1, 20]], failed: 10 });
    run.step({ answers: [[1, 6]] });
    const { history } = buildReport(run.simulation);
    expect(history.interval).toBe(2);
    expect(history.rate).toEqual([20, 6]);
    expect(history.errorRatio).toEqual([0.25, 0]);
    // What is not over yet is read, not ended.
    expect(run.state.account.history.points).toBe(1);
  });

  it('leaves out what does not exist: no traffic, no end', () => {
    const run = new HandMadeRun();
    run.activate(fixtureFault({ kind: 'consumer-stuck', target: { service: 'worker' } }));
    run.steps(10);
    const report = buildReport(run.simulation);
    expect(report.totals.errorRatio).toBeNull();
    expect(report.entryPoints[0]!.latency.p99).toBeNull();
    expect(report.slos[0]).toMatchObject({ badRatio: null, budgetSpent: null });
    expect(report.faults[0]).toMatchObject({ to: null, harmedAt: null, recoveredAt: null });
    expect(report.run.complete).toBe(false);
    // Plain JSON: nothing is lost on the way.
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('reports a stretch of harm that goes on at the end as open, and one that is over as over', () => {
    const run = new HandMadeRun();
    run.steps(10, OUTAGE);
    expect(buildReport(run.simulation).slos[0]).toMatchObject({ harmSeconds: 10, harms: [{ from: 0, to: null }] });
    run.steps(5, { answers: [[0.1, 100]] });
    expect(buildReport(run.simulation).slos[0]).toMatchObject({ harmSeconds: 10, harms: [{ from: 0, to: 10 }] });
  });
});
