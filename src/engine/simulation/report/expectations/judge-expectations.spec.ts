import { describe, expect, it } from 'vitest';
import { HandMadeRun } from '../../../../../test/support/simulation/hand-made-run.js';
import { fixtureFault } from '../../../../../test/support/simulation/scenario-fixture.js';
import type { Bound, ExpectationSpec } from '../../../scenario/expectation.types.js';
import type { RunFindings, Verdict } from '../report.types.js';
import { compare, judgeExpectations } from './judge-expectations.js';

/**
 * Ten minutes at 100 requests a second. 5 % are slower than the SLO's 0.5 s; from 200 to 260 half of them fail, by a
 * fault from 190 to 230. Two pods, three from 300 on; one is killed for memory at 400, one has no node from 500.
 */
function run(expect: readonly ExpectationSpec[], duration = 600) {
  const run = new HandMadeRun({
    duration,
    expect,
    slos: [{ name: 'fast', entryPoint: 'users', objective: 0.9, latency: 0.5 }],
  });
  const usual = {
    answers: [
      [0.1, 95],
      [1, 5],
    ],
  } as const;
  run.node(0, {});
  run.pod(0, {});
  run.pod(1, {});
  const queue = run.fleet.components.find(({ name }) => name === 'orders')!.index;
  const lag = new Float64Array(6);
  run.state.stores.queues[queue] = { published: 0, consumed: 0, lag, partitionShare: new Float64Array(6).fill(1 / 6) };
  run.steps(190, usual);
  run.activate(fixtureFault({ kind: 'dependency-down', name: 'down', target: { store: 'db' } }));
  lag.fill(10);
  run.steps(10, usual);
  run.steps(30, { answers: [[0.1, 50]], failed: 50 });
  run.activate();
  run.steps(30, { answers: [[0.1, 50]], failed: 50 });
  lag.fill(2);
  run.steps(40, usual);
  run.scale(0, 3);
  run.pod(2, {});
  run.steps(100, usual);
  run.pod(0, { restarts: 1, lastTermination: 'OOMKilled' });
  run.steps(100, usual);
  run.pod(3, { deployment: 1, ready: false, phase: 'Pending', unschedulable: 'Insufficient cpu' });
  run.steps(100, usual);
  return run.simulation;
}

const judge = (expectation: ExpectationSpec, findings?: RunFindings) =>
  judgeExpectations(run([expectation]), findings)[0]!;

const BAD = 540 * 5 + 60 * 50;

