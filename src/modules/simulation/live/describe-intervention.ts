import { describeTarget } from '../../../engine/simulation/account/describe-target.js';
import type { Change } from '../../../engine/scenario/scenario.types.js';
import type { Intervention } from '../data/intervention.repository.js';

/** In words: `Fault cpu-stress on service cart`. */
export function describeIntervention(intervention: Intervention): string {
  switch (intervention.kind) {
    case 'inject-fault': {
      const { name, kind, target, duration } = intervention.payload;
      const length = duration === null ? 'until cleared' : `for ${duration} s`;
      return `Fault ${name} (${kind}): ${describeTarget(kind, target)}, ${length}`;
    }
    case 'clear-fault':
      return `Clear fault ${intervention.payload.name}`;
    case 'change':
      return describeChange(intervention.payload);
  }
}

function describeChange(change: Change): string {
  switch (change.kind) {
    case 'deploy':
      return `Deploy ${change.service} ${change.version}`;
    case 'rollback':
      return `Roll ${change.service} back`;
    case 'scale':
      return `Scale ${change.service} to ${change.replicas}`;
    case 'restart':
      return `Restart ${change.service}`;
    case 'load':
      return `Load of ${change.entryPoint ?? 'all entry points'} times ${change.factor}`;
    case 'traffic': {
      const weights = Object.entries(change.weights).map(([cluster, weight]) => `${cluster} ${weight}`);
      return `Traffic of ${change.entryPoint ?? 'all entry points'}: ${weights.join(', ')}`;
    }
    case 'promote':
      return `Promote the new version of ${change.service}`;
    case 'abort':
      return `Abort the rollout of ${change.service}`;
    case 'failover':
      return `Fail ${change.store} over`;
  }
}
