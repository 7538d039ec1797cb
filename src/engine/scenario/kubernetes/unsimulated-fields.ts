import type { SectionReader } from '../resolve/section-reader.js';
import type { RawService } from '../schema/service.schema.js';
import { treeAt } from '../text/trees.js';
import type { Path } from '../text/tree.types.js';
import type { RawDeployment } from './deployment.schema.js';

const PLACEMENT = 'is not simulated: pods go wherever their requests fit';

/** Fields of a Deployment, below `spec`, that would change what happens and do not. Labels, volumes... change nothing. */
const OF_DEPLOYMENT: Readonly<Record<string, string>> = {
  minReadySeconds: 'is not simulated: a pod is available as soon as it is ready',
  paused: 'is not simulated: a new version rolls out',
  'template.spec.initContainers': 'are not simulated; add their time to `startup.start` of the service',
  'template.spec.nodeSelector': PLACEMENT,
  'template.spec.affinity': PLACEMENT,
  'template.spec.tolerations': PLACEMENT,
  'template.spec.topologySpreadConstraints': PLACEMENT,
  'template.spec.priorityClassName': 'is not simulated: no pod preempts another',
};

const OF_CONTAINER: Readonly<Record<string, string>> = {
  livenessProbe: 'is not simulated: a container restarts when it exits or runs out of memory',
  startupProbe: 'is not simulated; the time until then is `startup.start` of the service',
  lifecycle: 'is not simulated',
};

/** Notes what a Deployment says in vain: what no part of the simulation reads, and what its service says otherwise. */
export function noteUnsimulated(
  reader: SectionReader,
  path: Path,
  { spec }: RawDeployment,
  container: number,
  service: RawService | undefined,
): void {
  const at: Path = [...path, 'spec'];
  const containers: Path = [...at, 'template', 'spec', 'containers'];
  const main: Path = [...containers, container];
  for (const [field, why] of Object.entries(OF_DEPLOYMENT)) noteField(reader, [...at, ...field.split('.')], why);
  for (const [field, why] of Object.entries(OF_CONTAINER)) noteField(reader, [...main, field], why);
  for (const list of ['requests', 'limits'])
    for (const resource of reader.keys([...main, 'resources', list]))
      if (resource !== 'cpu' && resource !== 'memory')
        noteField(reader, [...main, 'resources', list, resource], 'is not simulated; nodes have cpu and memory');
  spec.template.spec.containers.forEach(({ name }, index) => {
    if (index === container) return;
    const used = spec.template.spec.containers[container]!.name;
    reader.note([...containers, index, 'name'], `"${name}" is not simulated, nor added to the requests; "${used}" is`);
  });
  if (service) noteOverruled(reader, at, main, service);
}

/** Where both say something, the service's own block counts. */
function noteOverruled(reader: SectionReader, spec: Path, main: Path, service: RawService): void {
  const { replicas, version, resources, rollout, startup, terminationGrace } = service;
  const pairs: readonly (readonly [given: unknown, name: string, path: Path])[] = [
    [replicas, 'replicas', [...spec, 'replicas']],
    [version, 'version', [...main, 'image']],
    [resources?.requests?.cpu, 'resources.requests.cpu', [...main, 'resources', 'requests', 'cpu']],
    [resources?.requests?.memory, 'resources.requests.memory', [...main, 'resources', 'requests', 'memory']],
    [resources?.limits?.cpu, 'resources.limits.cpu', [...main, 'resources', 'limits', 'cpu']],
    [resources?.limits?.memory, 'resources.limits.memory', [...main, 'resources', 'limits', 'memory']],
    [rollout, 'rollout', [...spec, 'strategy']],
    [startup?.ready, 'startup.ready', [...main, 'readinessProbe']],
    [terminationGrace, 'terminationGrace', [...spec, 'template', 'spec', 'terminationGracePeriodSeconds']],
  ];
  for (const [given, name, path] of pairs)
    if (given !== undefined) noteField(reader, path, `is not used: the service has \`${name}\` of its own`);
}

/** Nothing said, 0, false and empty change nothing. */
function noteField(reader: SectionReader, path: Path, why: string): void {
  const tree = treeAt(reader.tree, path);
  if (!tree) return;
  const isEmpty =
    tree.kind === 'scalar' ? !tree.value : tree.kind === 'list' ? tree.items.length === 0 : tree.entries.size === 0;
  if (!isEmpty || path.at(-1) === 'replicas') reader.note(path, why, 'key');
}
