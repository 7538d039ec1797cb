import { parseHorizontalPodAutoscaler } from '../../scaling/hpa/parse-hpa.js';
import { parseScaledObject } from '../../scaling/keda/parse-scaled-object.js';
import { AutoscalerInvalidError } from '../../scaling/validation/validation.errors.js';
import type { Names } from '../resolve/names.types.js';
import type { SectionReader } from '../resolve/section-reader.js';
import type { AutoscalerSpec } from '../scenario.types.js';
import { parseIssuePath } from './issue-path.js';
import type { PastedObject } from './pasted-object.types.js';
import { upgradeHpa, type UpgradedHpa } from './upgrade-hpa.js';
import type { ReadAutoscaler } from './read-autoscaler.types.js';
import { readSignals, type SignalTable } from './read-signals.js';
import { wantedMetrics } from './wanted-metrics.js';

/** Pasted autoscalers, each bound to the service that its scaleTargetRef names and to the values of its metrics. */
export function readAutoscalers(
  reader: SectionReader,
  names: Names,
  objects: readonly PastedObject[],
): AutoscalerSpec[] {
  const signals = readSignals(reader, names);
  const bound = new Map<string, string>();
  const autoscalers = objects.flatMap((object) => {
    if (object.kind === 'Deployment') return [];
    const autoscaler = readAutoscaler(reader, names, object, signals);
    return autoscaler && isOnlyOne(reader, object, autoscaler, bound) ? [autoscaler] : [];
  });
  signals.reportUnused();
  return autoscalers;
}

function readAutoscaler(
  reader: SectionReader,
  names: Names,
  pasted: PastedObject,
  signals: SignalTable,
): AutoscalerSpec | undefined {
  const read = parse(reader, pasted);
  if (!read) return undefined;
  const { kind, name: service } = read.object.spec.scaleTargetRef;
  const at = [...pasted.path, 'spec', 'scaleTargetRef'];
  if (kind !== 'Deployment') return reader.report([...at, 'kind'], `must be Deployment, as services are, not ${kind}`);
  if (!reader.knows([...at, 'name'], 'service', service, names.services)) return undefined;
  const running = names.services.get(service)?.clusters ?? [...names.clusters.keys()];
  const known = new Map(running.map((cluster) => [cluster, true]));
  for (const cluster of pasted.clusters ?? [])
    reader.knows([...pasted.path, 'spec', 'scaleTargetRef', 'name'], 'cluster with this service', cluster, known);
  const bindings = signals.bind(wantedMetrics(read, pasted.path), service);
  const common = { service, clusters: pasted.clusters ?? running, signals: bindings };
  return read.kind === 'hpa'
    ? { kind: 'hpa', object: read.object, ...common }
    : { kind: 'keda', object: read.object, ...common };
}

function parse(reader: SectionReader, { kind, path }: PastedObject): ReadAutoscaler | undefined {
  const plain = reader.plain(path);
  const { document, metricPaths, problem }: UpgradedHpa =
    kind === 'ScaledObject' ? { document: plain } : upgradeHpa(plain);
  if (problem) return reader.report([...path, ...parseIssuePath(problem.path)], problem.message);
  try {
    return kind === 'ScaledObject'
      ? { kind: 'keda', object: parseScaledObject(document) }
      : { kind: 'hpa', object: parseHorizontalPodAutoscaler(document) };
  } catch (error) {
    if (!(error instanceof AutoscalerInvalidError)) throw error;
    for (const issue of error.issues) {
      const at = issue.message.startsWith('unknown field') ? 'key' : 'value';
      reader.report([...path, ...parseIssuePath(pastedPath(issue.path, metricPaths))], issue.message, at);
    }
    return undefined;
  }
}

/** Where a mistake stands in the object as it was pasted, which may be of an older version. */
function pastedPath(path: string, metricPaths: readonly string[] | undefined): string {
  const index = metricPaths && /^spec\.metrics\[(\d+)\]/.exec(path)?.[1];
  return index === undefined ? path : (metricPaths![Number(index)] ?? path);
}

/** Two autoscalers of one Deployment undo each other; Kubernetes refuses both (AmbiguousSelector). */
function isOnlyOne(
  reader: SectionReader,
  { path }: PastedObject,
  { service, clusters, object }: AutoscalerSpec,
  bound: Map<string, string>,
): boolean {
  const { name } = object.metadata;
  const taken = clusters.map((cluster) => `${service}@${cluster}`).find((each) => bound.has(each));
  for (const cluster of clusters) bound.set(`${service}@${cluster}`, bound.get(`${service}@${cluster}`) ?? name);
  if (taken === undefined) return true;
  reader.report(
    [...path, 'spec', 'scaleTargetRef', 'name'],
    `"${service}" is scaled by "${bound.get(taken)}" already; keep one of them`,
  );
  return false;
}
