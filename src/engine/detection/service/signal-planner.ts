import type { Labels, MetricType } from '../../../kernel/time-series.js';
import { classifySource, type ClassifiedSource, type SignalPart } from './classify-source.js';
import { compileSignals, type CompiledSignals, type SignalEntry } from './compile-signals.js';
import { evaluateSignals } from './evaluate-signals.js';
import { recentOf } from './replaced-pods.js';
import { serviceLabels } from './service-name.js';
import { SourceMemory } from './source-memory.js';
import { queryOf } from './signal-query.js';
import { weightOf } from './signal-rules.js';
import type { ServiceSignal, SignalOptions } from './signals.types.js';

/** A series that signals may be made of. */
export interface SignalSource {
  readonly labels: Labels;
  readonly metricType: MetricType;
}

/** Signals that came and went since the last look, by index. */
export interface SignalChanges {
  readonly started: readonly number[];
  readonly ended: readonly number[];
}

export const DEFAULT_SIGNAL_OPTIONS: Required<SignalOptions> = {
  maximumPerService: 40,
  maximumSignals: 20_000,
  stepSeconds: 15,
};

/**
 * Keeps the signals of all services while series come and go, and makes a value of each of them per tick. A series is
 * known by its slot, a small number that the caller gives; a signal by its index, which it keeps while it lives.
 *
 * The cost of a tick is one pass over the sources: about 10 ns each. Series that come or go cost their classification
 * and, once per tick, a rebuild of the index lists.
 */
export class SignalPlanner {
  /** By index; null: free, to be used again. */
  readonly signals: (ServiceSignal | null)[] = [];
  private readonly options: Required<SignalOptions>;
  private readonly sources = new Map<number, readonly SignalEntry[]>();
  private readonly byKey = new Map<string, SignalEntry>();
  private readonly byService = new Map<string, Set<SignalEntry>>();
  private readonly touched = new Set<string>();
  private readonly free: number[] = [];
  /** By service: tick at which a pod of it came or went last. */
  private readonly changed = new Map<string, number>();
  private readonly leftOutOf = new Map<string, number>();
  private active = 0;
  private tick = 0;
  private started: number[] = [];
  private ended: number[] = [];
  private readonly memory = new SourceMemory();
  private compiled: CompiledSignals | null = null;

  constructor(options: SignalOptions = {}) {
    this.options = { ...DEFAULT_SIGNAL_OPTIONS, ...options };
  }

  /** Signals that there would be but for the limits. */
  get leftOut(): number {
    let sum = 0;
    for (const count of this.leftOutOf.values()) sum += count;
    return sum;
  }

  /** True where the series is part of a signal. */
  add(slot: number, { labels, metricType }: SignalSource): boolean {
    this.remove(slot);
    const classified = classifySource(labels, metricType);
    if (classified === null) return false;
    const entries = classified.parts.map((part) => this.join(slot, classified, part));
    this.sources.set(slot, entries);
    this.memory.forget(slot);
    this.compiled = null;
    return true;
  }

  remove(slot: number): void {
    const entries = this.sources.get(slot);
    if (entries === undefined) return;
    this.sources.delete(slot);
    this.compiled = null;
    for (const entry of entries) {
      this.touched.add(entry.serviceKey);
      if (leave(entry, slot, this.tick)) this.changed.set(entry.serviceKey, this.tick);
      if (entry.slots.size === 0) this.forget(entry);
    }
  }

  /** Whether a series of this slot is part of a signal that is recorded, which then says all that it could say. */
  isCovered(slot: number): boolean {
    this.settle();
    const entries = this.sources.get(slot);
    return entries !== undefined && entries.some(({ index, ephemeral }) => index >= 0 && ephemeral);
  }

  /** What came and went since the last call. */
  takeChanges(): SignalChanges {
    this.settle();
    const changes = { started: this.started, ended: this.ended };
    this.started = [];
    this.ended = [];
    return changes;
  }

  /**
   * The value of every signal, by index; NaN where nothing is known. Advances what is remembered of the sources: call
   * it once per tick.
   *
   * @param values by slot: rates per second of counters and buckets, values of gauges; NaN where nothing was observed
   * @param out reused where it is long enough
   */
  evaluate(values: Float64Array, out?: Float64Array): Float64Array {
    this.settle();
    const into = out !== undefined && out.length >= this.signals.length ? out : new Float64Array(this.signals.length);
    this.compiled ??= compileSignals([...this.byKey.values()].filter(({ index }) => index >= 0));
    this.memory.take(values, this.compiled.used);
    evaluateSignals(this.compiled, this.memory, into, this.options.stepSeconds, this.tick);
    this.tick += 1;
    return into;
  }

  /** Ticks since a pod of the service came or went; Infinity where none ever did. To be asked after `evaluate`. */
  ticksSinceChange(serviceKey: string): number {
    return this.tick - 1 - (this.changed.get(serviceKey) ?? -Infinity);
  }

