import type { FaultKind } from '../../../engine/scenario/fault.types.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { scoreFaultMatrix } from '../../../engine/scorecard/fault-matrix/score-fault-matrix.js';
import type { ScoredRun } from '../../../engine/scorecard/score-card.types.js';
import { scoreScenario } from '../../../engine/scorecard/score-scenario.js';
import type { Watcher } from '../../../engine/scorecard/watcher.js';
import type { WorkHooks } from '../../../engine/scorecard/watch-simulation.js';
import { makeWatcher, type DetectorChoice } from './detectors.js';

/** One run under the eyes of some detectors: what one core does at a time. Plain data. */
export interface ScoreUnit {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly choices: readonly DetectorChoice[];
  /** Null: the scenario as it stands. */
  readonly faults: {
    readonly kinds: readonly FaultKind[];
    readonly perKind: number;
    readonly days: number;
    readonly warmUpDays: number;
  } | null;
  /** Seconds; undefined: the default. */
  readonly warmUpSeconds: number | undefined;
  /** Points of each series that are kept for drawings; default: as many as they show well. */
  readonly tracePoints?: number;
}

/** Points that drawings show: two hours at 15 s. */
const TRACE_POINTS = 480;

export async function doUnit(unit: ScoreUnit, hooks: WorkHooks): Promise<readonly ScoredRun[]> {
  const { scenario, choices, faults } = unit;
  const { tracePoints = faults === null ? TRACE_POINTS : TRACE_POINTS / 2 } = unit;
  const watchers = choices.map((choice) => makeWatcher(choice, scenario.telemetry.scrapeInterval * 1000, tracePoints));
  return watchUnit(unit, watchers, hooks);
}

/** The run of a unit under the eyes of any watchers; what it says of detectors does not matter. */
export function watchUnit(
  { scenario, seed, faults, warmUpSeconds }: ScoreUnit,
  watchers: readonly Watcher[],
  hooks: WorkHooks,
): Promise<readonly ScoredRun[]> {
  return faults === null
    ? scoreScenario(scenario, watchers, { seed, hooks, ...(warmUpSeconds !== undefined && { warmUpSeconds }) })
    : scoreFaultMatrix(scenario, watchers, { seed, hooks, ...faults });
}
