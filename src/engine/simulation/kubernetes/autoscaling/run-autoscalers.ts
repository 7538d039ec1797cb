import { DEFAULT_CONTROLLER_SETTINGS } from '../../../scaling/hpa/controller-settings.js';
import { evaluateHpa, type HpaEvaluation } from '../../../scaling/hpa/evaluate-hpa.js';
import { pollScaledObject } from '../../../scaling/keda/poll-scaled-object.js';
import type { ScaledObjectObservation } from '../../../scaling/keda/scaled-object-state.types.js';
import type { ScaledObject } from '../../../scaling/keda/scaled-object.types.js';
import { syncScaledObject } from '../../../scaling/keda/sync-scaled-object.js';
import type { AutoscalerMemory } from '../control-state.types.js';
import { measureUsage } from '../nodes/usage.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { AutoscalerPlan } from '../platform-plan.js';
import { setReplicas } from '../rollout/apply-change.js';
import { tellEvents } from './autoscaler-events.js';
import { showStatus } from './autoscaler-status.js';
import { epochMs, METRIC_RESOLUTION, observeWorkload } from './observe-pods.js';
import { readMetrics, readTriggers } from './read-metrics.js';
import { markSignals } from './signal-marks.js';

const SYNC_PERIOD = DEFAULT_CONTROLLER_SETTINGS.syncPeriodMs / 1000;
/** First sync: the second in which metrics-server has a whole window. A fleet that was there before has no gap to show. */
const FIRST_SYNC = 2 * METRIC_RESOLUTION;

/**
 * The autoscalers of pods: KEDA's polls at their intervals, then the syncs of all autoscalers every 15 s, then a scrape
 * of metrics-server, so that a sync sees what was measured 15 s ago, over the 15 s before that.
 *
 * KEDA scales from zero when a trigger says so. Nothing holds requests back until then: those to a service without pods
 * fail, as they do without an HTTP add-on; messages of a queue wait.
 */
export function runAutoscalers(context: PlatformContext): void {
  const { control, plan, step } = context;
  const syncs = step % SYNC_PERIOD === 0;
  if (syncs) markSignals(context);
  for (const { autoscalers, deployment } of syncs ? plan.autoscaled : plan.polled) {
    for (let i = 0; i < autoscalers.length; i++) {
      if (autoscalers[i]!.spec.kind === 'keda') poll(context, deployment.index, i);
      if (syncs && step >= FIRST_SYNC) sync(context, deployment.index, i);
    }
  }
  if (step % METRIC_RESOLUTION === 0) measureUsage(context, control.usage);
}

function sync(context: PlatformContext, deployment: number, position: number): void {
  const plan = context.plan.deployments[deployment]!.autoscalers[position]!;
  const state = context.platform.deployments[deployment]!.autoscalers[position]!;
  const memory = state.memory as AutoscalerMemory;
  const before = context.platform.deployments[deployment]!.replicas;
  const evaluation = evaluate(context, deployment, plan, memory);
  const { conditions, currentMetrics, desiredReplicas, events } = evaluation;
  const object = { kind: 'HorizontalPodAutoscaler', name: state.name } as const;
  tellEvents(context, deployment, object, events, memory);
  showStatus(state, plan.hpa, { desired: desiredReplicas, current: before, conditions, metrics: currentMetrics });
  setReplicas(context, deployment, desiredReplicas);
}

function evaluate(
  context: PlatformContext,
  deployment: number,
  plan: AutoscalerPlan,
  memory: AutoscalerMemory,
): Omit<HpaEvaluation, 'state'> {
  const { hpa, spec } = plan;
  const now = epochMs(context, context.step);
  if (memory.kind === 'keda' && spec.kind === 'keda') {
    const result = syncScaledObject(spec.object, memory.state, observeTriggers(context, deployment, plan, spec), now);
    memory.state = result.state;
    return result;
  }
  const metrics = readMetrics(context, deployment, hpa, spec.signals);
  const { pods, resourceMetrics, scale } = observeWorkload(context, deployment, plan);
  const observation = { scale, pods, resourceMetrics, metrics, alsoControlledBy: plan.others };
  const hpaMemory = memory as Extract<AutoscalerMemory, { kind: 'hpa' }>;
  const result = evaluateHpa(hpa, hpaMemory.state, observation, now);
  hpaMemory.state = result.state;
  return result;
}

function poll(context: PlatformContext, deployment: number, position: number): void {
  const plan = context.plan.deployments[deployment]!.autoscalers[position]!;
  const { spec } = plan;
  const { memory } = context.platform.deployments[deployment]!.autoscalers[position]!;
  const keda = memory as AutoscalerMemory;
  if (keda.kind !== 'keda' || spec.kind !== 'keda' || context.step < keda.nextPoll) return;
  const { object } = spec;
  keda.nextPoll = context.step + Math.max(1, Math.round(object.spec.pollingInterval));
  // A poll between two marks sees what is there now.
  markSignals(context);
  const now = epochMs(context, context.step);
  const result = pollScaledObject(object, keda.state, observeTriggers(context, deployment, plan, spec), now);
  keda.state = result.state;
  tellEvents(context, deployment, { kind: 'ScaledObject', name: object.metadata.name }, result.events, keda);
  setReplicas(context, deployment, result.desiredReplicas);
}

function observeTriggers(
  context: PlatformContext,
  deployment: number,
  plan: AutoscalerPlan,
  { object, signals }: { readonly object: ScaledObject; readonly signals: AutoscalerPlan['spec']['signals'] },
): ScaledObjectObservation {
  const triggers = readTriggers(context, deployment, object, signals);
  return { ...observeWorkload(context, deployment, plan), triggers, alsoControlledBy: plan.others };
}
