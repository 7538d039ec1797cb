import { emitPod } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { setStage } from './stage.js';

/** Seconds until a registry has said that it does not have the image. */
const REFUSAL = 1;
/** Seconds until the kubelet looks at a pod again that it could not sync (`backOffPeriod`). */
const RESYNC = 10;
/** Seconds between tries: first, and at most. Source: kubernetes.io, Images, "ImagePullBackOff"; kubelet.go. */
const FIRST_BACK_OFF = 10;
const MAX_BACK_OFF = 300;

/** Asks for an image that no registry has. */
export function startFailingPull(context: PlatformContext, pod: Pod, image: string): void {
  emitPod(context, 'Normal', 'Pulling', pod, `Pulling image "${image}"`);
  setStage(context, pod, 'creating', context.step + REFUSAL);
}

/** The registry has refused. */
export function failPull(context: PlatformContext, pod: Pod, image: string): void {
  const memory = context.control.pods[pod.slot]!;
  const reason = `failed to resolve reference "${image}": ${image}: not found`;
  emitPod(
    context,
    'Warning',
    'Failed',
    pod,
    `Failed to pull image "${image}": rpc error: code = NotFound desc = ${reason}`,
  );
  emitPod(context, 'Warning', 'Failed', pod, 'Error: ErrImagePull');
  memory.backOff = memory.backOff === 0 ? FIRST_BACK_OFF : Math.min(MAX_BACK_OFF, memory.backOff * 2);
  pod.waiting = 'ErrImagePull';
  context.platform.generation += 1;
  setStage(context, pod, 'pull-failed', context.step + RESYNC);
}

/** The kubelet looks again: it waits for the end of the back-off, and then tries once more. */
export function resyncPull(context: PlatformContext, pod: Pod, image: string): void {
  const { backOff } = context.control.pods[pod.slot]!;
  if (pod.waiting === 'ImagePullBackOff' || backOff <= RESYNC) {
    startFailingPull(context, pod, image);
    return;
  }
  emitPod(context, 'Normal', 'BackOff', pod, `Back-off pulling image "${image}"`);
  emitPod(context, 'Warning', 'Failed', pod, 'Error: ImagePullBackOff');
  pod.waiting = 'ImagePullBackOff';
  context.platform.generation += 1;
  setStage(context, pod, 'pull-failed', context.step + backOff - RESYNC);
}
