import type { Bound, ExpectationSpec } from '../../../scenario/expectation.types.js';
import type { MeasureUnit } from '../report.types.js';
import type { Measure } from './measure.types.js';

/** `replicas of checkout, max: at most 12 pods` */
export function expectationTitle(expectation: ExpectationSpec, unit: MeasureUnit): string {
  return `${subject(expectation)}: ${describeBound(expectation.bound, unit)}`;
}

/** `at most 12 pods`, `between 3 and 12 pods` */
export function describeBound({ min, max }: Bound, unit: MeasureUnit): string {
  if (min !== undefined && max !== undefined) return `between ${inUnit(min, unit)} and ${inUnit(max, unit)}`;
  return min !== undefined ? `at least ${inUnit(min, unit)}` : `at most ${inUnit(max!, unit)}`;
}

/** `14 pods`, `at least 100 s (it was not detected until the end of the run)` */
export function describeMeasure(measure: Extract<Measure, { value: number }>): string {
  const value = `${measure.atLeast === true ? 'at least ' : ''}${inUnit(measure.value, measure.unit)}`;
  return measure.detail === undefined ? value : `${value} (${measure.detail})`;
}

function subject(expectation: ExpectationSpec): string {
  switch (expectation.kind) {
    case 'slo':
      return `SLO ${expectation.slo}, ${expectation.measure === 'bad-ratio' ? 'share of bad requests' : 'error budget spent'}`;
    case 'harm-duration':
      return `SLO ${expectation.slo}, harm`;
    case 'replicas':
      return `replicas of ${expectation.service}, ${expectation.measure}`;
    case 'latency':
      return `latency of ${expectation.entryPoint}, p${Number((expectation.quantile * 100).toPrecision(6))}`;
    case 'error-ratio':
      return `errors of ${expectation.entryPoint}`;
    case 'cost':
      return 'cost of nodes';
    case 'recovery':
      return `recovery from ${expectation.fault}`;
    case 'restarts':
      return `restarts${ofService(expectation.service)}`;
    case 'oom-kills':
      return `OOM kills${ofService(expectation.service)}`;
    case 'unschedulable-pods':
      return `pods without a node${ofService(expectation.service)}, most at once`;
    case 'consumer-lag':
      return `lag of ${expectation.queue}, ${expectation.measure}`;
    case 'detection':
      return `detection of ${expectation.fault}`;
    case 'incidents':
      return 'incidents';
  }
}

function ofService(service: string | null): string {
  return service === null ? '' : ` of ${service}`;
}

function inUnit(value: number, unit: MeasureUnit): string {
  const short = (number: number) => Number(number.toPrecision(4)).toString();
  switch (unit) {
    case 'ratio':
      return `${Math.abs(value) < 1e-8 ? 0 : short(value * 100)} %`;
    case 'seconds':
      return `${short(value)} s`;
    case 'USD':
      return `${value.toFixed(2)} USD`;
    default:
      return `${short(value)} ${unit}`;
  }
}

/** What an expectation is measured in. */
export function unitOf(expectation: ExpectationSpec): MeasureUnit {
  switch (expectation.kind) {
    case 'slo':
    case 'error-ratio':
      return 'ratio';
    case 'harm-duration':
    case 'latency':
    case 'recovery':
    case 'detection':
      return 'seconds';
    case 'replicas':
      return expectation.measure === 'changes' ? 'changes' : 'pods';
    case 'cost':
      return 'USD';
    case 'restarts':
    case 'oom-kills':
      return 'times';
    case 'unschedulable-pods':
      return 'pods';
    case 'consumer-lag':
      return 'messages';
    case 'incidents':
      return 'incidents';
  }
}
