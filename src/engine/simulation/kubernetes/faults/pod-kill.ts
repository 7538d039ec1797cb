import type { FaultMemory } from '../control-state.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { killPod } from '../pods/end-pod.js';
import { choose } from './choose.js';
import { podMatches } from './match-target.js';

/** Kills a share of the pods without grace, drawn anew at each strike, as PodChaos `pod-kill` of Chaos Mesh does. */
export function strikePods(context: PlatformContext, memory: FaultMemory): void {
  const { active, control, plan, platform, step } = context;
  const fault = active.find(({ spec }) => spec.name === memory.name);
  const interval = fault?.settings['interval'] ?? 0;
  memory.nextStrike = interval > 0 ? step + interval : Infinity;
  memory.strikes += 1;
  if (!fault) return;
  const victims = new Map<string, Pod>();
  for (const deployment of plan.byService.get(fault.target.service ?? '') ?? []) {
    for (const slot of control.deployments[deployment]!.pods) {
      const pod = platform.pods[slot]!;
      const alive = pod.phase === 'Running' && pod.deletedAt < 0 && control.pods[slot]!.stage !== 'lost';
      if (alive && podMatches(context, fault.target, pod)) victims.set(pod.uid, pod);
    }
  }
  if (victims.size === 0) return;
  const purpose = `${memory.name}/${memory.strikes}`;
  const chosen = choose(context, purpose, fault.target.share ?? 1, [...victims.keys()], {});
  for (const [uid, pod] of victims) if (chosen[uid]) killPod(context, pod);
}
