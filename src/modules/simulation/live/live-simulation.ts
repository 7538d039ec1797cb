import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import {
  createSimulation,
  restoreSimulation,
  snapshotOf,
  stepSimulation,
} from '../../../engine/simulation/simulation.js';
import type { Simulation, SimulationState } from '../../../engine/simulation/simulation.types.js';
import type { ScrapeFrame } from '../../../engine/simulation/telemetry/telemetry.types.js';
import { parseSelector } from '../../../kernel/series-selector-parser.js';
import type { AppliedIntervention } from '../data/intervention.repository.js';
import type { SimulationRow } from '../data/simulation.rows.js';
import { describeSimulation } from './describe-simulation.js';
import type { FrameCatalogue } from './frame-catalogue.js';
import { groundTruthOf } from './ground-truth.js';
import { applyIntervention } from './interventions.js';
import { RecentFlows } from './recent-flows.js';
import type { SimulationStatus } from './simulation-status.types.js';
import { TelemetryRecorder } from './telemetry-recorder.js';
import { countUsers, type UserCounters, userSamples } from './user-view.js';

export interface LiveSnapshot {
  readonly state: SimulationState;
  readonly users: UserCounters;
}

/** A simulation in the memory of a worker: the engine's state, and what collects its telemetry. */
export class LiveSimulation {
  readonly recorder: TelemetryRecorder;
  /** When its newest snapshot was stored, and at which step; before that, when it was taken up. */
  snapshotAt = 0;
  snapshotStep = -1;
  /** The last step whose telemetry and position are stored. */
  storedStep = -1;
  /** Steps in a millisecond, as measured. */
  pace = 0.2;
  private readonly recent = new RecentFlows();
  private frame: ScrapeFrame | undefined;
  /** Whether series came or went since the catalogue was taken. */
  private catalogueChanged = true;
  private keep = true;
  private toldTruth = '';
  private readonly sink = {
    scrape: (frame: ScrapeFrame): void => {
      if (frame.started.length > 0 || frame.ended.length > 0 || !this.frame) this.catalogueChanged = true;
      this.frame = frame;
      this.recorder.add(frame, this.keep);
      const users = countUsers(this.simulation);
      if (this.keep && users.step > this.users.step) {
        this.recorder.addSamples(userSamples(this.simulation, this.users, users), frame.time);
      }
      this.users = users;
    },
  };

  private constructor(
    private readonly simulation: Simulation,
    row: Pick<SimulationRow, 'environmentId' | 'series'>,
    private users: UserCounters = countUsers(simulation),
  ) {
    this.recorder = new TelemetryRecorder(row.environmentId, row.series.map(parseSelector));
  }

  static fromStart(row: SimulationRow, scenario: Scenario): LiveSimulation {
    return new LiveSimulation(createSimulation(scenario, { seed: row.seed, solver: row.solver }), row);
  }

  static fromSnapshot(row: SimulationRow, scenario: Scenario, snapshot: LiveSnapshot): LiveSimulation {
    return new LiveSimulation(restoreSimulation(scenario, snapshot.state), row, snapshot.users);
  }

  get step(): number {
    return this.simulation.state.step;
  }

  /** Plain data: a copy of all that the engine remembers. */
  snapshot(): LiveSnapshot {
    return { state: snapshotOf(this.simulation), users: this.users };
  }

  apply(intervention: AppliedIntervention): string | null {
    return applyIntervention(this.simulation, intervention);
  }

  /**
   * One second of simulated time.
   *
   * @param keep false where its telemetry is stored already
   */
  advance(keep: boolean): void {
    this.recent.remember(this.simulation);
    this.keep = keep;
    stepSimulation(this.simulation, this.sink);
  }

  /** The newest scrape; its catalogue only where it is another than at the last call. */
  takeFrame(): {
    readonly time: number;
    readonly values: Float64Array;
    readonly catalogue: FrameCatalogue | null;
  } | null {
    const { frame } = this;
    if (!frame) return null;
    const catalogue = this.catalogueChanged ? { families: frame.families, series: frame.series } : null;
    this.catalogueChanged = false;
    return { time: frame.time, values: frame.values, catalogue };
  }

  /** As text where it is another than at the last call. */
  takeGroundTruth(): string | null {
    const truth = JSON.stringify(groundTruthOf(this.simulation));
    if (truth === this.toldTruth) return null;
    this.toldTruth = truth;
    return truth;
  }

  describe(): SimulationStatus {
    return describeSimulation(this.simulation, this.recent);
  }
}