  /** An index for a signal that is made of others. */
  claim(signal: ServiceSignal): number {
    const index = this.free.pop() ?? this.signals.length;
    this.signals[index] = signal;
    this.started.push(index);
    return index;
  }

  giveUp(index: number): void {
    this.signals[index] = null;
    this.ended.push(index);
    this.free.push(index);
  }

  private join(slot: number, { service, serviceKey, ephemeral, pod }: ClassifiedSource, part: SignalPart): SignalEntry {
    const split = Object.entries(part.split)
      .map(([label, value]) => `${label}=${value}`)
      .join(',');
    const key = `${serviceKey}\u0000${part.metric}\u0000${part.suffix}\u0000${split}`;
    let entry = this.byKey.get(key);
    if (entry === undefined) {
      const labels = { ...serviceLabels(service), ...part.split };
      entry = {
        key,
        serviceKey,
        part,
        labels: { __name__: `service:${part.metric}:${part.suffix}`, ...labels },
        query: queryOf(part, labels),
        weight: weightOf(part.metric, part.suffix),
        slots: new Map(),
        pods: new Map(),
        gone: [],
        came: [],
        last: NaN,
        ephemeral: false,
        index: -1,
        memory: null,
      };
      this.byKey.set(key, entry);
      const own = this.byService.get(serviceKey);
      if (own === undefined) this.byService.set(serviceKey, new Set([entry]));
      else own.add(entry);
    }
    entry.slots.set(slot, { role: part.role, bound: part.bound, pod });
    const ofPod = entry.pods.get(pod) ?? 0;
    entry.pods.set(pod, ofPod + 1);
    if (ofPod === 0) {
      entry.came = [...recentOf(entry.came, this.tick), this.tick];
      this.changed.set(serviceKey, this.tick);
    }
    entry.ephemeral ||= ephemeral || entry.slots.size > 1;
    this.touched.add(serviceKey);
    return entry;
  }

  private forget(entry: SignalEntry): void {
    this.byKey.delete(entry.key);
    const own = this.byService.get(entry.serviceKey)!;
    own.delete(entry);
    if (own.size === 0) {
      this.byService.delete(entry.serviceKey);
      this.changed.delete(entry.serviceKey);
    }
    this.release(entry);
  }

  private release(entry: SignalEntry): void {
    if (entry.index < 0) return;
    this.giveUp(entry.index);
    entry.index = -1;
    this.active -= 1;
  }

  /** Chooses the signals of the services that changed. Of too many the most telling stay, in an order of their own. */
  private settle(): void {
    if (this.touched.size === 0) return;
    this.compiled = null;
    for (const key of this.touched) {
      const own = [...(this.byService.get(key) ?? [])].filter(isComplete);
      own.sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
      const chosen = new Set(own.slice(0, this.options.maximumPerService));
      for (const entry of this.byService.get(key) ?? []) if (!chosen.has(entry)) this.release(entry);
      for (const entry of chosen) this.choose(entry);
      const leftOut = own.reduce((count, { index }) => count + (index < 0 ? 1 : 0), 0);
      if (leftOut === 0) this.leftOutOf.delete(key);
      else this.leftOutOf.set(key, leftOut);
    }
    this.touched.clear();
  }

  private choose(entry: SignalEntry): void {
    if (entry.index < 0) {
      if (this.active >= this.options.maximumSignals) return;
      entry.index = this.claim(signalOf(entry));
      this.active += 1;
    } else {
      this.signals[entry.index] = signalOf(entry);
    }
  }
}

/** True where it was the last source of its pod. */
function leave(entry: SignalEntry, slot: number, tick: number): boolean {
  const { pod } = entry.slots.get(slot)!;
  entry.slots.delete(slot);
  const left = entry.pods.get(pod)! - 1;
  if (left > 0) {
    entry.pods.set(pod, left);
    return false;
  }
  entry.pods.delete(pod);
  entry.gone = [...recentOf(entry.gone, tick), tick];
  return true;
}

function signalOf({ labels, part, serviceKey, query, ephemeral }: SignalEntry): ServiceSignal {
  return {
    labels,
    metricType: 'gauge',
    metric: part.metric,
    aggregation: part.aggregation,
    serviceKey,
    query,
    recorded: ephemeral || part.aggregation === 'ratio' || part.aggregation === 'quantile',
  };
}

/** A ratio needs something above and below the line; a greatest of one is the mean; a histogram needs its last bucket. */
function isComplete({ part, slots }: SignalEntry): boolean {
  if (part.aggregation === 'max') return slots.size > 1;
  if (part.aggregation === 'ratio') {
    const above = [...slots.values()].some(({ role }) => role !== 'value');
    // A service that never failed has an error ratio too: 0.
    return part.suffix === 'error_ratio' || (above && [...slots.values()].some(({ role }) => role !== 'numerator'));
  }
  if (part.aggregation === 'quantile')
    return slots.size > 1 && [...slots.values()].some(({ bound }) => bound === Infinity);
  return true;
}
