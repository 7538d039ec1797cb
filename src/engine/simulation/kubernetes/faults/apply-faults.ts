import type { ActiveFault } from '../../timeline/active-fault.types.js';
import type { FaultMemory } from '../control-state.types.js';
import { fillDisks } from '../nodes/disk-pressure.js';
import type { PlatformContext } from '../platform-context.types.js';
import { applyToNodes, changesNodes, chooseNodes } from './node-effects.js';
import { applyEffects, changesPods, choosePods } from './pod-effects.js';
import { strikePods } from './pod-kill.js';

/** Lets faults begin, change and end. Costs one comparison while nothing about them changes. */
export function applyFaults(context: PlatformContext): void {
  const { active, control } = context;
  if (control.seen !== active) refresh(context);
  if (control.faults.length === 0) return;
  for (const memory of control.faults) if (memory.nextStrike <= context.step) strikePods(context, memory);
  if (control.faults.some(({ kind }) => kind === 'disk-full')) fillDisks(context);
}

/** Gives faults their hold on pods that came in this step. */
export function applyToNewPods(context: PlatformContext): void {
  const { active, control } = context;
  let chosen = false;
  for (let deployment = 0; deployment < control.deployments.length; deployment++) {
    const memory = control.deployments[deployment]!;
    if (!memory.needsEffects) continue;
    memory.needsEffects = false;
    if (control.faults.length === 0) continue;
    if (!chosen) for (const fault of active) if (changesPods(fault.kind)) choosePods(context, fault);
    chosen = true;
    applyEffects(context, deployment);
  }
}

function refresh(context: PlatformContext): void {
  const { active, control } = context;
  control.seen = active;
  const before = control.faults;
  const ours = active.filter(isOurs);
  if (ours.length === 0 && before.length === 0) return;
  control.faults = ours.map((fault) => known(before, fault) ?? begin(context, fault));
  if (ours.some(changesNodes) || before.some(({ nodes }) => Object.keys(nodes).length > 0)) applyToNodes(context);
  for (const fault of ours) if (changesPods(fault.kind)) choosePods(context, fault);
  for (let deployment = 0; deployment < control.deployments.length; deployment++) applyEffects(context, deployment);
}

function known(memories: readonly FaultMemory[], { since, spec }: ActiveFault): FaultMemory | undefined {
  return memories.find((memory) => memory.name === spec.name && memory.since === since);
}

function begin(context: PlatformContext, fault: ActiveFault): FaultMemory {
  const { kind, since, spec } = fault;
  return {
    name: spec.name,
    kind,
    since,
    pods: {},
    nodes: changesNodes(fault) ? chooseNodes(context, fault) : {},
    nextStrike: kind === 'pod-kill' ? context.step : Infinity,
    strikes: 0,
  };
}

function isOurs(fault: ActiveFault): boolean {
  const slows = fault.kind === 'dependency-slow' && fault.target.service !== undefined;
  return fault.kind === 'pod-kill' || slows || changesPods(fault.kind) || changesNodes(fault);
}
