/** Epoch milliseconds, UTC. All event times in the product are in this unit. */
export type EpochMs = number;

/** Injected wherever wall-clock time is needed, so that tests own time. Engines take times as arguments instead. */
export abstract class Clock {
  abstract now(): EpochMs;
}

export class SystemClock extends Clock {
  override now(): EpochMs {
    return Date.now();
  }
}
