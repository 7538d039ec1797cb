import type { ExpectationSpec } from '../../../scenario/expectation.types.js';
import type { ServiceAccount } from '../../account/account.types.js';
import type { Simulation } from '../../simulation.types.js';
import { unknown, type Measure } from './measure.types.js';

type Replicas = Extract<ExpectationSpec, { kind: 'replicas' }>['measure'];
type Count = 'restarts' | 'oom-kills' | 'unschedulable-pods';

export function measureReplicas({ state }: Simulation, name: string, measure: Replicas): Measure {
  const unit = measure === 'changes' ? 'changes' : 'pods';
  const service = state.account.services[name];
  if (service === undefined) return unknown(unit, `there is no service ${name}`);
  if (state.step === 0) return unknown(unit, 'the run has made no step');
  return { unit, value: pickReplicas(service, measure, state.step) };
}

function pickReplicas(service: ServiceAccount, measure: Replicas, steps: number): number {
  switch (measure) {
    case 'mean':
      return service.podSeconds / steps;
    case 'final':
      return service.last;
    case 'min':
    case 'max':
    case 'changes':
      return service[measure];
  }
}

/** Of one service, or of the fleet where none is named. */
export function measureCount({ state: { account } }: Simulation, kind: Count, name: string | null): Measure {
  const unit = kind === 'unschedulable-pods' ? 'pods' : 'times';
  const of = name === null ? account : account.services[name];
  if (of === undefined) return unknown(unit, `there is no service ${name}`);
  switch (kind) {
    case 'restarts':
      return { unit, value: of.restarts };
    case 'oom-kills':
      return { unit, value: of.oomKills };
    case 'unschedulable-pods':
      return { unit, value: of.maxUnschedulable, detail: `${of.unschedulableSeconds} pod-seconds in all` };
  }
}

export function measureLag({ fleet, state }: Simulation, queue: string, measure: 'max' | 'final'): Measure {
  const component = fleet.components.find(({ name }) => name === queue);
  const lag = component && state.stores.queues[component.index]?.lag;
  if (lag === undefined) return unknown('messages', `there is no queue ${queue}`);
  const value = measure === 'max' ? state.account.maxLag[queue]! : lag.reduce((total, one) => total + one, 0);
  return { unit: 'messages', value };
}
