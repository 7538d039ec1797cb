import {
  createCallGraph,
  forgetCalls,
  learnCalls,
  type CallGraph,
} from '../../../engine/detection/groups/call-graph.js';
import { NO_CARRY, resample, type ResampleCarry, type TickGrid } from '../../../engine/detection/resample.js';
import { ServiceSignals } from '../../../engine/detection/service/service-signals.js';
import type { ServiceSignal } from '../../../engine/detection/service/signals.types.js';
import { scoredUnit, type ScoredUnit } from '../../../engine/detection/series-unit.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { SampleWindow } from '../../../kernel/time-series.js';
import type { Series } from '../../telemetry/index.js';

interface Source {
  readonly slot: number;
  readonly unit: ScoredUnit;
  carry: ResampleCarry;
}

/** Hears the value of each signal at each tick, in event-time order. */
export type SignalVisitor = (at: EpochMs, values: Float64Array, signals: ServiceSignals) => void;

/** What a worker remembers of the signals of one environment. All of it can be rebuilt from the database. */
export class EnvironmentSignals {
  readonly signals: ServiceSignals;
  /** Id in telemetry of each recorded signal, by its index. */
  readonly recordedIds = new Map<number, number>();
  readonly calls: CallGraph = createCallGraph();
  /** True when calls were learned or forgotten that nobody has stored. */
  callsChanged = false;
  /** Event time at which the list of series was last read. */
  sourcesReadAt: EpochMs = -Infinity;
  private readonly sources = new Map<number, Source>();
  private readonly known = new Set<number>();
  private readonly freeSlots: number[] = [];
  private slots = 0;

  constructor(
    readonly tickMs: number,
    public cursor: EpochMs,
    maximumPerService: number,
  ) {
    this.signals = new ServiceSignals({ stepSeconds: tickMs / 1000, maximumPerService });
  }

  /** Ids of the series that signals are made of. */
  get sourceIds(): number[] {
    return [...this.sources.keys()];
  }

  /** The series of the environment as they are now: what is new joins its signals, what is gone or ended leaves them. */
  updateSources(series: readonly Series[]): void {
    const present = new Set<number>();
    const { changes } = this.calls;
    for (const one of series) {
      if (one.derivedFrom !== null || one.endedAt !== null) continue;
      present.add(one.id);
      learnCalls(this.calls, one.labels, this.cursor);
      if (!this.known.has(one.id)) this.addSource(one);
    }
    for (const id of this.known) if (!present.has(id)) this.removeSource(id);
    forgetCalls(this.calls, this.cursor);
    if (this.calls.changes !== changes) this.callsChanged = true;
  }

  /**
   * Advances the signals over the ticks from the cursor to `until`.
   *
   * @param learn whether the tick at this time is to be learned from: not where it was already
   */
  advance(
    samples: ReadonlyMap<number, SampleWindow>,
    until: EpochMs,
    learn: (at: EpochMs) => boolean,
    visit: SignalVisitor,
  ): void {
    const { tickMs } = this;
    const count = (until - this.cursor) / tickMs;
    const grid: TickGrid = { first: this.cursor + tickMs, stepMs: tickMs, count };
    const columns: (readonly [slot: number, values: Float64Array])[] = [];
    for (const [id, source] of this.sources) {
      const { values, carry } = resample(samples.get(id), grid, source.unit, source.carry);
      source.carry = carry;
      columns.push([source.slot, values]);
    }
    const row = new Float64Array(this.slots);
    let out: Float64Array | undefined;
    for (let tick = 0; tick < count; tick += 1) {
      row.fill(NaN);
      for (const [slot, values] of columns) row[slot] = values[tick]!;
      const at = grid.first + tick * tickMs;
      out = this.signals.evaluate(row, out, learn(at));
      visit(at, out, this.signals);
    }
    this.cursor = until;
  }

  /** Signals that are recorded and not yet known to telemetry, by index. */
  unrecorded(): (readonly [index: number, signal: ServiceSignal])[] {
    return this.signals.signals.flatMap((signal, index) =>
      signal?.recorded === true && !this.recordedIds.has(index) ? [[index, signal] as const] : [],
    );
  }

  private addSource(series: Series): void {
    this.known.add(series.id);
    const slot = this.freeSlots.pop() ?? this.slots;
    if (!this.signals.add(slot, series)) {
      if (slot < this.slots) this.freeSlots.push(slot);
      return;
    }
    this.slots = Math.max(this.slots, slot + 1);
    this.sources.set(series.id, { slot, unit: scoredUnit(series.labels, series.metricType), carry: NO_CARRY });
  }

  private removeSource(id: number): void {
    this.known.delete(id);
    const source = this.sources.get(id);
    if (!source) return;
    this.sources.delete(id);
    this.signals.remove(source.slot);
    this.freeSlots.push(source.slot);
  }
}
