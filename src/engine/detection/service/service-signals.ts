import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import { minimumDeviation } from '../minimum-deviation.js';
import { exclusionReason } from '../series-selection.js';
import {
  createResidualState,
  rearrangeResidualState,
  restoreResidualState,
  serialiseResidualState,
  type ResidualState,
} from './residual-state.js';
import { SignalPlanner, type SignalChanges, type SignalSource } from './signal-planner.js';
import { RESIDUAL_METRIC, type ServiceSignal, type SignalOptions } from './signals.types.js';
import {
  createResidualWork,
  DEFAULT_RESIDUAL_SETTINGS,
  updateResidual,
  type ResidualSettings,
  type SignalWeights,
} from './update-residual.js';

/** A signal's share in what is unusual about its service. */
export interface ResidualContribution {
  readonly signal: ServiceSignal;
  /** 0 to 1; the shares of a service add up to 1. */
  readonly share: number;
}

/** How a service's signals move together, as bytes to be stored under the service's key. */
export interface StoredResidual {
  readonly serviceKey: string;
  readonly signals: readonly string[];
  readonly state: Uint8Array;
}

interface ServiceModel {
  readonly key: string;
  /** Index of the residual among the signals. */
  index: number;
  members: Int32Array;
  /** Names of the members, in their order, by which a state is rearranged. */
  names: readonly string[];
  state: ResidualState;
  /** In calm ticks, and while pods come and go. */
  weights: { readonly settled: SignalWeights; readonly changing: SignalWeights };
  values: Float64Array;
  contributions: Float64Array;
}

/** Fewer signals than this cannot tell how they move together. */
const FEWEST_SIGNALS = 4;
/** For so many ticks after a pod came or went, sums over pods are estimates, with errors so many times the usual ones. */
const CHANGING_TICKS = 4;
const DOUBT = 3;
/** Models of services that are gone and may come back; of more, those that went first are forgotten. */
export const MOST_REMEMBERED = 500;

/**
 * All signals of all services, one of them for each service the residual of a streaming robust PCA over the others.
 * What comes out of `evaluate` is scored like any series, so a service is judged as a whole and not pod by pod.
 */
export class ServiceSignals {
  private readonly planner: SignalPlanner;
  private readonly models = new Map<string, ServiceModel>();
  private readonly byIndex = new Map<number, ServiceModel>();
  private readonly stored = new Map<string, StoredResidual>();
  private readonly work = createResidualWork();
  /** By metric, whether it says something about how a service does. */
  private readonly telling = new Map<string, boolean>();
  private started: number[] = [];
  private ended: number[] = [];

  constructor(
    options: SignalOptions = {},
    private readonly settings: ResidualSettings = DEFAULT_RESIDUAL_SETTINGS,
  ) {
    this.planner = new SignalPlanner(options);
  }

  /** By index; null where there is none. */
  get signals(): readonly (ServiceSignal | null)[] {
    return this.planner.signals;
  }

  /** Signals that there would be but for the limits. */
  get leftOut(): number {
    return this.planner.leftOut;
  }

  /** True where the series is part of a signal. */
  add(slot: number, source: SignalSource): boolean {
    return this.planner.add(slot, source);
  }

  remove(slot: number): void {
    this.planner.remove(slot);
  }

  isCovered(slot: number): boolean {
    return this.planner.isCovered(slot);
  }

  /** Signals that came and went since the last call. An index may be given to another signal at once: end, then start. */
  takeChanges(): SignalChanges {
    this.settle();
    const changes = { started: this.started, ended: this.ended };
    this.started = [];
    this.ended = [];
    return changes;
  }

  /**
   * Values of all signals at the next tick, by index; NaN where nothing is known. To be called once per tick.
   *
   * @param values by slot: rates per second of counters and buckets, values of gauges
   * @param learn false while the environment is known not to be normal
   */
  evaluate(values: Float64Array, out?: Float64Array, learn = true): Float64Array {
    this.settle();
    const into = this.planner.evaluate(values, out);
    for (const model of this.models.values()) {
      const { members, state, contributions, weights } = model;
      for (let j = 0; j < members.length; j += 1) model.values[j] = into[members[j]!]!;
      const changing = this.planner.ticksSinceChange(model.key) <= CHANGING_TICKS;
      const known = changing ? weights.changing : weights.settled;
      into[model.index] = updateResidual(state, model.values, contributions, this.work, this.settings, learn, known);
    }
    return into;
  }

  /** Who made the residual at this index what it is at the present tick, greatest first; empty for other signals. */
  contributionsOf(index: number, most = 5): readonly ResidualContribution[] {
    const model = this.byIndex.get(index);
    if (model === undefined) return [];
    return Array.from(model.members, (member, j) => ({
      signal: this.signals[member]!,
      share: model.contributions[j]!,
    }))
      .filter(({ share }) => share > 0.01)
      .sort((a, b) => b.share - a.share)
      .slice(0, most);
  }

  /** Models of services that are not there now. */
  get remembered(): number {
    return this.stored.size;
  }

