import { FAULT_KINDS, type FaultKind, type FaultSpec, type FaultTarget } from '../../scenario/fault.types.js';
import type { Scenario } from '../../scenario/scenario.types.js';
import { createRandom, nextBelow, nextUniform, type RandomStream } from '../../simulation/random/random.js';
import { FAULT_RANGES, FAULT_SECONDS, SHARES, SLOW_FAULT_SECONDS } from './fault-ranges.js';
import { targetsOf } from './fault-targets.js';

export const ALL_FAULT_KINDS = Object.keys(FAULT_KINDS) as readonly FaultKind[];

export interface FaultPlanOptions {
  readonly kinds: readonly FaultKind[];
  readonly seed: number;
  /** Faults of each kind. */
  readonly perKind: number;
  /** Seconds from the start between which they begin. */
  readonly from: number;
  readonly to: number;
}

/**
 * Faults at random times, on random targets, of random strength, in order of time. Kinds that the fleet has no target
 * for (a queue's consumer where there is no queue) are left out. Each kind draws from a stream of its own, so that more
 * kinds or more faults change nothing about the others.
 */
export function planFaults(scenario: Scenario, options: FaultPlanOptions): readonly FaultSpec[] {
  const { kinds, seed, perKind, from, to } = options;
  const faults = kinds.flatMap((kind) => {
    const targets = targetsOf(scenario, kind);
    const random = createRandom(seed, `score-card/faults/${kind}`);
    if (targets.length === 0) return [];
    return Array.from({ length: perKind }, (_, i): FaultSpec => {
      const at = from + nextBelow(random, Math.max(1, to - from));
      const target = withShare(kind, targets[nextBelow(random, targets.length)]!, random);
      return {
        name: perKind === 1 ? kind : `${kind}-${i + 1}`,
        kind,
        at,
        duration: SLOW_FAULT_SECONDS[kind] ?? FAULT_SECONDS,
        ramp: 0,
        intensity: 1,
        target,
        settings: drawSettings(kind, random),
      };
    });
  });
  return faults.sort((a, b) => a.at - b.at);
}

function withShare(kind: FaultKind, target: FaultTarget, random: RandomStream): FaultTarget {
  const shares = SHARES[kind];
  return shares === undefined ? target : { ...target, share: shares[nextBelow(random, shares.length)]! };
}

function drawSettings(kind: FaultKind, random: RandomStream): Record<string, number> {
  const ranges = FAULT_RANGES[kind] ?? {};
  return Object.fromEntries(
    Object.entries(FAULT_KINDS[kind].settings).map(([name, { default: usual }]) => {
      const range = ranges[name];
      if (range === undefined) return [name, usual];
      const [least, most] = range;
      return [name, Number((least * (most / least) ** nextUniform(random)).toPrecision(3))];
    }),
  );
}
