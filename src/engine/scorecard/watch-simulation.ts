import { stepSimulation } from '../simulation/simulation.js';
import type { Simulation } from '../simulation/simulation.types.js';
import type { ScrapeFrame } from '../simulation/telemetry/telemetry.types.js';
import type { Watcher } from './watcher.js';

/** What a caller of long work may know and do. */
export interface WorkHooks {
  /** Called now and then with simulated seconds. */
  readonly progress?: (done: number, total: number) => void;
  /** Looked at after every scrape; the work then throws `AbortedError`. */
  readonly signal?: { readonly aborted: boolean };
  /** Awaited now and then, so that a server can do something else meanwhile. */
  readonly breathe?: () => Promise<void>;
}

export class AbortedError extends Error {
  constructor() {
    super('The work was broken off.');
    this.name = 'AbortedError';
  }
}

/** Scrapes between two breaths. */
const BREATH = 20;

/**
 * Simulates until a step, under the eyes of all watchers.
 *
 * @param eachScrape called after every scrape, when all have seen it
 */
export async function watchSimulation(
  simulation: Simulation,
  watchers: readonly Watcher[],
  until: number,
  hooks: WorkHooks = {},
  eachScrape?: (frame: ScrapeFrame) => void,
): Promise<void> {
  let frame: ScrapeFrame | null = null;
  let scrapes = 0;
  const sink = { scrape: (scraped: ScrapeFrame) => void (frame = scraped) };
  while (simulation.state.step < until) {
    stepSimulation(simulation, sink);
    if (frame === null) continue;
    for (const watcher of watchers) await watcher.scrape(frame);
    eachScrape?.(frame);
    frame = null;
    scrapes += 1;
    if (hooks.signal?.aborted === true) throw new AbortedError();
    if (scrapes % BREATH !== 0) continue;
    hooks.progress?.(simulation.state.step, until);
    await hooks.breathe?.();
  }
}
