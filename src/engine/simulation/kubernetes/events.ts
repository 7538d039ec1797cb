import type { PlatformContext } from './platform-context.types.js';
import type { KubernetesEvent, Node, Pod } from './platform-state.types.js';

/** Events kept when nobody takes them; then the oldest tenth goes. */
const LIMIT = 10_000;

export function emit(
  { platform, step }: PlatformContext,
  type: KubernetesEvent['type'],
  reason: string,
  object: KubernetesEvent['object'],
  cluster: number,
  message: string,
): void {
  const { events } = platform;
  if (events.length >= LIMIT) events.splice(0, LIMIT / 10);
  events.push({ time: step, type, reason, object, message, cluster });
}

export function emitPod(
  context: PlatformContext,
  type: KubernetesEvent['type'],
  reason: string,
  pod: Pod,
  message: string,
): void {
  const { cluster } = context.fleet.deployments[pod.deployment]!;
  emit(context, type, reason, { kind: 'Pod', name: pod.name }, cluster, message);
}

export function emitNode(
  context: PlatformContext,
  type: KubernetesEvent['type'],
  reason: string,
  node: Node,
  message: string,
): void {
  emit(context, type, reason, { kind: 'Node', name: node.name }, node.cluster, message);
}
