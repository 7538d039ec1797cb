import {
  FAULT_KINDS,
  type FaultKind,
  type FaultKindDefinition,
  type FaultTarget,
} from '../../../engine/scenario/fault.types.js';
import type { Change, Scenario } from '../../../engine/scenario/scenario.types.js';
import type { FieldIssue } from '../../../kernel/errors.js';
import { InvalidSimulationError } from '../simulation.errors.js';

type Part = 'service' | 'store' | 'cluster' | 'region' | 'zone' | 'cloud' | 'entryPoint';

/** Parts of a target that can be what a kind of fault acts on. */
const PARTS_OF: Readonly<Record<FaultKindDefinition['targets'][number], readonly (keyof FaultTarget)[]>> = {
  service: ['service'],
  store: ['store'],
  node: ['node', 'zone', 'cluster', 'region'],
  zone: ['zone'],
  region: ['region'],
  cloud: ['cloud'],
  cluster: ['cluster'],
  link: ['service', 'store', 'cluster', 'region', 'zone', 'cloud'],
  entry: [],
};

/** Throws `simulation.invalid_request` where a target, a setting or a name is none of the scenario's. */
export function checkFault(
  scenario: Scenario,
  kind: FaultKind,
  target: FaultTarget,
  settings: Readonly<Record<string, number>>,
): void {
  const definition: FaultKindDefinition = FAULT_KINDS[kind];
  const issues = [...targetIssues(scenario, target, 'target')];
  if (target.to) issues.push(...targetIssues(scenario, target.to, 'target.to'));
  const wanted = definition.targets.flatMap((part) => PARTS_OF[part]);
  if (wanted.length > 0 && !wanted.some((part) => target[part] !== undefined)) {
    issues.push({ path: 'target', message: `needs one of ${[...new Set(wanted)].join(', ')} for ${kind}` });
  }
  if (definition.targets.includes('link') && target.to === undefined) {
    issues.push({ path: 'target.to', message: 'is needed: a fault of the network has two ends' });
  }
  for (const [name, value] of Object.entries(settings)) {
    const setting = definition.settings[name];
    if (!setting) {
      const known = Object.keys(definition.settings).join(', ') || 'it has none';
      issues.push({ path: `settings.${name}`, message: `is no setting of ${kind}: ${known}` });
    } else if (value < setting.min || value > setting.max) {
      issues.push({ path: `settings.${name}`, message: `must be from ${setting.min} to ${setting.max}` });
    }
  }
  throwAny(issues);
}

/** Throws `simulation.invalid_request` where a name is none of the scenario's. */
export function checkChange(scenario: Scenario, change: Change): void {
  const issues: FieldIssue[] = [];
  const check = (part: Part, name: string | null, path: string = part): void => {
    if (name !== null) issues.push(...nameIssues(scenario, part, name, path));
  };
  if ('service' in change) check('service', change.service);
  if (change.kind === 'load' || change.kind === 'traffic') check('entryPoint', change.entryPoint);
  if (change.kind === 'traffic')
    for (const cluster of Object.keys(change.weights)) check('cluster', cluster, 'weights');
  if (change.kind === 'failover') {
    check('store', change.store);
    const store = scenario.stores.find(({ name }) => name === change.store);
    if (store && store.kind !== 'database') issues.push({ path: 'store', message: 'must be a database' });
  }
  throwAny(issues);
}

function throwAny(issues: readonly FieldIssue[]): void {
  if (issues.length > 0) throw new InvalidSimulationError(issues);
}

function targetIssues(scenario: Scenario, target: FaultTarget, path: string): FieldIssue[] {
  const parts: readonly Part[] = ['service', 'store', 'cluster', 'region', 'zone', 'cloud', 'entryPoint'];
  return parts.flatMap((part) => {
    const name = target[part];
    return name === undefined ? [] : nameIssues(scenario, part, name, `${path}.${part}`);
  });
}

function nameIssues(scenario: Scenario, part: Part, name: string, path: string): FieldIssue[] {
  const known = namesOf(scenario, part);
  return known.includes(name)
    ? []
    : [{ path, message: `"${name}" is none of ${known.join(', ') || '(there are none)'}` }];
}

function namesOf({ services, stores, platform, load }: Scenario, part: Part): readonly string[] {
  switch (part) {
    case 'service':
      return services.map(({ name }) => name);
    case 'store':
      return stores.map(({ name }) => name);
    case 'cluster':
      return platform.clusters.map(({ name }) => name);
    case 'region':
      return platform.regions.map(({ name }) => name);
    case 'zone':
      return [...new Set(platform.regions.flatMap(({ zones }) => zones))];
    case 'cloud':
      return [...new Set(platform.regions.map(({ cloud }) => cloud))];
    case 'entryPoint':
      return load.map(({ name }) => name);
  }
}
