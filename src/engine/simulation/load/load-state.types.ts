import type { RandomStream } from '../random/random.js';

/** What the load remembers between steps. Plain data. */
export interface LoadState {
  /** In the order of the scenario's entry points. */
  readonly entries: EntryLoadState[];
}

export interface EntryLoadState {
  /** Product of the load changes so far. */
  factor: number;
  /** By position of the part; null for parts that remember nothing. */
  readonly parts: (NoiseState | BurstState | null)[];
}

export interface NoiseState {
  readonly stream: RandomStream;
  /** The autoregressive process, standard normal. */
  value: number;
}

/** Seconds from the start of the run. */
export interface BurstState {
  readonly stream: RandomStream;
  nextAt: number;
  endsAt: number;
}
