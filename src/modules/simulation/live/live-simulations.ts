import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { LRUCache } from 'lru-cache';
import type { Counter } from 'prom-client';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { packData, unpackData } from '../data/packed-data.js';
import { InterventionRepository } from '../data/intervention.repository.js';
import { SimulationRepository } from '../data/simulation.repository.js';
import type { SimulationRow } from '../data/simulation.rows.js';
import { SnapshotRepository, type StoredSnapshot } from '../data/snapshot.repository.js';
import { RESTORES_TOTAL } from '../simulation.metrics.js';
import { ENGINE_STATE_VERSION } from './engine-version.js';
import { LiveSimulation, type LiveSnapshot } from './live-simulation.js';
import { inSlices } from './slices.js';

const MOST_IN_MEMORY = 32;

/** Simulations in the memory of this worker. The database says how far each is; a copy that is behind catches up. */
@Injectable()
export class LiveSimulations {
  private readonly logger = new Logger(LiveSimulations.name);
  private readonly live = new LRUCache<string, LiveSimulation>({ max: MOST_IN_MEMORY });

  constructor(
    private readonly simulations: SimulationRepository,
    private readonly snapshots: SnapshotRepository,
    private readonly interventions: InterventionRepository,
    @InjectMetric(RESTORES_TOTAL) private readonly restores: Counter<'from'>,
  ) {}

  peek(environmentId: string): LiveSimulation | undefined {
    return this.live.peek(environmentId);
  }

  all(): readonly (readonly [string, LiveSimulation])[] {
    return [...this.live.entries()];
  }

  /** What is in memory has gone further than what is stored, or is of no use any more. */
  forget(environmentId: string): void {
    this.live.delete(environmentId);
  }

  /** As it stood before its step `row.step`. Throws when the signal aborts: there may be much to compute again. */
  async at(row: SimulationRow, signal: AbortSignal): Promise<LiveSimulation> {
    const { environmentId, step } = row;
    let live = this.live.get(environmentId);
    if (!live || live.step > step) live = await this.load(row);
    if (live.step < step) await this.catchUp(environmentId, live, step, signal);
    this.live.set(environmentId, live);
    return live;
  }

  private async load(row: SimulationRow): Promise<LiveSimulation> {
    const stored = await this.simulations.scenarioOf(row.environmentId);
    if (!stored) throw new Error(`simulation ${row.environmentId} is gone`);
    if (row.step === 0) return LiveSimulation.fromStart(row, stored.scenario);
    const snapshot = await this.snapshots.find(row.environmentId);
    return (
      (await this.fromSnapshot(row, stored.scenario, snapshot)) ?? this.fromJournal(row, stored.scenario, snapshot)
    );
  }

  private async fromSnapshot(row: SimulationRow, scenario: Scenario, snapshot: StoredSnapshot | undefined) {
    if (!snapshot || snapshot.engineVersion !== ENGINE_STATE_VERSION || snapshot.step > row.step) return undefined;
    try {
      const stored = (await unpackData(snapshot.state)) as LiveSnapshot;
      const live = LiveSimulation.fromSnapshot(row, scenario, stored);
      this.restores.inc({ from: 'snapshot' });
      return live;
    } catch (error) {
      this.logger.warn({ msg: 'A snapshot cannot be read', environmentId: row.environmentId, err: error });
      return undefined;
    }
  }

  private fromJournal(row: SimulationRow, scenario: Scenario, snapshot: StoredSnapshot | undefined): LiveSimulation {
    this.logger.warn({
      msg: 'A simulation is computed again from its start, because there is no snapshot of this version of the engine. What follows may differ from what the old version would have made of it.',
      environmentId: row.environmentId,
      steps: row.step,
      snapshotVersion: snapshot?.engineVersion ?? null,
      version: ENGINE_STATE_VERSION,
    });
    this.restores.inc({ from: 'journal' });
    return LiveSimulation.fromStart(row, scenario);
  }

  private async catchUp(environmentId: string, live: LiveSimulation, to: number, signal: AbortSignal): Promise<void> {
    const journal = await this.interventions.between(environmentId, live.step, to);
    let next = 0;
    await inSlices(() => {
      while (journal[next]?.step === live.step) live.apply(journal[next++]!);
      live.advance(false);
      return live.step < to;
    }, signal);
  }
}

export async function packState(live: LiveSimulation): Promise<StoredSnapshot> {
  const { step } = live;
  return { step, engineVersion: ENGINE_STATE_VERSION, state: await packData(live.snapshot()) };
}
