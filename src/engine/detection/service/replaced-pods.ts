import type { SignalEntry } from './compile-signals.js';
import type { SourceMemory } from './source-memory.js';

/** Ticks for which a pod that went may be replaced by one that has no rate yet: a rate needs two scrapes. */
const REPLACED_WITHIN_TICKS = 2;

/** Of ticks at which something happened, those that still matter. */
export function recentOf(ticks: readonly number[], tick: number): readonly number[] {
  return ticks.filter((at) => tick - at <= REPLACED_WITHIN_TICKS);
}

/**
 * A sum of rates over pods, while pods are replaced. Who went takes its requests along, and who came has no rate until
 * its second scrape, so the sum alone would dip at every rollout. The truth lies between the sum as it is (those who
 * stayed do all the work already) and the sum with the newborn counted like the others on average, as many of them as
 * went; between the two whatever is nearest to the tick before is taken. A pod that went at this very tick may have a
 * successor that has not counted anything yet: it gets this one tick to show up. Pods that an autoscaler adds take load
 * from the others and count only when they have a rate.
 */
export function sumWhilePodsChange(entry: SignalEntry, sum: number, memory: SourceMemory, tick: number): number {
  const most = entry.gone.length === 0 ? sum : sum * (1 + replacedShare(entry, memory, tick));
  const value = most > sum && entry.last >= sum ? Math.min(entry.last, most) : sum;
  entry.last = value;
  return value;
}

/** Pods that went and whose successors have no rate yet, or are not seen yet, as a share of those with a rate. */
function replacedShare({ slots, gone, came }: SignalEntry, memory: SourceMemory, tick: number): number {
  const went = recentOf(gone, tick).length;
  if (went === 0) return 0;
  const known = new Set<string>();
  const newborn = new Set<string>();
  for (const [slot, { pod }] of slots) {
    if (!Number.isNaN(memory.values[slot]!)) known.add(pod);
    else if (memory.isNewborn(slot)) newborn.add(pod);
  }
  for (const pod of known) newborn.delete(pod);
  if (known.size === 0) return 0;
  const replaced = recentOf(came, tick).length - newborn.size;
  const awaited = newborn.size + gone.filter((at) => at === tick).length;
  return Math.max(0, Math.min(awaited, went - replaced)) / known.size;
}
