import type { PodStage } from '../control-state.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';

/** Moves a pod to a stage that ends at `dueAt` (or before, where its container crashes). */
export function setStage({ control }: PlatformContext, pod: Pod, stage: PodStage, dueAt: number): void {
  const memory = control.pods[pod.slot]!;
  memory.stage = stage;
  memory.stageDueAt = dueAt;
  const runs = stage === 'starting' || stage === 'running';
  pod.dueAt = runs ? Math.min(dueAt, memory.crashAt) : dueAt;
  if (pod.dueAt < control.nextDue) control.nextDue = pod.dueAt;
}

/** Sets the Ready condition. */
export function setReady({ control, platform, step }: PlatformContext, pod: Pod, ready: boolean): void {
  if (pod.ready === ready) return;
  pod.ready = ready;
  pod.readySince = step;
  const deployment = control.deployments[pod.deployment]!;
  deployment.needsSync = true;
  deployment.needsCells = true;
  platform.generation += 1;
}

/**
 * Takes a pod out of its cell. What is in it drains, unless it went `abruptly`: then it fails with it.
 */
export function leaveCell({ control, parameters }: PlatformContext, pod: Pod, abruptly: boolean): void {
  control.deployments[pod.deployment]!.needsCells = true;
  if (pod.cell < 0) return;
  if (abruptly) {
    if (parameters.cells.killed[pod.cell] === 0) control.killedCells.push(pod.cell);
    parameters.cells.killed[pod.cell]! += 1;
  }
  pod.cell = -1;
}
