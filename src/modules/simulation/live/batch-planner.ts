import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { type AppliedIntervention, InterventionRepository } from '../data/intervention.repository.js';
import { SimulationRepository } from '../data/simulation.repository.js';
import type { SimulationRow } from '../data/simulation.rows.js';
import { dueStep } from './pacing.js';

const DAY_MS = 86_400_000;
/** Telemetry takes samples up to 366 days ahead of our clock. */
const FURTHEST_AHEAD_MS = 365 * DAY_MS;

export interface Batch {
  readonly row: SimulationRow;
  readonly from: number;
  readonly to: number;
  /** True where more is due after it. */
  readonly more: boolean;
  readonly interventions: readonly AppliedIntervention[];
}

/**
 * Decides what comes next and writes it down before anything is computed: how far, and which interventions act before
 * it. A batch that was cut off is made again exactly so, whatever was asked for meanwhile.
 */
@Injectable()
export class BatchPlanner {
  constructor(
    private readonly db: Database,
    private readonly simulations: SimulationRepository,
    private readonly interventions: InterventionRepository,
    private readonly clock: Clock,
  ) {}

  /** The row alone where there is nothing to do; undefined where the simulation is gone. */
  async next(environmentId: string, mostSteps: number): Promise<Batch | SimulationRow | undefined> {
    const planned = await this.db.transaction(async (tx) => {
      const row = await this.simulations.lock(tx, environmentId);
      if (!row) return undefined;
      if (row.state === 'failed') return row;
      return row.targetStep > row.step ? { row, to: row.targetStep, more: true } : this.plan(tx, row, mostSteps);
    });
    if (!planned || !('to' in planned)) return planned;
    const from = planned.row.step;
    return { ...planned, from, interventions: await this.interventions.between(environmentId, from, planned.to) };
  }

  private async plan(tx: Transaction, row: SimulationRow, mostSteps: number) {
    const now = this.clock.now();
    const due = dueStep(row, now);
    const at = new Date(now);
    if (due.pacedFromHere) {
      await this.simulations.update(tx, row.environmentId, { pacedStep: row.step, pacedAt: at }, at);
    }
    if (due.step <= row.step) return row;
    const reason = whyNotStorable(row, now);
    if (reason !== null) {
      await this.simulations.update(tx, row.environmentId, { state: 'paused', reason, stepUntil: row.step }, at);
      return row;
    }
    const to = Math.min(due.step, row.step + mostSteps);
    await this.interventions.assign(tx, row.environmentId, row.step);
    await this.simulations.update(tx, row.environmentId, { targetStep: to }, at);
    return { row, to, more: to < due.step };
  }
}

/** Samples that telemetry would refuse are not worth computing. */
function whyNotStorable({ startedAt, step, retentionDays }: SimulationRow, now: number): string | null {
  const eventTime = startedAt.getTime() + step * 1000;
  if (eventTime > now + FURTHEST_AHEAD_MS)
    return 'Event time is a year ahead of the clock; samples are stored no further.';
  if (eventTime < now - retentionDays * DAY_MS) {
    return `Event time is further back than the ${retentionDays} days that samples of this environment are kept. Raise its retention.`;
  }
  return null;
}
