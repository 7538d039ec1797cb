import type { AbsoluteOrShare, ReadinessSpec, RolloutSpec, StartupSpec } from '../component.types.js';
import type { Names } from '../resolve/names.types.js';
import type { PastedDeployment } from '../resolve/pasted-deployment.types.js';
import type { SectionReader } from '../resolve/section-reader.js';
import { deploymentSchema, type RawDeployment } from './deployment.schema.js';
import { noteUnsimulated } from './unsimulated-fields.js';
import type { PastedObject } from './pasted-object.types.js';

/** Pasted Deployments by the service of the same name. */
export function readDeployments(
  reader: SectionReader,
  names: Names,
  objects: readonly PastedObject[],
): Map<string, PastedDeployment> {
  const found = new Map<string, PastedDeployment>();
  for (const { kind, path } of objects) {
    if (kind !== 'Deployment') continue;
    const deployment = reader.read(path, deploymentSchema);
    if (!deployment) continue;
    const { name } = deployment.metadata;
    const at = [...path, 'metadata', 'name'];
    if (!reader.knows(at, 'service', name, names.services)) continue;
    if (found.has(name)) reader.report(at, `there is a Deployment of "${name}" already`);
    else {
      const service = names.services.get(name);
      const container = containerOf(name, deployment);
      found.set(name, pastedDeployment(container, deployment, service?.startup?.start));
      noteUnsimulated(reader, path, deployment, deployment.spec.template.spec.containers.indexOf(container), service);
    }
  }
  return found;
}

type Container = RawDeployment['spec']['template']['spec']['containers'][number];

/** The container with the name of the Deployment is the application, else the first; the others are beside it. */
function containerOf(name: string, { spec }: RawDeployment): Container {
  const { containers } = spec.template.spec;
  return containers.find((each) => each.name === name) ?? containers[0]!;
}

function pastedDeployment(container: Container, { spec }: RawDeployment, start: number | undefined): PastedDeployment {
  const { terminationGracePeriodSeconds: terminationGrace } = spec.template.spec;
  const version = versionOf(container.image ?? '');
  const rollout = rolloutOf(spec.strategy);
  const startup = container.readinessProbe && { ready: readyAfter(container.readinessProbe, start ?? 5) };
  const readiness = readinessOf(container.readinessProbe);
  return {
    ...(spec.replicas !== undefined && { replicas: spec.replicas }),
    ...(version !== undefined && { version }),
    ...quantitiesOf(container.resources),
    ...(rollout && { rollout }),
    ...(startup && { startup: startup satisfies Partial<StartupSpec> }),
    ...(terminationGrace !== undefined && { terminationGrace }),
    ...(readiness && { readiness }),
  };
}

function quantitiesOf(resources: Container['resources']) {
  const pick = (list: { readonly cpu?: number; readonly memory?: number } | undefined) =>
    list && {
      ...(list.cpu !== undefined && { cpu: list.cpu }),
      ...(list.memory !== undefined && { memory: list.memory }),
    };
  const [requests, limits] = [pick(resources?.requests), pick(resources?.limits)];
  return { ...(requests && { requests }), ...(limits && { limits }) };
}

/** Tag of `registry:5000/shop/cart:1.4.2@sha256:...`; undefined where there is none. */
function versionOf(image: string): string | undefined {
  const [reference = ''] = image.split('@');
  const tag = /:([\w][\w.-]{0,127})$/.exec(reference.slice(reference.lastIndexOf('/') + 1))?.[1];
  return tag?.slice(0, 60);
}

/** Without a strategy Kubernetes rolls with 25 % surge and 25 % unavailable. */
function rolloutOf(strategy: RawDeployment['spec']['strategy']): RolloutSpec | undefined {
  if (!strategy) return undefined;
  if (strategy.type === 'Recreate') return { strategy: 'recreate' };
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate ?? {};
  return { strategy: 'rolling', maxSurge: amountOf(maxSurge), maxUnavailable: amountOf(maxUnavailable) };
}

function amountOf(value: number | string = '25%'): AbsoluteOrShare {
  return typeof value === 'number' ? { pods: value } : { share: Math.min(1, Number(value.slice(0, -1)) / 100) };
}

/** A probe that the application answers itself; a command or an open port says nothing of how busy it is. */
function readinessOf(
  probe: RawDeployment['spec']['template']['spec']['containers'][number]['readinessProbe'],
): ReadinessSpec | undefined {
  if (!probe || (probe.httpGet === undefined && probe.grpc === undefined)) return undefined;
  const { failureThreshold, periodSeconds: period, successThreshold, timeoutSeconds: timeout } = probe;
  return { period, timeout, failureThreshold, successThreshold };
}

/**
 * From the moment the process could answer until the kubelet has seen it: the rest of the initial delay, half a period
 * on average until the next probe, and further periods where more than one success is wanted.
 */
function readyAfter(
  probe: { readonly initialDelaySeconds: number; readonly periodSeconds: number; readonly successThreshold: number },
  start: number,
): number {
  return Math.max(0, probe.initialDelaySeconds - start) + probe.periodSeconds * (probe.successThreshold - 0.5);
}
