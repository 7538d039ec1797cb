import type { SignalEntry } from './compile-signals.js';
import type { SourceMemory } from './source-memory.js';

/** Ticks for which a pod that went may be replaced by one that has no rate yet: a rate needs two scrapes. */
const REPLACED_WITHIN_TICKS = 2;

/** Of ticks at which something happened, those that still matter. */
export function recentOf(ticks: readonly number[], tick: number): readonly number[] {
  return ticks.filter((at) => tick - at <= REPLACED_WITHIN_TICKS);
}

/**
 * What a sum of rates over pods is to be multiplied by while pods are replaced: who went takes its requests along, and
 * who came has no rate until its second scrape, so the sum would dip at every rollout. Newborn pods count as much as the
 * others do on average, as many of them as went; those that an autoscaler adds take load from the others and count only
 * when they have a rate.
 */
export function replacedPods({ slots, gone, came }: SignalEntry, memory: SourceMemory, tick: number): number {
  const went = recentOf(gone, tick).length;
  if (went === 0) return 1;
  const known = new Set<string>();
  const newborn = new Set<string>();
  for (const [slot, { pod }] of slots) {
    if (!Number.isNaN(memory.values[slot]!)) known.add(pod);
    else if (memory.isNewborn(slot)) newborn.add(pod);
  }
  for (const pod of known) newborn.delete(pod);
  if (known.size === 0) return 1;
  const replaced = recentOf(came, tick).length - newborn.size;
  return 1 + Math.max(0, Math.min(newborn.size, went - replaced)) / known.size;
}
