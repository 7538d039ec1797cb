import { emitPod } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Node, Pod } from '../platform-state.types.js';
import { startFailingPull } from './fail-pull.js';
import { setStage } from './stage.js';

/** The scheduler's binding: the node reserves the requests, its kubelet gets the image and starts the container. */
export function bindPod(context: PlatformContext, pod: Pod, node: Node): void {
  const { control, fleet, platform, step } = context;
  const { resources } = fleet.deployments[pod.deployment]!.spec;
  pod.node = node.slot;
  pod.scheduledAt = step;
  pod.waiting = 'ContainerCreating';
  node.requestedCpu += resources.cpuRequest;
  node.requestedMemory += resources.memoryRequest;
  const home = control.nodes[node.slot]!;
  home.pods += 1;
  home.limits += Math.min(resources.cpuLimit, fleet.clusters[node.cluster]!.pools[node.pool]!.cpu);
  control.deployments[pod.deployment]!.needsEffects = true;
  platform.generation += 1;
  const { namespace } = fleet.scenario.telemetry;
  emitPod(context, 'Normal', 'Scheduled', pod, `Successfully assigned ${namespace}/${pod.name} to ${node.name}`);
  createContainer(context, pod, node);
}

/** Waits for the image. Two pods that need the same image on a node wait for the same pull. */
export function createContainer(context: PlatformContext, pod: Pod, node: Node): void {
  const { control, fleet, step } = context;
  const { images, lostAt } = control.nodes[node.slot]!;
  const memory = control.pods[pod.slot]!;
  if (lostAt >= 0) {
    setStage(context, pod, 'lost', Infinity);
    return;
  }
  const image = imageOf(context, pod);
  if (isImageMissing(context, pod)) {
    pod.waiting = 'ContainerCreating';
    startFailingPull(context, pod, image);
    return;
  }
  const known = images[image];
  memory.pulling = known === undefined || known > step;
  if (known === undefined) {
    images[image] = step + fleet.deployments[pod.deployment]!.spec.startup.pull;
    emitPod(context, 'Normal', 'Pulling', pod, `Pulling image "${image}"`);
  }
  if (images[image]! > step) setStage(context, pod, 'creating', images[image]!);
  else startContainer(context, pod);
}

/** The process starts; with it begins what will end it, where a version or a fault has such a defect. */
export function startContainer(context: PlatformContext, pod: Pod): void {
  const { control, fleet, platform, step } = context;
  const { name, spec } = fleet.deployments[pod.deployment]!;
  const memory = control.pods[pod.slot]!;
  const image = imageOf(context, pod);
  const pulled = memory.pulling
    ? `Successfully pulled image "${image}" in ${step - pod.scheduledAt}s`
    : `Container image "${image}" already present on machine`;
  emitPod(context, 'Normal', 'Pulled', pod, pulled);
  emitPod(context, 'Normal', 'Created', pod, `Created container: ${name}`);
  emitPod(context, 'Normal', 'Started', pod, `Started container ${name}`);
  memory.pulling = false;
  pod.phase = 'Running';
  pod.waiting = null;
  pod.startedAt = step;
  pod.leaked = 0;
  platform.generation += 1;
  setStage(context, pod, 'starting', step + spec.startup.start + spec.startup.ready);
  scheduleCrash(context, pod);
}

/** When the container will exit by a defect of its version or by a fault. */
export function scheduleCrash(context: PlatformContext, pod: Pod): void {
  const { control, platform } = context;
  const memory = control.pods[pod.slot]!;
  const { crashAfter } = platform.deployments[pod.deployment]!.versions[pod.version]!.effects;
  const { effects } = memory;
  const byVersion = crashAfter > 0 ? pod.startedAt + crashAfter : Infinity;
  memory.crashAt = Math.min(byVersion, Math.max(pod.startedAt, effects.crashSince) + effects.crashAfter);
  setStage(context, pod, memory.stage, memory.stageDueAt);
}

export function imageOf({ fleet, platform }: PlatformContext, { deployment, version }: Pod): string {
  return `${fleet.deployments[deployment]!.name}:${platform.deployments[deployment]!.versions[version]!.name}`;
}

export function isImageMissing({ platform }: PlatformContext, pod: Pod): boolean {
  return platform.deployments[pod.deployment]!.versions[pod.version]!.effects.imageMissing === true;
}
