import type { RunFindings } from '../simulation/report/report.types.js';
import type { Simulation } from '../simulation/simulation.types.js';
import { matches } from './match-detections.js';
import { DEFAULT_SCORE_RULES } from './score-card.types.js';
import { stretchesOf } from './score-scenario.js';
import type { Watcher } from './watcher.js';

/**
 * What a watcher found in a run, for the run's report: the first anomaly that counts for each fault, by the same rule as
 * on a score card, and the groups of anomalies as incidents. Times are seconds since the start of the run.
 */
export function findingsOf(simulation: Simulation, watcher: Watcher): RunFindings {
  const { start } = simulation.fleet.scenario;
  const anomalies = [...watcher.anomalies(null)].sort((a, b) => a.at - b.at);
  const detections = stretchesOf(simulation).flatMap((stretch) => {
    const first = anomalies.find((anomaly) => matches(stretch, anomaly, DEFAULT_SCORE_RULES));
    return first === undefined ? [] : [{ fault: stretch.id, at: (first.at - start) / 1000 }];
  });
  return { detections, incidents: watcher.pages(null).length };
}
