import { AFTERMATH } from '../simulation/account/account-faults.js';
import type { Scenario } from '../scenario/scenario.types.js';
import { createSimulation } from '../simulation/simulation.js';
import type { Simulation } from '../simulation/simulation.types.js';
import { touchedServices } from './fault-matrix/touched-services.js';
import { firstHarm } from './harm.js';
import { calmTime } from './match-detections.js';
import {
  DEFAULT_SCORE_RULES,
  type LabelledStretch,
  type NearMiss,
  type ScoredRun,
  type ScoreRules,
} from './score-card.types.js';
import { watchSimulation, type WorkHooks } from './watch-simulation.js';
import type { Watcher } from './watcher.js';

export interface ScoreScenarioOptions {
  readonly seed?: number;
  /** Seconds at the start in which nothing counts, because detectors learn; default: see `warmUpOf`. */
  readonly warmUpSeconds?: number;
  readonly rules?: ScoreRules;
  readonly hooks?: WorkHooks;
}

const DEFAULT_WARM_UP = 3600;
const NEAREST = 3;

/** Seconds: an hour, but not beyond the first fault or the middle of the run. */
export function warmUpOf({ duration, faults }: Scenario, wanted: number | undefined): number {
  return wanted ?? Math.min(DEFAULT_WARM_UP, duration / 2, ...faults.map(({ at }) => at));
}

/**
 * Runs a scenario as it stands under the eyes of all watchers. Its faults are the labelled stretches; the simulator's
 * account says when they began and ended and when users were harmed.
 */
export async function scoreScenario(
  scenario: Scenario,
  watchers: readonly Watcher[],
  options: ScoreScenarioOptions = {},
): Promise<readonly ScoredRun[]> {
  const { rules = DEFAULT_SCORE_RULES, hooks } = options;
  const simulation = createSimulation(scenario, options.seed === undefined ? {} : { seed: options.seed });
  const from = scenario.start + warmUpOf(scenario, options.warmUpSeconds) * 1000;
  const seriesMs = watchers.map(() => 0);
  const nearMisses = watchers.map((): Record<string, readonly NearMiss[]> => ({}));
  const { scrapeInterval } = scenario.telemetry;
  const intervalMs = scrapeInterval * 1000;
  const graceSeconds = rules.graceMs / 1000;
  await watchSimulation(simulation, watchers, scenario.duration, hooks, (frame) => {
    const { step, account } = simulation.state;
    for (const { name, from: begun, to } of account.faults) {
      // As soon as nothing counts for it any more, or with the last scrape.
      const isOver = (to >= 0 && step >= to + graceSeconds) || step + scrapeInterval > scenario.duration;
      if (!isOver || nearMisses[0]?.[name] !== undefined) continue;
      const services = touchedServices(scenario, scenario.faults.find((fault) => fault.name === name)?.target ?? {});
      const scrapes = Math.ceil((step - begun) / scrapeInterval);
      watchers.forEach((watcher, i) => (nearMisses[i]![name] = watcher.nearest(scrapes, NEAREST, services)));
    }
    if (frame.time < from) return;
    watchers.forEach((watcher, i) => (seriesMs[i]! += watcher.series * intervalMs));
  });
  const to = scenario.start + simulation.state.step * 1000;
  const stretches = stretchesOf(simulation);
  const calmMs = calmTime(from, to, stretches, rules);
  return watchers.map((watcher, i) => ({
    detector: watcher.name,
    run: `${scenario.name}, seed ${simulation.state.seed}`,
    from,
    to,
    intervalMs,
    calmMs,
    calmSeriesMs: to > from ? (seriesMs[i]! * calmMs) / (to - from) : 0,
    stretches,
    anomalies: watcher.anomalies(null),
    pages: watcher.pages(null),
    nearMisses: nearMisses[i]!,
  }));
}

/** The faults of a run as it went, from the simulator's own account. */
export function stretchesOf({ fleet, state }: Simulation): readonly LabelledStretch[] {
  const { scenario } = fleet;
  const at = (second: number) => scenario.start + second * 1000;
  return state.account.faults.map(({ name, kind, where, from, to }) => {
    const end = to < 0 ? state.step : to;
    const harmedAt = firstHarm(state, from, end + AFTERMATH);
    const target = scenario.faults.find((fault) => fault.name === name)?.target ?? {};
    return {
      id: name,
      kind,
      where,
      from: at(from),
      to: at(end),
      harmedAt: harmedAt === null ? null : at(harmedAt),
      services: touchedServices(scenario, target),
      branch: null,
    };
  });
}
