import type { Labels, MetricType } from '../../../kernel/time-series.js';

/** How a signal is made of its sources. `ratio` divides one sum by another; `quantile` interpolates in a
 * histogram; `residual` tells how far the signals of a service are from how they usually move together. */
export type Aggregation = 'sum' | 'mean' | 'max' | 'ratio' | 'quantile' | 'residual';

/** One series of a service, made of the series of its pods, as a Prometheus recording rule would make it. */
export interface ServiceSignal {
  /** `service:<metric>:<aggregation>` as `__name__`, `service`, and `namespace` and `cluster` where they are known. */
  readonly labels: Labels;
  /** Always a gauge: counters are summed as rates. */
  readonly metricType: MetricType;
  /** The metric it is made of, without `_bucket`. */
  readonly metric: string;
  readonly aggregation: Aggregation;
  /** Same for all signals of a service. */
  readonly serviceKey: string;
  /** PromQL that gives the same, but for the window of `rate`: what a person would ask. */
  readonly query: string;
  /**
   * False where its only source is a series that lives as long as the service does: scoring both would say everything
   * twice. It still counts for the residual of the service.
   */
  readonly recorded: boolean;
}

export interface SignalOptions {
  /** Most signals of a service; the rest is left out, least telling first. Default 40. */
  readonly maximumPerService?: number;
  /** Most signals of all services together. Default 20,000. */
  readonly maximumSignals?: number;
  /** Seconds between two points; turns rates into numbers of requests. Default 15. */
  readonly stepSeconds?: number;
}

/** Name of the series that tells how far a service is from how its signals usually move together. */
export const RESIDUAL_METRIC = 'service:multivariate:residual';
/** Name of the series that tell each signal's share in it, with the label `signal`; recorded while it is beyond 1. */
export const SHARE_METRIC = 'service:multivariate:share';
