import type {
  AbsoluteOrShare,
  OperationSpec,
  ResourcesSpec,
  RolloutSpec,
  ServiceSpec,
  StartupSpec,
} from '../component.types.js';
import type { RawOperation, RawService } from '../schema/service.schema.js';
import { meanOf } from '../schema/work.schema.js';
import type { Path } from '../text/tree.types.js';
import { SINGLE_OPERATION, operationsOf, type Names } from './names.types.js';
import type { PastedDeployment } from './pasted-deployment.types.js';
import { resolveStages } from './resolve-calls.js';
import type { SectionReader } from './section-reader.js';

const STARTUP: StartupSpec = { pull: 5, start: 5, ready: 5 };
const DEFAULT_REPLICAS = 2;
/** What Kubernetes does where a Deployment says nothing. */
const ROLLING: RolloutSpec = { strategy: 'rolling', maxSurge: { share: 0.25 }, maxUnavailable: { share: 0.25 } };
const MiB = 2 ** 20;

/** Services with defaults filled in. What a pasted Deployment says counts where the scenario says nothing. */
export function resolveServices(
  reader: SectionReader,
  names: Names,
  deployments: ReadonlyMap<string, PastedDeployment>,
): ServiceSpec[] {
  return [...names.services].flatMap(([name, raw]) =>
    raw ? resolveService(reader, names, name, raw, deployments.get(name) ?? {}) : [],
  );
}

function resolveService(
  reader: SectionReader,
  names: Names,
  name: string,
  raw: RawService,
  pasted: PastedDeployment,
): ServiceSpec {
  const path: Path = ['services', name];
  const clusters = raw.clusters ?? [...names.clusters.keys()];
  raw.clusters?.forEach((cluster, index) => {
    if (
      reader.knows([...path, 'clusters', index], 'cluster', cluster, names.clusters) &&
      clusters.indexOf(cluster) < index
    )
      reader.report([...path, 'clusters', index], `"${cluster}" is there twice`);
  });
  const consumes = resolveConsumes(reader, names, path, raw);
  const resources = resolveResources(reader, path, raw, pasted);
  return {
    name,
    clusters,
    replicas: raw.replicas ?? pasted.replicas ?? DEFAULT_REPLICAS,
    version: raw.version ?? pasted.version ?? '1.0.0',
    resources,
    startup: { ...STARTUP, ...pasted.startup, ...raw.startup },
    concurrency: raw.concurrency,
    parallelism: raw.parallelism ?? raw.concurrency,
    queueLimit: raw.queueLimit,
    memory: { base: raw.memory.base ?? resources.memoryRequest / 2, perRequest: raw.memory.perRequest },
    idleCpu: raw.idleCpu,
    rollout: resolveRollout(reader, path, raw.rollout ?? pasted.rollout),
    loadShedding: raw.loadShedding === undefined ? null : { targetQueueSeconds: raw.loadShedding },
    operations: resolveOperations(reader, names, path, raw, consumes?.queue ?? null),
    consumes,
    certificateExpires: raw.certificateExpires ?? Infinity,
    terminationGrace: raw.terminationGrace ?? pasted.terminationGrace ?? 30,
    readiness: raw.readiness ?? pasted.readiness ?? null,
  };
}

function resolveRollout(reader: SectionReader, path: Path, rollout: RolloutSpec = ROLLING): RolloutSpec {
  if (rollout.strategy === 'rolling' && isNone(rollout.maxSurge) && isNone(rollout.maxUnavailable))
    reader.report([...path, 'rollout', 'maxUnavailable'], 'may not be 0 when maxSurge is 0: no pod could be replaced');
  return rollout;
}

function isNone(amount: AbsoluteOrShare): boolean {
  return ('pods' in amount ? amount.pods : amount.share) === 0;
}