describe('expectations', () => {
  it.each<[string, ExpectationSpec, number, Verdict]>([
    ['bad requests', { kind: 'slo', slo: 'fast', measure: 'bad-ratio', bound: { max: 0.1 } }, BAD / 60_000, 'pass'],
    ['error budget', { kind: 'slo', slo: 'fast', measure: 'budget-spent', bound: { max: 0.9 } }, BAD / 6000, 'fail'],
    ['harm', { kind: 'harm-duration', slo: 'fast', bound: { max: 60 } }, 60, 'pass'],
    ['fewest pods', { kind: 'replicas', service: 'web', measure: 'min', bound: { min: 2 } }, 2, 'pass'],
    ['most pods', { kind: 'replicas', service: 'web', measure: 'max', bound: { max: 2 } }, 3, 'fail'],
    ['mean pods', { kind: 'replicas', service: 'web', measure: 'mean', bound: { min: 2.5, max: 2.5 } }, 2.5, 'pass'],
    ['last pods', { kind: 'replicas', service: 'web', measure: 'final', bound: { min: 3, max: 3 } }, 3, 'pass'],
    ['changes', { kind: 'replicas', service: 'web', measure: 'changes', bound: { max: 0 } }, 0, 'pass'],
    ['errors', { kind: 'error-ratio', entryPoint: 'users', bound: { max: 0.04 } }, 0.05, 'fail'],
    ['cost', { kind: 'cost', bound: { max: 0.03 } }, 0.2 / 6, 'fail'],
    ['recovery', { kind: 'recovery', fault: 'down', bound: { max: 30 } }, 30, 'pass'],
    ['restarts', { kind: 'restarts', service: 'web', bound: { max: 0 } }, 1, 'fail'],
    ['restarts elsewhere', { kind: 'restarts', service: 'api', bound: { max: 0 } }, 0, 'pass'],
    ['OOM kills of all', { kind: 'oom-kills', service: null, bound: { min: 1 } }, 1, 'pass'],
    ['pods without a node', { kind: 'unschedulable-pods', service: null, bound: { max: 0 } }, 1, 'fail'],
    ['largest lag', { kind: 'consumer-lag', queue: 'orders', measure: 'max', bound: { max: 60 } }, 60, 'pass'],
    ['last lag', { kind: 'consumer-lag', queue: 'orders', measure: 'final', bound: { max: 10 } }, 12, 'fail'],
  ])('%s', (_, expectation, measured, verdict) => {
    const result = judge(expectation);
    expect(result.measured).toBeCloseTo(measured, 8);
    expect(result.verdict).toBe(verdict);
    expect(result.bound).toEqual(expectation.bound);
  });

  it('counts changes of the wanted replicas', () => {
    const simulation = run([{ kind: 'replicas', service: 'web', measure: 'changes', bound: { max: 0 } }]);
    // The fixture's web wants three from the start; the scale to three changed nothing.
    expect(judgeExpectations(simulation)[0]!.measured).toBe(0);
  });

  it('reads a latency from the buckets of users', () => {
    const { measured, verdict } = judge({ kind: 'latency', entryPoint: 'users', quantile: 0.5, bound: { max: 0.1 } });
    expect(verdict).toBe('pass');
    expect(measured).toBeGreaterThan(0.089);
    expect(measured).toBeLessThanOrEqual(0.1);
  });

  it.each<[ExpectationSpec, RunFindings | undefined, string]>([
    [{ kind: 'detection', fault: 'down', bound: { max: 60 } }, undefined, 'nothing watched this run for faults'],
    [{ kind: 'incidents', bound: { max: 1 } }, undefined, 'nothing watched this run for incidents'],
    [{ kind: 'recovery', fault: 'other', bound: { max: 60 } }, undefined, 'other did not begin in this run'],
    [
      { kind: 'detection', fault: 'other', bound: { max: 60 } },
      { detections: [], incidents: 0 },
      'other did not begin in this run',
    ],
  ])('does not know %j', (expectation, findings, reason) => {
    expect(judge(expectation, findings)).toMatchObject({ verdict: 'unknown', measured: null, reason });
  });

  it.each<[ExpectationSpec, RunFindings, number, Verdict]>([
    // Users were first harmed at 200.
    [
      { kind: 'detection', fault: 'down', bound: { max: 60 } },
      { detections: [{ fault: 'down', at: 245 }], incidents: 1 },
      45,
      'pass',
    ],
    [
      { kind: 'detection', fault: 'down', bound: { max: 30 } },
      { detections: [{ fault: 'down', at: 245 }], incidents: 1 },
      45,
      'fail',
    ],
    [
      { kind: 'detection', fault: 'down', bound: { max: 60 } },
      { detections: [{ fault: 'down', at: 195 }], incidents: 1 },
      -5,
      'pass',
    ],
    [{ kind: 'detection', fault: 'down', bound: { max: 60 } }, { detections: [], incidents: 0 }, 400, 'fail'],
    [{ kind: 'incidents', bound: { min: 1, max: 1 } }, { detections: [], incidents: 2 }, 2, 'fail'],
  ])('judges %j by findings %j', (expectation, findings, measured, verdict) => {
    expect(judge(expectation, findings)).toMatchObject({ measured, verdict });
  });

  it('knows nothing for sure of a run that was broken off', () => {
    const simulation = run([{ kind: 'cost', bound: { max: 100 } }], 3600);
    expect(judgeExpectations(simulation)[0]).toMatchObject({
      verdict: 'unknown',
      reason: 'the run was broken off after 600 of 3600 s',
    });
  });

  it('does not know a recovery that the run was too short for, unless it is too late already', () => {
    const recovery = (seconds: number, max: number) => {
      const one = new HandMadeRun({
        duration: 20 + seconds,
        expect: [{ kind: 'recovery', fault: 'down', bound: { max } }],
      });
      one.activate(fixtureFault({ kind: 'dependency-down', name: 'down' }));
      one.steps(20, { failed: 100 });
      one.activate();
      one.steps(seconds, { failed: 100 });
      return judgeExpectations(one.simulation)[0]!;
    };
    expect(recovery(30, 60)).toMatchObject({ verdict: 'unknown', measured: 30 });
    expect(recovery(90, 60)).toMatchObject({ verdict: 'fail', measured: 90 });
  });

  it('does not know the recovery from a fault that did not end', () => {
    const one = new HandMadeRun({ duration: 20, expect: [{ kind: 'recovery', fault: 'down', bound: { max: 9 } }] });
    one.activate(fixtureFault({ kind: 'dependency-down', name: 'down' }));
    one.steps(20, { failed: 100 });
    expect(judgeExpectations(one.simulation)[0]).toMatchObject({ verdict: 'unknown', measured: null });
  });

  it('says what was expected and what was measured', () => {
    expect(judge({ kind: 'error-ratio', entryPoint: 'users', bound: { max: 0.04 } })).toMatchObject({
      title: 'errors of users: at most 4 %',
      reason: '5 % (3,000 of 60,000 requests failed), at most 4 % was expected',
    });
  });
});

describe('compare', () => {
  it.each<[number, Bound, boolean, Verdict]>([
    [5, { max: 5 }, false, 'pass'],
    [5.1, { max: 5 }, false, 'fail'],
    [5, { min: 5 }, false, 'pass'],
    [4.9, { min: 5 }, false, 'fail'],
    [5, { min: 1, max: 9 }, false, 'pass'],
    // At least 5: above an upper bound of 4 for sure, below one of 9 perhaps.
    [5, { max: 4 }, true, 'fail'],
    [5, { max: 9 }, true, 'unknown'],
    [5, { min: 4 }, true, 'pass'],
    [5, { min: 6 }, true, 'unknown'],
  ])('%d against %j, at least: %s', (value, bound, atLeast, verdict) => {
    expect(compare(value, bound, atLeast)).toBe(verdict);
  });
});
