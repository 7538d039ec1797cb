import type { FaultKind, FaultSpec } from '../../scenario/fault.types.js';
import type { ChangeSpec, Scenario } from '../../scenario/scenario.types.js';
import { describeTarget } from '../../simulation/account/describe-target.js';
import { createRandom, nextBelow } from '../../simulation/random/random.js';
import { createSimulation, injectFault, restoreSimulation, snapshotOf } from '../../simulation/simulation.js';
import type { Simulation } from '../../simulation/simulation.types.js';
import { firstHarm, isHarmed } from '../harm.js';
import {
  DEFAULT_SCORE_RULES,
  type Detection,
  type LabelledStretch,
  type NearMiss,
  type ScoredRun,
  type ScoreRules,
} from '../score-card.types.js';
import { watchSimulation, type WorkHooks } from '../watch-simulation.js';
import type { Watcher } from '../watcher.js';
import { ALL_FAULT_KINDS, planFaults } from './plan-faults.js';
import { touchedServices } from './touched-services.js';

export interface FaultMatrixOptions {
  readonly seed: number;
  /** Default: all. */
  readonly kinds?: readonly FaultKind[];
  /** Faults of each kind; default 1. */
  readonly perKind?: number;
  /** Calm days before anything counts; default 2, so that daily seasons can be learned. */
  readonly warmUpDays?: number;
  /** Calm days after that, on which false alarms are counted and faults begin; default 1. */
  readonly days?: number;
  /** Deploys a day of a new version that changes nothing, beside those of the scenario; default 2. */
  readonly deploysPerDay?: number;
  readonly rules?: ScoreRules;
  readonly hooks?: WorkHooks;
}

const DAY = 86_400;

/**
 * Every kind of fault on one fleet. The run itself is calm: traffic with its seasons, autoscaling, deploys that change
 * nothing, and no fault. At a random time for each fault the run is copied, detectors and all, and the copy goes on with
 * that one fault until it is over; so no fault disturbs another, and one history serves them all.
 */
export async function scoreFaultMatrix(
  scenario: Scenario,
  watchers: readonly Watcher[],
  options: FaultMatrixOptions,
): Promise<readonly ScoredRun[]> {
  const { seed, warmUpDays = 2, days = 1, rules = DEFAULT_SCORE_RULES, hooks = {} } = options;
  const warmUp = Math.round(warmUpDays * DAY);
  const end = warmUp + Math.round(days * DAY);
  const calm: Scenario = {
    ...scenario,
    duration: end,
    faults: [],
    expect: [],
    changes: calmChanges(scenario, end, options),
  };
  const { kinds = ALL_FAULT_KINDS, perKind = 1 } = options;
  const faults = planFaults(calm, { kinds, seed, perKind, from: warmUp, to: end });
  const simulation = createSimulation(calm, { seed });
  const notes = watchers.map((): Notes => ({ seriesMs: 0, anomalies: [], pages: [], nearMisses: {} }));
  const stretches: LabelledStretch[] = [];
  const intervalMs = calm.telemetry.scrapeInterval * 1000;
  const count = () => watchers.forEach((watcher, i) => (notes[i]!.seriesMs += watcher.series * intervalMs));
  const from = calm.start + warmUp * 1000;
  const total = end + faults.reduce((sum, fault) => sum + fault.duration + rules.graceMs / 1000, 0);
  let branched = 0;
  const forward = (until: number) =>
    watchSimulation(
      simulation,
      watchers,
      until,
      { ...hooks, progress: (step) => hooks.progress?.(step + branched, total) },
      (frame) => frame.time >= from && count(),
    );

  for (const fault of faults) {
    // A user-visible outage in the calm run would be taken for the fault's.
    await forward(fault.at);
    for (let waited = 0; isHarmed(simulation.state) && waited < 60 && simulation.state.step < end; waited += 1)
      await forward(simulation.state.step + 60);
    const begun = { ...fault, at: simulation.state.step };
    const done = branched;
    stretches.push(
      await branch(simulation, watchers, begun, rules, notes, {
        ...hooks,
        progress: (step) => hooks.progress?.(step + done, total),
      }),
    );
    branched += fault.duration + rules.graceMs / 1000;
  }
  await forward(end);
  return watchers.map((watcher, i) => ({
    detector: watcher.name,
    run: `${scenario.name}, seed ${seed}`,
    from,
    to: calm.start + end * 1000,
    intervalMs,
    calmMs: (end - warmUp) * 1000,
    calmSeriesMs: notes[i]!.seriesMs,
    stretches,
    anomalies: [...watcher.anomalies(null), ...notes[i]!.anomalies],
    pages: [...watcher.pages(null), ...notes[i]!.pages],
    nearMisses: notes[i]!.nearMisses,
  }));
}

/** What is gathered for one watcher. */
interface Notes {
  seriesMs: number;
  readonly anomalies: Detection[];
  readonly pages: Detection[];
  readonly nearMisses: Record<string, readonly NearMiss[]>;
}

const NEAREST = 3;

async function branch(
  { fleet, state }: Simulation,
  watchers: readonly Watcher[],
  fault: FaultSpec,
  rules: ScoreRules,
  notes: readonly Notes[],
  hooks: WorkHooks,
): Promise<LabelledStretch> {
  const { scenario } = fleet;
  const future = restoreSimulation(scenario, snapshotOf({ fleet, state }));
  injectFault(future, fault);
  const copies = watchers.map((watcher) => watcher.copy());
  const over = fault.at + fault.duration;
  const until = over + rules.graceMs / 1000;
  await watchSimulation(future, copies, until, hooks);
  const harmedAt = firstHarm(future.state, fault.at, until);
  const scrapes = Math.round((until - fault.at) / scenario.telemetry.scrapeInterval);
  const services = touchedServices(scenario, fault.target);
  copies.forEach((copy, i) => {
    notes[i]!.anomalies.push(...copy.anomalies(fault.name));
    notes[i]!.pages.push(...copy.pages(fault.name));
    notes[i]!.nearMisses[fault.name] = copy.nearest(scrapes, NEAREST, services);
  });
  return {
    id: fault.name,
    kind: fault.kind,
    where: `${describeTarget(fault.kind, fault.target)}${describeSettings(fault)}`,
    from: scenario.start + fault.at * 1000,
    to: scenario.start + over * 1000,
    harmedAt: harmedAt === null ? null : scenario.start + harmedAt * 1000,
    services,
    branch: fault.name,
  };
}

function describeSettings({ settings }: FaultSpec): string {
  const parts = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** The scenario's own changes, and deploys of versions that change nothing, at random times. */
function calmChanges(
  scenario: Scenario,
  end: number,
  { seed, deploysPerDay = 2 }: FaultMatrixOptions,
): readonly ChangeSpec[] {
  const random = createRandom(seed, 'score-card/deploys');
  const deploys = Array.from({ length: Math.round((deploysPerDay * end) / DAY) }, (_, i): ChangeSpec => ({
    at: nextBelow(random, end),
    kind: 'deploy',
    service: scenario.services[nextBelow(random, scenario.services.length)]!.name,
    version: `calm-${i + 1}`,
    effects: {
      errorRatio: 0,
      latencyFactor: 1,
      cpuFactor: 1,
      leakPerRequest: 0,
      crashAfter: 0,
      neverReady: false,
    },
  }));
  return [...scenario.changes, ...deploys].sort((a, b) => a.at - b.at);
}