/** Kubernetes' rule: a request left out is the limit. Nothing said at all: half a core and 256 MiB, twice that at most. */
function resolveResources(reader: SectionReader, path: Path, raw: RawService, pasted: PastedDeployment): ResourcesSpec {
  const requests = { ...pasted.requests, ...raw.resources?.requests };
  const limits = { ...pasted.limits, ...raw.resources?.limits };
  const said = [...Object.values(requests), ...Object.values(limits)].some((value) => value !== undefined);
  if (!said) return { cpuRequest: 0.5, cpuLimit: 1, memoryRequest: 256 * MiB, memoryLimit: 512 * MiB };
  const resources = {
    cpuRequest: requests.cpu ?? limits.cpu ?? 0.1,
    cpuLimit: limits.cpu ?? Infinity,
    memoryRequest: requests.memory ?? limits.memory ?? 128 * MiB,
    memoryLimit: limits.memory ?? Infinity,
  };
  const at: Path = [...path, 'resources', 'requests'];
  if (resources.cpuRequest > resources.cpuLimit)
    reader.report([...at, 'cpu'], 'must be less than or equal to cpu limit');
  if (resources.memoryRequest > resources.memoryLimit)
    reader.report([...at, 'memory'], 'must be less than or equal to memory limit');
  return resources;
}

function resolveConsumes(reader: SectionReader, names: Names, path: Path, raw: RawService): ServiceSpec['consumes'] {
  if (raw.consumes === undefined) return null;
  const short = typeof raw.consumes === 'string';
  const { queue, operation: given } = typeof raw.consumes === 'string' ? { queue: raw.consumes } : raw.consumes;
  const at: Path = [...path, 'consumes'];
  const queues = new Map([...names.stores].filter(([, store]) => !store || store.kind === 'queue'));
  if (!reader.knows(short ? at : [...at, 'queue'], 'queue', queue, queues)) return null;
  const operations = operationsOf(raw);
  if (given !== undefined) {
    reader.knows([...at, 'operation'], 'operation', given, new Map(operations.map((each) => [each, true])));
    return { queue, operation: given };
  }
  if (operations.length !== 1) {
    reader.report(
      at,
      `say which operation handles a message: { queue: ${queue}, operation: ${operations[0] ?? 'handle'} }`,
    );
    return null;
  }
  return { queue, operation: operations[0]! };
}

function resolveOperations(
  reader: SectionReader,
  names: Names,
  path: Path,
  raw: RawService,
  queue: string | null,
): OperationSpec[] {
  const short = (['work', 'route', 'cpu', 'clientErrors', 'errors', 'calls'] as const).filter(
    (key) => raw[key] !== undefined,
  );
  if (raw.operations) {
    for (const key of short)
      reader.report([...path, key], `belongs into one of the operations, as there are \`operations\``, 'key');
    const all = Object.entries(raw.operations);
    if (all.length === 0) reader.report([...path, 'operations'], 'needs at least one operation');
    return all.map(([name, operation]) =>
      resolveOperation(reader, names, [...path, 'operations', name], name, operation, queue),
    );
  }
  if (raw.work === undefined) {
    reader.report(path, 'needs `operations`, or `work` for a service with a single one', 'key');
    return [];
  }
  const { work, cpu, route, clientErrors = 0, errors = 0, calls = [] } = raw;
  const operation: RawOperation = { work, cpu, route, clientErrors, errors, calls };
  return [resolveOperation(reader, names, path, SINGLE_OPERATION, operation, queue)];
}

function resolveOperation(
  reader: SectionReader,
  names: Names,
  path: Path,
  name: string,
  raw: RawOperation,
  queue: string | null,
): OperationSpec {
  const [method, route] =
    raw.route === undefined
      ? [undefined, undefined]
      : raw.route.includes(' ')
        ? raw.route.split(' ', 2)
        : ['GET', raw.route];
  if (raw.clientErrors + raw.errors > 1)
    reader.report([...path, 'errors'], 'together with clientErrors is more than 100%');
  return {
    name,
    method: method ?? (queue === null ? 'GET' : 'CONSUME'),
    route: route ?? queue ?? (name === SINGLE_OPERATION ? '/' : `/${name}`),
    work: raw.work,
    cpu: raw.cpu ?? meanOf(raw.work),
    clientErrorRatio: raw.clientErrors,
    errorRatio: raw.errors,
    stages: resolveStages(reader, names, [...path, 'calls'], raw.calls),
  };
}
