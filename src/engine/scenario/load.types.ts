import type { CallSpec } from './component.types.js';

/** Where users come in: an open stream of arrivals at one operation of one service. */
export interface EntryPointSpec {
  readonly name: string;
  readonly service: string;
  readonly operation: string;
  /** Mean arrivals per second before the parts below. */
  readonly rate: number;
  /** Multiplied, in order, except replay, which replaces `rate`. */
  readonly parts: readonly LoadPartSpec[];
  /** What a user does: patience and tries again. */
  readonly client: Pick<CallSpec, 'timeout' | 'retries'>;
  /** Share of users per cluster, summing to 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** Seconds over which changed weights reach users; a cluster that has failed its health checks is left as fast. */
  readonly dnsTtl: number;
}

/** `at` and the lengths count seconds from the start of the run. */
export type LoadPartSpec =
  /**
   * One cycle a day, lowest at `peak` + 12 h: factor from 1 - amplitude to 1 + amplitude. `peak` is an hour, 0 to 24.
   * `sharpness` 1 is a cosine; above 1 the peak is narrower and the night longer, below 1 the other way round.
   */
  | { readonly kind: 'daily'; readonly amplitude: number; readonly peak: number; readonly sharpness: number }
  /** A factor per day of the week, Monday first. */
  | { readonly kind: 'weekly'; readonly days: readonly number[] }
  /** Grows by this share per day, compounded. */
  | { readonly kind: 'trend'; readonly perDay: number }
  /** Log-normal factor of mean 1: first-order autoregressive with standard deviation `cv` and correlation time in seconds. */
  | { readonly kind: 'noise'; readonly cv: number; readonly correlation: number }
  /** Bursts at random times: so many a day on average, each a factor for some seconds. */
  | { readonly kind: 'bursts'; readonly perDay: number; readonly factor: number; readonly duration: number }
  /** Rises over `rise`, holds, and decays with time constant `decay`. */
  | {
      readonly kind: 'flash-crowd';
      readonly at: number;
      readonly factor: number;
      readonly rise: number;
      readonly hold: number;
      readonly decay: number;
    }
  /** From one factor to another, linearly, and then stays. */
  | {
      readonly kind: 'ramp';
      readonly at: number;
      readonly duration: number;
      readonly from: number;
      readonly to: number;
    }
  /** A recorded series: seconds from start and arrivals per second, linear between points; starts over at its end where `repeat`. */
  | {
      readonly kind: 'replay';
      readonly times: readonly number[];
      readonly values: readonly number[];
      readonly repeat: boolean;
    };
