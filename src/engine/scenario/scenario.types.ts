import type { HorizontalPodAutoscaler } from '../scaling/hpa/hpa.types.js';
import type { ScaledObject } from '../scaling/keda/scaled-object.types.js';
import type { EpochMs } from '../../kernel/clock.js';
import type { ServiceSpec, StoreSpec } from './component.types.js';
import type { ExpectationSpec } from './expectation.types.js';
import type { FaultSpec } from './fault.types.js';
import type { EntryPointSpec } from './load.types.js';
import type { PlatformSpec } from './platform.types.js';

/**
 * A scenario after parsing: defaults filled in, names checked, units fixed. Durations are seconds, CPU is cores,
 * memory and disk are bytes, shares are 0 to 1, money is US dollars, rates are per second; `at` counts seconds from
 * the start of the run. What a user writes (YAML, `10m`, `500m`, `2Gi`) is the business of the parser.
 */
export interface Scenario {
  /** Version of the language, the value of `dsim:`. */
  readonly version: 1;
  /** Lower case words joined by hyphens; names the run's files. */
  readonly name: string;
  readonly title: string;
  /** What the scenario teaches: a paragraph. */
  readonly teaches: string;
  /** Event time of the first step. */
  readonly start: EpochMs;
  /** Seconds. */
  readonly duration: number;
  readonly seed: number;
  /** IANA name; daily and weekly seasons follow its wall clock. */
  readonly timeZone: string;
  readonly telemetry: TelemetrySpec;
  readonly platform: PlatformSpec;
  readonly services: readonly ServiceSpec[];
  readonly stores: readonly StoreSpec[];
  readonly load: readonly EntryPointSpec[];
  readonly autoscalers: readonly AutoscalerSpec[];
  readonly faults: readonly FaultSpec[];
  readonly changes: readonly ChangeSpec[];
  readonly slos: readonly SloSpec[];
  readonly expect: readonly ExpectationSpec[];
  /** What is written but has no effect in the simulation. Nothing is wrong with it; absent or empty: nothing. */
  readonly notes?: readonly ScenarioNote[];
}

/** A part of a scenario without effect: where it stands (`line` and `column` from 1, 0 without text), and why. */
export interface ScenarioNote {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** In the scenario: `kubernetes[0].spec.minReadySeconds`. */
  readonly path: string;
  readonly message: string;
}

export interface TelemetrySpec {
  /** Seconds between scrapes, whole, at least 1; default 15. */
  readonly scrapeInterval: number;
  /** Upper bounds of request duration buckets, seconds, ascending, without +Inf. */
  readonly durationBuckets: readonly number[];
  /** Label `namespace` of workloads; default `default`. */
  readonly namespace: string;
  /** Share of requests that write a log line; errors always do. Default 0.001. */
  readonly logSampleRatio: number;
}

/** A user's own Kubernetes object, unchanged, bound to a service of the scenario and to its clusters. */
export type AutoscalerSpec =
  | {
      readonly kind: 'hpa';
      readonly service: string;
      readonly clusters: readonly string[];
      readonly object: HorizontalPodAutoscaler;
      readonly signals: SignalBindings;
    }
  | {
      readonly kind: 'keda';
      readonly service: string;
      readonly clusters: readonly string[];
      readonly object: ScaledObject;
      readonly signals: SignalBindings;
    };

/** Where a metric name or a query of an autoscaler finds its value: by metric name, query text or URL. */
export type SignalBindings = Readonly<Record<string, SignalSpec>>;

/** A number that the simulated fleet has at any time. */
export type SignalSpec =
  | {
      readonly signal: 'request-rate' | 'request-rate-per-pod' | 'in-flight-per-pod' | 'latency-p99' | 'error-ratio';
      readonly service: string;
    }
  | { readonly signal: 'consumer-lag'; readonly queue: string }
  | { readonly signal: 'constant'; readonly value: number };

/** A planned change: what people and pipelines do to the fleet during the run, and what the API does by hand. */
export type ChangeSpec = { readonly at: number } & Change;

export type Change =
  | { readonly kind: 'deploy'; readonly service: string; readonly version: string; readonly effects: VersionEffects }
  /** Where `from` is given: only if that version is what was asked for last, to the one before it. */
  | { readonly kind: 'rollback'; readonly service: string; readonly from?: string }
  | { readonly kind: 'scale'; readonly service: string; readonly replicas: number }
  | { readonly kind: 'restart'; readonly service: string }
  /** Multiplies the load of an entry point (all of them where none is named) from then on. */
  | { readonly kind: 'load'; readonly entryPoint: string | null; readonly factor: number }
  /** Share of users sent to each cluster, as load balancer or DNS weights; takes effect over the entry's DNS TTL. */
  | { readonly kind: 'traffic'; readonly entryPoint: string | null; readonly weights: Readonly<Record<string, number>> }
  /** Traffic weight of the new version during a canary, or the switch of blue-green. */
  | { readonly kind: 'promote' | 'abort'; readonly service: string }
  /** Fails a database over to a replica, as an operator would. */
  | { readonly kind: 'failover'; readonly store: string };

/** How a version differs from the one before it. All neutral by default: a good deploy. */
export interface VersionEffects {
  /** Share of requests that fail with 500, added. */
  readonly errorRatio: number;
  /** Work per request, times. */
  readonly latencyFactor: number;
  /** CPU per request, times. */
  readonly cpuFactor: number;
  /** Bytes that each request leaks. */
  readonly leakPerRequest: number;
  /** The process exits this many seconds after its start; 0: it does not. */
  readonly crashAfter: number;
  /** The pods never become ready. */
  readonly neverReady: boolean;
  /** No registry has the image, so that the pods never start; absent: one has. */
  readonly imageMissing?: boolean;
}

/** What users are promised at an entry point; harm is measured against it. */
export interface SloSpec {
  readonly name: string;
  readonly entryPoint: string;
  /** Share of requests that must be good, for example 0.999. */
  readonly objective: number;
  /** A request is good only if it was answered without error within this many seconds; Infinity: errors count alone. */
  readonly latency: number;
}
