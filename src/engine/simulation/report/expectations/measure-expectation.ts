import type { ExpectationSpec } from '../../../scenario/expectation.types.js';
import type { Simulation } from '../../simulation.types.js';
import type { RunFindings } from '../report.types.js';
import { measureDetection, measureRecovery } from './measure-fault.js';
import { unknown, type Measure } from './measure.types.js';
import { measureErrorRatio, measureHarm, measureLatency, measureSlo } from './measure-users.js';
import { measureCount, measureLag, measureReplicas } from './measure-platform.js';

/** The number that an expectation is about, or why there is none. */
export function measureExpectation(
  simulation: Simulation,
  expectation: ExpectationSpec,
  findings?: RunFindings,
): Measure {
  switch (expectation.kind) {
    case 'slo':
      return measureSlo(simulation, expectation.slo, expectation.measure);
    case 'harm-duration':
      return measureHarm(simulation, expectation.slo);
    case 'replicas':
      return measureReplicas(simulation, expectation.service, expectation.measure);
    case 'latency':
      return measureLatency(simulation, expectation.entryPoint, expectation.quantile);
    case 'error-ratio':
      return measureErrorRatio(simulation, expectation.entryPoint);
    case 'cost':
      return { unit: 'USD', value: simulation.state.account.cost };
    case 'recovery':
      return measureRecovery(simulation, expectation.fault);
    case 'restarts':
    case 'oom-kills':
    case 'unschedulable-pods':
      return measureCount(simulation, expectation.kind, expectation.service);
    case 'consumer-lag':
      return measureLag(simulation, expectation.queue, expectation.measure);
    case 'detection':
      return measureDetection(simulation, expectation.fault, findings);
    case 'incidents':
      return findings === undefined
        ? unknown('incidents', 'nothing watched this run for incidents')
        : { unit: 'incidents', value: findings.incidents };
  }
}
