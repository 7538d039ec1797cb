import type { ActiveFault } from '../../timeline/active-fault.types.js';
import { workFactorOf } from '../../timeline/component-effects.js';
import type { PodEffects } from '../control-state.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { scheduleCrash } from '../pods/start-pod.js';
import { watchLeaks } from '../pods/watch-leaks.js';
import { choose } from './choose.js';
import { podMatches } from './match-target.js';

/** Seconds that a clock may be off before tokens and certificates are refused. */
const TOLERATED_OFFSET = 60;

/** Kinds that change how pods work while they last. */
export function changesPods(kind: ActiveFault['kind']): boolean {
  switch (kind) {
    case 'crash-loop':
    case 'cpu-stress':
    case 'memory-leak':
    case 'config-error':
    case 'consumer-stuck':
      return true;
    default:
      return false;
  }
}

/** Works out anew what the faults in force do to the pods of a deployment. */
export function applyEffects(context: PlatformContext, deployment: number): void {
  const { active, control, fleet, platform } = context;
  const memory = control.deployments[deployment]!;
  const { cluster, name } = fleet.deployments[deployment]!;
  memory.needsEffects = false;
  const workFactor = workFactorOf(active, name, fleet.clusters[cluster]!.spec.name);
  if (workFactor !== memory.workFactor) memory.needsCells = true;
  memory.workFactor = workFactor;
  const faults = active.filter(({ kind, target }) => changesPods(kind) && target.service === name);
  const skewed = control.faults.some(({ kind }) => kind === 'clock-skew');
  const affected = faults.length > 0 || skewed;
  if (!affected && !memory.affected) return;
  memory.affected = affected;
  for (const slot of memory.pods) {
    const pod = platform.pods[slot]!;
    const effects = effectsOn(context, pod, faults);
    const before = control.pods[slot]!.effects;
    const crashes = effects.crashAfter !== before.crashAfter || effects.crashSince !== before.crashSince;
    if (changesHealth(before, effects)) memory.needsCells = true;
    if (effects.stress !== before.stress) platform.generation += 1;
    Object.assign(before, effects);
    pod.stressCpu = effects.stress;
    if (crashes && pod.startedAt >= 0) scheduleCrash(context, pod);
  }
  watchLeaks(context, deployment);
}

/** Takes hold of pods that came since, where a fault wants only a share of them. */
export function choosePods(context: PlatformContext, fault: ActiveFault): void {
  const { control, plan, platform } = context;
  const { share } = fault.target;
  const memory = control.faults.find((each) => each.name === fault.spec.name);
  if (!memory || share === undefined || share >= 1) return;
  const candidates: string[] = [];
  for (const deployment of plan.byService.get(fault.target.service ?? '') ?? []) {
    for (const slot of control.deployments[deployment]!.pods) {
      const pod = platform.pods[slot]!;
      if (pod.deletedAt < 0 && podMatches(context, fault.target, pod)) candidates.push(pod.uid);
    }
  }
  memory.pods = choose(context, fault.spec.name, share, candidates, memory.pods);
}

function effectsOn(context: PlatformContext, pod: Pod, faults: readonly ActiveFault[]): PodEffects {
  const { control, platform } = context;
  const node = pod.node < 0 ? null : platform.nodes[pod.node]!;
  const skewed = node !== null && Math.abs(node.clockOffset) > TOLERATED_OFFSET;
  const effects: PodEffects = {
    errorRatio: skewed ? 1 : 0,
    stress: 0,
    stuck: false,
    leak: 0,
    crashAfter: Infinity,
    crashSince: 0,
  };
  for (const fault of faults) {
    if (!podMatches(context, fault.target, pod) || !isChosen(control.faults, fault, pod)) continue;
    addEffect(effects, fault);
  }
  return effects;
}

function isChosen(memories: PlatformContext['control']['faults'], { spec, target }: ActiveFault, pod: Pod): boolean {
  if (target.share === undefined || target.share >= 1) return true;
  return memories.find(({ name }) => name === spec.name)?.pods[pod.uid] === true;
}

function addEffect(effects: PodEffects, { kind, settings, since }: ActiveFault): void {
  switch (kind) {
    case 'crash-loop':
      effects.crashAfter = Math.min(effects.crashAfter, settings['after'] ?? 0);
      effects.crashSince = Math.max(effects.crashSince, since);
      return;
    case 'cpu-stress':
      effects.stress += settings['cores'] ?? 0;
      return;
    case 'memory-leak':
      effects.leak += settings['rate'] ?? 0;
      return;
    case 'config-error':
      effects.errorRatio = 1 - (1 - effects.errorRatio) * (1 - (settings['ratio'] ?? 0));
      return;
    case 'consumer-stuck':
      effects.stuck = true;
      return;
    default:
      return;
  }
}

function changesHealth(a: PodEffects, b: PodEffects): boolean {
  return a.errorRatio !== b.errorRatio || a.stress !== b.stress || a.stuck !== b.stuck;
}
