import type { Labels } from '../../../kernel/time-series.js';
import type { SignalPart } from './classify-source.js';

/** A signal with its sources, and what it remembers between two ticks. */
export interface SignalEntry {
  readonly key: string;
  readonly serviceKey: string;
  readonly part: SignalPart;
  readonly labels: Labels;
  readonly query: string;
  readonly weight: number;
  readonly slots: Map<number, { readonly role: SignalPart['role']; readonly bound: number; readonly pod: string }>;
  /** Sources by pod. */
  readonly pods: Map<string, number>;
  /** Ticks at which pods went and came, of the last ones. */
  gone: number[];
  came: number[];
  /** Its sum at the tick before; NaN where there was none. */
  last: number;
  /** Made of more than one series, or of one that goes with its pod. */
  ephemeral: boolean;
  /** Where its value is; -1 while it is left out. */
  index: number;
  memory: SignalMemory | null;
}

/** Decayed counts of a histogram's buckets, in requests. */
export interface SignalMemory {
  readonly bounds: Float64Array;
  readonly counts: Float64Array;
}

export const KIND = { sum: 0, mean: 1, max: 2, ratio: 3, quantile: 4, residual: 5 } as const;

/**
 * All signals in flat lists, so that a tick is a walk over numbers. Entry j of `slots` is a source of the signal whose
 * range `offsets[s]` to `offsets[s + 1]` holds j; `places` says what it is there: 1 numerator, 2 denominator, 3 both
 * for ratios, the number of the bucket for quantiles.
 */
export interface CompiledSignals {
  readonly entries: readonly SignalEntry[];
  readonly kinds: Uint8Array;
  readonly offsets: Int32Array;
  readonly slots: Int32Array;
  readonly places: Int32Array;
  /** For quantiles which; for ratios the smallest denominator, in requests per tick. */
  readonly parameters: Float64Array;
  /** Every slot that any signal needs, once. */
  readonly used: Int32Array;
}

/** Of fewer requests per tick a share is taken as of ten: one failure of two is no 50 % outage. A mean is a mean. */
const PARAMETERS: Readonly<Record<string, number>> = { p50: 0.5, p99: 0.99, error_ratio: 10, mean: 0 };
const ROLE = { numerator: 1, value: 2, both: 3 } as const;

export function compileSignals(entries: readonly SignalEntry[]): CompiledSignals {
  const total = entries.reduce((sum, { slots }) => sum + slots.size, 0);
  const kinds = new Uint8Array(entries.length);
  const offsets = new Int32Array(entries.length + 1);
  const slots = new Int32Array(total);
  const places = new Int32Array(total);
  const parameters = new Float64Array(entries.length);
  const used = new Set<number>();
  let next = 0;
  entries.forEach((entry, s) => {
    kinds[s] = KIND[entry.part.aggregation];
    parameters[s] = PARAMETERS[entry.part.suffix] ?? NaN;
    const buckets = entry.part.aggregation === 'quantile' ? bucketsOf(entry) : null;
    for (const [slot, { role, bound }] of entry.slots) {
      used.add(slot);
      slots[next] = slot;
      places[next] = buckets === null ? ROLE[role] : buckets.get(bound)!;
      next += 1;
    }
    offsets[s + 1] = next;
  });
  return { entries, kinds, offsets, slots, places, parameters, used: Int32Array.from(used).sort() };
}

/** Number of each bound; the memory is made anew where the bounds are others than before. */
function bucketsOf(entry: SignalEntry): Map<number, number> {
  const bounds = Float64Array.from(new Set([...entry.slots.values()].map(({ bound }) => bound))).sort();
  const known = entry.memory?.bounds;
  const same = known?.length === bounds.length && known.every((bound, i) => bound === bounds[i]);
  if (!same) entry.memory = { bounds, counts: new Float64Array(bounds.length) };
  return new Map(Array.from(bounds, (bound, i) => [bound, i]));
}
