import type { z } from 'zod';
import { FAULT_KINDS, type FaultKindDefinition } from '../../../engine/scenario/fault.types.js';
import { parseChange } from '../../../engine/scenario/parse-change.js';
import { parseFault } from '../../../engine/scenario/parse-fault.js';
import { InvalidScenarioError } from '../../../engine/scenario/scenario.errors.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { InvalidSimulationError } from '../simulation.errors.js';
import type { changeRequest, injectFaultRequest } from './simulations.schema.js';

/** Fields of a fault in the language of scenarios, as the API calls them. */
const FAULT_FIELDS: Readonly<Record<string, string>> = {
  for: 'durationSeconds',
  ramp: 'rampSeconds',
  'target.entry': 'target.entryPoint',
};

/** Throws `simulation.invalid_request` where a scenario could not have this fault. */
export function checkFault(scenario: Scenario, request: z.output<typeof injectFaultRequest>): void {
  const { kind, target, durationSeconds, rampSeconds, intensity, settings } = request;
  const { settings: known }: FaultKindDefinition = FAULT_KINDS[kind];
  const unknown = Object.keys(settings).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length > 0) {
    const names = Object.keys(known).join(', ');
    const cure = names === '' ? 'it has none' : `it has ${names}`;
    throw new InvalidSimulationError(
      unknown.map((name) => ({ path: `settings.${name}`, message: `is no setting of ${kind}: ${cure}` })),
    );
  }
  const { entryPoint, ...place } = target;
  const fault = { kind, target: { ...place, entry: entryPoint }, for: durationSeconds ?? 'none', ramp: rampSeconds };
  inTermsOfTheApi(
    () => parseFault(defined({ ...fault, intensity, ...settings }), scenario),
    (path) => FAULT_FIELDS[path] ?? (Object.hasOwn(known, path) ? `settings.${path}` : path),
  );
}

/** Throws `simulation.invalid_request` where a scenario could not have this change. */
export function checkChange(scenario: Scenario, request: z.output<typeof changeRequest>): void {
  inTermsOfTheApi(
    () => parseChange(defined({ [request.kind]: written(request) }), scenario),
    (path) => {
      const field = path.split('.').slice(1).join('.');
      if (field === '') return request.kind === 'failover' ? 'store' : 'service';
      return field === 'entry' ? 'entryPoint' : field;
    },
  );
}

/** What stands behind the kind of a change in the language of scenarios. */
function written(request: z.output<typeof changeRequest>): unknown {
  switch (request.kind) {
    case 'deploy':
      return { service: request.service, version: request.version, ...request.effects };
    case 'scale':
      return { service: request.service, replicas: request.replicas };
    case 'load':
      return { entry: request.entryPoint ?? undefined, factor: request.factor };
    case 'traffic':
      return { entry: request.entryPoint ?? undefined, weights: request.weights };
    case 'failover':
      return request.store;
    default:
      return request.service;
  }
}

/** As if it had come as JSON: without what is undefined. */
function defined(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

function inTermsOfTheApi(read: () => unknown, field: (path: string) => string): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof InvalidScenarioError)) throw error;
    throw new InvalidSimulationError(error.issues.map(({ path, message }) => ({ path: field(path), message })));
  }
}
