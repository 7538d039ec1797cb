import type { ReadinessSpec } from '../../../scenario/component.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { emitPod } from '../events.js';
import { chanceOf } from '../names.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { setReady } from './stage.js';

/** Part of the last second in the mean rate of answers: a memory of ten seconds. */
const FRESH = 0.1;
/** Seconds after which a pod that answered nothing at all is taken to have worked off what it had. */
const LONGEST_WAIT = 300;

/** A pod is probed at its own time within the period, as its container started at a time of its own. */
export function probePhase({ uid }: Pick<Pod, 'uid'>, period: number): number {
  return Math.floor(chanceOf(0, 'readiness', uid) * Math.max(1, Math.round(period)));
}

/**
 * Readiness probes that wait in line with the requests, for services that have them. A probe fails when its answer would
 * come after the timeout, or finds the queue full; enough failures in a row take the pod out of the endpoints, which
 * leaves its part to the others. It is back when it has worked off what it had.
 * Source: kubernetes.io, "Configure Liveness, Readiness and Startup Probes"; Pod Lifecycle, "Container probes".
 */
export function probeReadiness(context: PlatformContext): void {
  const { control, fleet, plan, platform, step } = context;
  for (const deployment of plan.probed) {
    const { spec, station } = fleet.deployments[deployment]!;
    const readiness = spec.readiness!;
    const period = Math.max(1, Math.round(readiness.period));
    measureAnswers(context, station);
    for (const slot of control.deployments[deployment]!.pods) {
      const { probePhase: phase, stage } = control.pods[slot]!;
      const pod = platform.pods[slot]!;
      if (stage === 'running' && pod.deletedAt < 0 && step % period === phase) probe(context, pod, readiness);
    }
  }
}

function probe(context: PlatformContext, pod: Pod, readiness: ReadinessSpec): void {
  const { control, step } = context;
  const memory = control.pods[pod.slot]!;
  if (!pod.ready) {
    memory.probesPassed = step >= memory.answersAt && !memory.effects.stuck ? memory.probesPassed + 1 : 0;
    if (memory.probesPassed >= readiness.successThreshold) {
      memory.probesFailed = 0;
      setReady(context, pod, true);
    }
    return;
  }
  const wait = waitIn(context, pod);
  const failure = failureOf(context, pod, wait, readiness);
  memory.probesFailed = failure === null ? 0 : memory.probesFailed + 1;
  if (failure === null) return;
  emitPod(context, 'Warning', 'Unhealthy', pod, `Readiness probe failed: ${failure}`);
  if (memory.probesFailed < readiness.failureThreshold) return;
  memory.probesPassed = 0;
  memory.answersAt = step + Math.max(0, Math.min(LONGEST_WAIT, wait) - readiness.timeout);
  setReady(context, pod, false);
}

/** Seconds that a request waits in a pod before it is worked on: those before it by the rate of answers (Little's law). */
function waitIn({ control, flows }: PlatformContext, { cell, slot }: Pod): number {
  if (control.pods[slot]!.effects.stuck) return Infinity;
  const queued = cell < 0 ? 0 : flows!.queued[cell]!;
  return queued > 0 ? queued / control.answers.rate[cell]! : 0;
}

function failureOf(
  { control, step }: PlatformContext,
  { cell, instance, uid }: Pod,
  wait: number,
  { timeout }: ReadinessSpec,
): string | null {
  if (wait > timeout)
    return `Get "http://${instance}/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
  const refused = cell < 0 ? 0 : control.answers.refused[cell]!;
  if (refused > 0 && chanceOf(control.seed, `readiness/${step}`, uid) < refused)
    return 'HTTP probe failed with statuscode: 503';
  return null;
}

/** What load shedding refuses is left out: probes are exempt from it. */
function measureAnswers({ control, fleet, flows, parameters }: PlatformContext, station: number): void {
  const { answers } = control;
  const { operationStride } = fleet.network;
  const { arrived, failedDependency, failedOwn, failedTimeout, ok, rejected } = flows!;
  for (let cell = station * CELLS_PER_STATION; cell < (station + 1) * CELLS_PER_STATION; cell++) {
    let came = 0;
    let went = 0;
    let turned = 0;
    for (let row = cell * operationStride; row < (cell + 1) * operationStride; row++) {
      came += arrived[row]!;
      went += ok[row]! + failedOwn[row]! + failedDependency[row]! + failedTimeout[row]!;
      turned += rejected[row]!;
    }
    const fresh = went - answers.finished[cell]!;
    const before = answers.rate[cell]!;
    answers.rate[cell] = Number.isNaN(before) ? fresh : before + FRESH * (fresh - before);
    const seen = came - answers.arrived[cell]!;
    const passed = seen > 0 ? 1 - (turned - answers.rejected[cell]!) / seen : 1;
    answers.refused[cell] = Math.max(0, 1 - passed / Math.max(1e-9, 1 - parameters.cells.shedRatio[cell]!));
    answers.arrived[cell] = came;
    answers.finished[cell] = went;
    answers.rejected[cell] = turned;
  }
}
