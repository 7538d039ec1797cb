import type { Change } from '../../scenario/scenario.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { ActiveFault } from './active-fault.types.js';
import { scaleSettings } from './scale-settings.js';

/** The version's defects are what they are from its first pod: the intensity counts, a ramp does not. */
export function badDeploy(fleet: Fleet, fault: ActiveFault): Change[] {
  const { spec } = fault;
  const bad = badVersion(fleet, fault);
  if (bad === null) return [];
  const settings = scaleSettings('bad-deploy', spec.settings, spec.intensity);
  return [
    {
      kind: 'deploy',
      service: bad.service,
      version: bad.version,
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

/** Who has rolled back or fixed forward in the meantime keeps what they have. */
export function rollback(fleet: Fleet, fault: ActiveFault): Change[] {
  const bad = badVersion(fleet, fault);
  return bad === null ? [] : [{ kind: 'rollback', service: bad.service, from: bad.version }];
}

function badVersion({ scenario }: Fleet, { spec, target }: ActiveFault) {
  const service = scenario.services.find(({ name }) => name === target.service);
  if (service === undefined) return null;
  return { service: service.name, version: target.version ?? `${service.version}-${spec.name}` };
}
