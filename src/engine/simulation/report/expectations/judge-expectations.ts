import type { Bound, ExpectationSpec } from '../../../scenario/expectation.types.js';
import type { Simulation } from '../../simulation.types.js';
import type { ExpectationResult, RunFindings, Verdict } from '../report.types.js';
import { tidy } from '../tidy.js';
import { describeBound, describeMeasure, expectationTitle } from './expectation-words.js';
import { measureExpectation } from './measure-expectation.js';
import type { Measure } from './measure.types.js';

/** In the order of the scenario. A run that was broken off answers `unknown`: what it lacks could have changed it. */
export function judgeExpectations(simulation: Simulation, findings?: RunFindings): readonly ExpectationResult[] {
  const { fleet, state } = simulation;
  return fleet.scenario.expect.map((expectation) => {
    const measure = measureExpectation(simulation, expectation, findings);
    return state.step < fleet.scenario.duration
      ? brokenOff(expectation, measure, state.step, fleet.scenario.duration)
      : judge(expectation, measure);
  });
}

function judge(expectation: ExpectationSpec, measure: Measure): ExpectationResult {
  const { kind, bound } = expectation;
  const common = { kind, title: expectationTitle(expectation, measure.unit), unit: measure.unit, bound };
  if (measure.value === null) return { ...common, verdict: 'unknown', measured: null, reason: measure.reason };
  return {
    ...common,
    verdict: compare(measure.value, bound, measure.atLeast === true),
    measured: tidy(measure.value),
    reason: `${describeMeasure(measure)}, ${describeBound(bound, measure.unit)} was expected`,
  };
}

/** @param atLeast the value may be larger, so that it can miss an upper bound but not keep it */
export function compare(value: number, { min = -Infinity, max = Infinity }: Bound, atLeast: boolean): Verdict {
  if (value > max) return 'fail';
  if (atLeast && (max < Infinity || value < min)) return 'unknown';
  return value < min ? 'fail' : 'pass';
}

function brokenOff(expectation: ExpectationSpec, measure: Measure, step: number, planned: number): ExpectationResult {
  return {
    kind: expectation.kind,
    title: expectationTitle(expectation, measure.unit),
    verdict: 'unknown',
    measured: measure.value === null ? null : tidy(measure.value),
    unit: measure.unit,
    bound: expectation.bound,
    reason: `the run was broken off after ${step} of ${planned} s`,
  };
}