  serialise(): readonly StoredResidual[] {
    return [...this.models.values()].map(({ key, names, state }) => ({
      serviceKey: key,
      signals: names,
      state: serialiseResidualState(state),
    }));
  }

  /** What was learned before; services take it up when their signals are there. */
  restore(stored: readonly StoredResidual[]): void {
    for (const each of stored) this.stored.set(each.serviceKey, each);
  }

  private settle(): void {
    const { started, ended } = this.planner.takeChanges();
    this.started.push(...started);
    this.ended.push(...ended);
    if (started.length + ended.length === 0) return;
    const members = new Map<string, number[]>();
    this.signals.forEach((signal, index) => {
      if (signal === null || signal.aggregation === 'residual' || !this.isTelling(signal)) return;
      const own = members.get(signal.serviceKey);
      if (own === undefined) members.set(signal.serviceKey, [index]);
      else own.push(index);
    });
    for (const model of this.models.values()) {
      if ((members.get(model.key)?.length ?? 0) < FEWEST_SIGNALS) this.drop(model);
    }
    for (const [key, own] of members) if (own.length >= FEWEST_SIGNALS) this.arrange(key, own);
    const own = this.planner.takeChanges();
    this.started.push(...own.started);
    this.ended.push(...own.ended);
  }

  /** What is not scored by itself, because it follows every scaling and rollout, is nothing unusual in a service either. */
  private isTelling({ metric, metricType }: ServiceSignal): boolean {
    const known = this.telling.get(metric);
    if (known !== undefined) return known;
    const labels = { [METRIC_NAME_LABEL]: metric };
    const telling = exclusionReason({ labels, metricType, derivedFrom: null }) === null;
    this.telling.set(metric, telling);
    return telling;
  }

  private drop(model: ServiceModel): void {
    this.stored.set(model.key, {
      serviceKey: model.key,
      signals: model.names,
      state: serialiseResidualState(model.state),
    });
    if (this.stored.size > MOST_REMEMBERED) this.stored.delete(this.stored.keys().next().value!);
    this.planner.giveUp(model.index);
    this.byIndex.delete(model.index);
    this.models.delete(model.key);
  }

  private arrange(key: string, unsorted: readonly number[]): void {
    const named = unsorted.map((index) => ({ index, name: nameOf(this.signals[index]!.labels) }));
    named.sort((a, b) => (a.name < b.name ? -1 : 1));
    const names = named.map(({ name }) => name);
    const members = Int32Array.from(named, ({ index }) => index);
    const model = this.models.get(key);
    if (model !== undefined && sameNames(model.names, names)) {
      model.members = members;
      return;
    }
    const before = model ?? this.takeRemembered(key);
    const state =
      before === null
        ? createResidualState(names.length)
        : rearrangeResidualState(before.state, placesOf(before.names, names));
    const next = {
      members,
      names,
      state,
      weights: weightsOf(members, this.signals),
      values: new Float64Array(names.length),
      contributions: new Float64Array(names.length),
    };
    if (model !== undefined) {
      Object.assign(model, next);
      return;
    }
    const added = { key, index: this.planner.claim(residualSignal(this.signals[members[0]!]!)), ...next };
    this.models.set(key, added);
    this.byIndex.set(added.index, added);
  }

  private takeRemembered(key: string): { readonly names: readonly string[]; readonly state: ResidualState } | null {
    const stored = this.stored.get(key);
    if (stored === undefined) return null;
    this.stored.delete(key);
    const state = restoreResidualState(stored.state);
    return state === null || state.signals !== stored.signals.length ? null : { names: stored.signals, state };
  }
}

function weightsOf(members: Int32Array, signals: readonly (ServiceSignal | null)[]): ServiceModel['weights'] {
  const least = Float64Array.from(members, (member) => minimumDeviation(signals[member]!.labels, 'raw'));
  const doubt = Float64Array.from(members, (member) => (signals[member]!.aggregation === 'sum' ? DOUBT : 1));
  return { settled: { least, doubt: null }, changing: { least, doubt } };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

function placesOf(before: readonly string[], names: readonly string[]): Int32Array {
  const places = new Map(before.map((name, i) => [name, i]));
  return Int32Array.from(names, (name) => places.get(name) ?? -1);
}

/** Unique within the service. */
function nameOf(labels: Labels): string {
  const { service: _s, namespace: _n, cluster: _c, [METRIC_NAME_LABEL]: name, ...split } = labels;
  return [name, ...Object.values(split)].join('|');
}

function residualSignal({ labels, serviceKey }: ServiceSignal): ServiceSignal {
  const { service, namespace, cluster } = labels;
  return {
    labels: {
      [METRIC_NAME_LABEL]: RESIDUAL_METRIC,
      ...(cluster === undefined ? {} : { cluster }),
      ...(namespace === undefined ? {} : { namespace }),
      service: service!,
    },
    metricType: 'gauge',
    metric: RESIDUAL_METRIC,
    aggregation: 'residual',
    serviceKey,
    query: `${RESIDUAL_METRIC}{service=${JSON.stringify(service)}}`,
    recorded: true,
  };
}
