import type { Pod } from '../../kubernetes/platform-state.types.js';
import { boundsOf } from '../../kubernetes/rollout/bounds.js';
import {
  CONDITION_STATES,
  HPA_CONDITIONS,
  POD_PHASES,
  TERMINATION_REASONS,
  WAITING_REASONS,
} from '../layout/kube-blocks.js';
import type { PodRecord } from '../telemetry-state.js';
import type { ScrapeContext } from './scrape-context.js';

/** Seconds since the epoch of a step. */
function timeOf({ fleet }: ScrapeContext, step: number): number {
  return fleet.scenario.start / 1000 + step;
}

/** What kube-state-metrics says of pods. Nothing of it changes while the platform stands still. */
export function scrapePodStates(context: ScrapeContext): void {
  for (let slot = 0; slot < context.telemetry.pods.length; slot++) {
    const record = context.telemetry.pods[slot];
    if (record) scrapePodState(context, record, context.state.platform.pods[slot]!);
  }
}

function scrapePodState(context: ScrapeContext, record: PodRecord, pod: Pod): void {
  const { totals, layout, fleet } = context;
  const blocks = layout.deployments[record.deployment]!;
  const { podStateOffsets: offsets } = blocks;
  const at = record.stateBase;
  for (const offset of [offsets.owner, offsets.labels]) totals[at + offset] = 1;
  totals[at + offsets.created] = timeOf(context, pod.createdAt);
  totals[at + offsets.startTime] = pod.scheduledAt < 0 ? NaN : timeOf(context, pod.scheduledAt);
  oneOf(totals, at + offsets.phase, POD_PHASES.indexOf(pod.phase), POD_PHASES.length);
  oneOf(totals, at + offsets.ready, pod.ready ? 0 : 1, CONDITION_STATES.length);
  oneOf(totals, at + offsets.scheduled, pod.node >= 0 ? 0 : 1, CONDITION_STATES.length);
  totals[at + offsets.unschedulable] = pod.unschedulable === null ? NaN : 1;
  const running = pod.phase === 'Running' && pod.waiting === null;
  totals[at + offsets.containerReady] = pod.ready ? 1 : 0;
  totals[at + offsets.running] = running ? 1 : 0;
  totals[at + offsets.restarts] = pod.restarts;
  const waiting = pod.waiting === null ? -1 : WAITING_REASONS.indexOf(pod.waiting);
  onlyOf(totals, at + offsets.waiting, waiting, WAITING_REASONS.length);
  const terminated = pod.lastTermination === null ? -1 : TERMINATION_REASONS.indexOf(pod.lastTermination);
  onlyOf(totals, at + offsets.lastTerminated, terminated, TERMINATION_REASONS.length);
  scrapePlacement(context, record, fleet.deployments[record.deployment]!.spec.resources);
}

function scrapePlacement(
  { totals, layout }: ScrapeContext,
  record: PodRecord,
  resources: {
    readonly cpuRequest: number;
    readonly memoryRequest: number;
    readonly cpuLimit: number;
    readonly memoryLimit: number;
  },
): void {
  let at = record.base + (record.node === '' ? 0 : layout.deployments[record.deployment]!.placement);
  totals[at++] = 1;
  totals[at++] = resources.cpuRequest;
  totals[at++] = resources.memoryRequest;
  if (Number.isFinite(resources.cpuLimit)) totals[at++] = resources.cpuLimit;
  if (Number.isFinite(resources.memoryLimit)) totals[at++] = resources.memoryLimit;
}

/** What kube-state-metrics says of deployments and replica sets. */
export function scrapeDeployments(context: ScrapeContext): void {
  const { fleet, telemetry, state, totals } = context;
  const { platform } = state;
  const counts = countPods(context);
  telemetry.deployments.forEach((record, i) => {
    const deployment = platform.deployments[i]!;
    const { all, ready, updated } = counts[i]!;
    const values = [
      deployment.replicas,
      all,
      ready,
      ready,
      Math.max(0, Math.max(all, deployment.replicas) - ready),
      updated,
      deployment.observedGeneration,
      deployment.observedGeneration,
      timeOf(context, 0) - 86_400,
    ];
    values.forEach((value, k) => (totals[record.base + k] = value));
    const conditions = record.base + values.length;
    // Source: kubernetes pkg/controller/deployment/sync.go, calculateStatus.
    const { maxUnavailable } = boundsOf(fleet.deployments[i]!.spec.rollout, deployment.replicas);
    const isAvailable = ready >= deployment.replicas - maxUnavailable;
    oneOf(totals, conditions, isAvailable ? 0 : 1, CONDITION_STATES.length);
    const isProgressing = deployment.progressDeadlineExceeded !== true;
    oneOf(totals, conditions + CONDITION_STATES.length, isProgressing ? 0 : 1, CONDITION_STATES.length);
    for (const { hash, base } of record.replicaSets) {
      const mine = counts[i]!.byHash.get(hash) ?? { all: 0, ready: 0 };
      [mine.all, mine.all, mine.ready, 1].forEach((value, k) => (totals[base + k] = value));
    }
  });
}

/** Pods that count for their replica set: those asked to go do not. */
function countPods({ fleet, state }: ScrapeContext) {
  const { platform } = state;
  const counts = fleet.deployments.map(() => ({
    all: 0,
    ready: 0,
    updated: 0,
    byHash: new Map<string, { all: number; ready: number }>(),
  }));
  for (const pod of platform.pods) {
    if (pod === null || pod.deletedAt >= 0 || pod.phase === 'Failed' || pod.phase === 'Succeeded') continue;
    const count = counts[pod.deployment]!;
    const deployment = platform.deployments[pod.deployment]!;
    const hash = deployment.versions[pod.version]?.hash ?? '';
    const mine = count.byHash.get(hash) ?? { all: 0, ready: 0 };
    count.byHash.set(hash, mine);
    const ready = pod.ready ? 1 : 0;
    count.all++;
    mine.all++;
    count.ready += ready;
    mine.ready += ready;
    if (pod.version === deployment.updated) count.updated++;
  }
  return counts;
}

/** What kube-state-metrics says of autoscalers. */
export function scrapeAutoscalers({ telemetry, state, totals }: ScrapeContext): void {
  telemetry.deployments.forEach((record, i) => {
    record.autoscalers.forEach(({ base, metricsBase }, j) => {
      const autoscaler = state.platform.deployments[i]!.autoscalers[j]!;
      const { minReplicas, maxReplicas, currentReplicas, desiredReplicas } = autoscaler;
      [1, minReplicas, maxReplicas, currentReplicas, desiredReplicas].forEach((value, k) => (totals[base + k] = value));
      HPA_CONDITIONS.forEach((type, k) => {
        const status = autoscaler.conditions.find((each) => each.type === type)?.status.toLowerCase();
        const states: readonly string[] = CONDITION_STATES;
        oneOf(totals, base + 5 + k * 3, status === undefined ? 2 : states.indexOf(status), 3);
      });
      autoscaler.currentMetrics.forEach(({ target, value }, k) => {
        totals[metricsBase + 2 * k] = target;
        totals[metricsBase + 2 * k + 1] = value;
      });
    });
  });
}

/** A state set: 1 for the state that holds, 0 for the others. */
export function oneOf(totals: Float64Array, at: number, which: number, count: number): void {
  for (let i = 0; i < count; i++) totals[at + i] = i === which ? 1 : 0;
}

/** A reason: a sample only for the one that holds. */
function onlyOf(totals: Float64Array, at: number, which: number, count: number): void {
  for (let i = 0; i < count; i++) totals[at + i] = i === which ? 1 : NaN;
}
