import type { FaultKind, SimulationStatus } from '../../api/types';

export type Part = 'service' | 'store' | 'cluster' | 'region' | 'zone' | 'cloud' | 'node' | 'entryPoint';

/** Parts of a target, by what the vocabulary says a kind acts on. */
const PARTS: Readonly<Record<string, readonly Part[]>> = {
  service: ['service'],
  store: ['store'],
  node: ['node'],
  zone: ['zone'],
  region: ['region'],
  cloud: ['cloud'],
  cluster: ['cluster'],
  link: ['service', 'store', 'cluster', 'region', 'zone'],
  entry: ['entryPoint'],
};

/** Stores on which a kind does something; where nothing is said, on all. */
const STORE_KINDS: Readonly<Record<string, readonly string[]>> = {
  'database-failover': ['database'],
  'replication-lag': ['database'],
  'lock-storm': ['database'],
  'disk-full': ['database'],
  'cache-flush': ['cache'],
};

const SHARED: ReadonlySet<string> = new Set([
  'pod-kill',
  'crash-loop',
  'node-drain',
  'node-loss',
  'cpu-stress',
  'memory-leak',
  'connection-leak',
]);

const UNITS: Readonly<Record<string, string>> = {
  seconds: 's',
  factor: '×',
  ratio: 'share',
  count: '',
  'count/s': 'per second',
};

/** Whether it can act on a share of the pods or nodes that match. */
export const takesShare = ({ kind }: FaultKind): boolean => SHARED.has(kind);

/** The kinds in the order of the vocabulary, under the headings of the form. */
export function groupsOf(kinds: readonly FaultKind[]): readonly (readonly [string, readonly FaultKind[]])[] {
  const groups = new Map<string, FaultKind[]>();
  for (const kind of kinds) {
    const group = groupOf(kind.targets);
    groups.set(group, [...(groups.get(group) ?? []), kind]);
  }
  return [...groups];
}

function groupOf(targets: readonly string[]): string {
  const has = (target: string): boolean => targets.includes(target);
  if (has('link')) return 'Network';
  if (has('entry')) return 'Load';
  if (has('zone') || has('region') || has('cloud')) return 'Nodes and places';
  if (has('service') && has('store')) return 'Calls between components';
  return has('store') ? 'Stores' : 'Services';
}

export interface TargetChoice {
  readonly part: Part;
  readonly name: string;
}

export function targetsOf(kind: FaultKind, status: SimulationStatus): readonly TargetChoice[] {
  const parts = [...new Set(kind.targets.flatMap((target) => PARTS[target] ?? []))];
  return parts.flatMap((part) => namesOf(kind, status, part).map((name) => ({ part, name })));
}

function namesOf(kind: FaultKind, status: SimulationStatus, part: Part): readonly string[] {
  switch (part) {
    case 'service':
      return [...new Set(status.services.map(({ name }) => name))];
    case 'store': {
      const kinds = STORE_KINDS[kind.kind];
      return status.stores.filter((store) => !kinds || kinds.includes(store.kind)).map(({ name }) => name);
    }
    case 'cluster':
      return status.vocabulary.clusters;
    case 'region':
      return status.vocabulary.regions;
    case 'zone':
      return status.vocabulary.zones;
    case 'cloud':
      return status.vocabulary.clouds;
    case 'node':
      return status.vocabulary.nodes;
    case 'entryPoint':
      return status.entryPoints.map(({ name }) => name);
  }
}

/** errorRatio, ratio → "Error ratio (share)". */
export function settingLabel({ name, unit }: FaultKind['settings'][number]): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const shown = UNITS[unit] ?? unit;
  return shown === '' || shown === words ? title : `${title}, ${shown}`;
}
