import type { SignalEntry } from './compile-signals.js';
import type { SourceMemory } from './source-memory.js';

/** Ticks for which pods that came or went can leave a sum without their rate: a rate needs two scrapes. */
const REPLACED_WITHIN_TICKS = 2;

/** Of ticks at which something happened, those that still matter. */
export function recentOf(ticks: readonly number[], tick: number): readonly number[] {
  return ticks.filter((at) => tick - at <= REPLACED_WITHIN_TICKS);
}

/**
 * A sum of rates over pods, while pods come and go. Who went takes its requests along, and who came has no rate until
 * its second scrape although it may serve already, so the sum alone would dip at every rollout and whenever an autoscaler
 * doubles a service. The truth lies between the sum as it is (those with a rate do all the work) and the sum with the
 * newborn counted like the others on average; between the two whatever is nearest to the tick before is taken. A pod that
 * went at this very tick may have a successor that has not counted anything yet: it gets this one tick to show up.
 */
export function sumWhilePodsChange(entry: SignalEntry, sum: number, memory: SourceMemory, tick: number): number {
  const changing = recentOf(entry.gone, tick).length > 0 || recentOf(entry.came, tick).length > 0;
  const most = changing ? sum * (1 + uncountedShare(entry, memory, tick)) : sum;
  const value = most > sum && entry.last >= sum ? Math.min(entry.last, most) : sum;
  entry.last = value;
  return value;
}

/** Pods without a rate yet, seen or awaited, as a share of those with a rate. */
function uncountedShare({ slots, gone, came }: SignalEntry, memory: SourceMemory, tick: number): number {
  const known = new Set<string>();
  const newborn = new Set<string>();
  for (const [slot, { pod }] of slots) {
    if (!Number.isNaN(memory.values[slot]!)) known.add(pod);
    else if (memory.isNewborn(slot)) newborn.add(pod);
  }
  for (const pod of known) newborn.delete(pod);
  if (known.size === 0) return 0;
  const unreplaced = recentOf(gone, tick).length - recentOf(came, tick).length;
  const awaited = Math.max(0, Math.min(gone.filter((at) => at === tick).length, unreplaced));
  return (newborn.size + awaited) / known.size;
}
