import { emitPod } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { crashContainer, endBackOff } from './crash.js';
import { removePod } from './end-pod.js';
import { failPull, resyncPull } from './fail-pull.js';
import { imageOf, isImageMissing, startContainer } from './start-pod.js';
import { setReady, setStage } from './stage.js';

/** Seconds between events of a readiness probe that keeps failing. */
const UNHEALTHY_INTERVAL = 60;

/** Lets the pods go on whose time has come. Costs one comparison when there is none. */
export function advancePods(context: PlatformContext): void {
  const { control, platform, step } = context;
  if (step < control.nextDue) return;
  control.nextDue = Infinity;
  let next = Infinity;
  for (const pod of platform.pods) {
    if (pod === null) continue;
    if (pod.dueAt <= step) advance(context, pod);
    if (platform.pods[pod.slot] === pod && pod.dueAt < next) next = pod.dueAt;
  }
  control.nextDue = next;
}

function advance(context: PlatformContext, pod: Pod): void {
  const memory = context.control.pods[pod.slot]!;
  const runs = memory.stage === 'starting' || memory.stage === 'running';
  if (runs && memory.crashAt <= context.step) {
    crashContainer(context, pod, 'Error');
    return;
  }
  switch (memory.stage) {
    case 'creating':
      if (isImageMissing(context, pod)) failPull(context, pod, imageOf(context, pod));
      else startContainer(context, pod);
      return;
    case 'pull-failed':
      resyncPull(context, pod, imageOf(context, pod));
      return;
    case 'starting':
      probe(context, pod);
      return;
    case 'back-off':
      endBackOff(context, pod);
      return;
    case 'terminating':
    case 'failed':
      removePod(context, pod);
      return;
    case 'pending':
    case 'running':
    case 'lost':
      return;
  }
}

function probe(context: PlatformContext, pod: Pod): void {
  const { neverReady } = context.platform.deployments[pod.deployment]!.versions[pod.version]!.effects;
  if (neverReady) {
    emitPod(context, 'Warning', 'Unhealthy', pod, 'Readiness probe failed: HTTP probe failed with statuscode: 503');
    setStage(context, pod, 'starting', context.step + UNHEALTHY_INTERVAL);
    return;
  }
  setStage(context, pod, 'running', Infinity);
  setReady(context, pod, true);
}
