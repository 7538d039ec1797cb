import { emitNode, emitPod } from '../events.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { startContainer } from './start-pod.js';
import { leaveCell, setReady, setStage } from './stage.js';

/** Back-off of the kubelet: seconds before the second restart, its bound, and the run after which it starts over. */
export const FIRST_BACK_OFF = 10;
export const MAX_BACK_OFF = 300;
export const BACK_OFF_RESET = 600;

/**
 * A container ends: what is in it fails. The first time it restarts at once, then after 10 s, 20 s, 40 s... up to
 * 300 s; a run of more than ten minutes starts that over.
 * Source: kubernetes.io, Pod Lifecycle, "How Pods handle problems with containers"; client-go util/flowcontrol/backoff.go.
 */
export function crashContainer(context: PlatformContext, pod: Pod, reason: 'OOMKilled' | 'Error'): void {
  const { control, fleet, platform, step } = context;
  const { name } = fleet.deployments[pod.deployment]!;
  const memory = control.pods[pod.slot]!;
  leaveCell(context, pod, true);
  setReady(context, pod, false);
  pod.lastTermination = reason;
  platform.generation += 1;
  if (reason === 'OOMKilled') {
    const node = platform.nodes[pod.node]!;
    const message = `Memory cgroup out of memory: Killed process (${name}) of pod ${pod.name}`;
    emitNode(context, 'Warning', 'OOMKilling', node, message);
  }
  const expired = step - memory.backOffAt > BACK_OFF_RESET;
  if (memory.backOff === 0 || expired) {
    memory.backOff = FIRST_BACK_OFF;
    restartContainer(context, pod);
    return;
  }
  pod.waiting = 'CrashLoopBackOff';
  const { namespace } = fleet.scenario.telemetry;
  const text = `Back-off restarting failed container ${name} in pod ${pod.name}_${namespace}(${pod.uid})`;
  emitPod(context, 'Warning', 'BackOff', pod, text);
  setStage(context, pod, 'back-off', step + memory.backOff);
}

/** The wait is over; the next one is twice as long. */
export function endBackOff(context: PlatformContext, pod: Pod): void {
  const memory = context.control.pods[pod.slot]!;
  memory.backOff = Math.min(MAX_BACK_OFF, memory.backOff * 2);
  restartContainer(context, pod);
}

/** Starts the container once more, for whatever reason it ended. */
export function restartContainer(context: PlatformContext, pod: Pod): void {
  context.control.pods[pod.slot]!.backOffAt = context.step;
  pod.restarts += 1;
  startContainer(context, pod);
}
