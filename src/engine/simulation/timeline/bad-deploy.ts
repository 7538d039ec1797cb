import type { Change } from '../../scenario/scenario.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { ActiveFault } from './active-fault.types.js';
import { scaleSettings } from './scale-settings.js';

/** The version's defects are what they are from its first pod: the intensity counts, a ramp does not. */
export function badDeploy({ scenario }: Fleet, { spec, target }: ActiveFault): Change[] {
  const service = scenario.services.find(({ name }) => name === target.service);
  if (service === undefined) return [];
  const settings = scaleSettings('bad-deploy', spec.settings, spec.intensity);
  return [
    {
      kind: 'deploy',
      service: service.name,
      version: target.version ?? `${service.version}-${spec.name}`,
      effects: {
        errorRatio: settings['errorRatio']!,
        latencyFactor: settings['latencyFactor']!,
        cpuFactor: 1,
        leakPerRequest: settings['leakPerRequest']!,
        crashAfter: 0,
        neverReady: false,
      },
    },
  ];
}

export function rollback({ target }: ActiveFault): Change[] {
  return target.service === undefined ? [] : [{ kind: 'rollback', service: target.service }];
}
