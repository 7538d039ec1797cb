import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../../kernel/clock.js';
import type { Page } from '../../../kernel/page.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import type {
  groundTruth,
  interventionSchema,
  simulationDetail,
  simulationSummary,
} from '../api/simulations.schema.js';
import { InterventionRepository, type StoredIntervention } from '../data/intervention.repository.js';
import { SimulationRepository } from '../data/simulation.repository.js';
import type { SimulationDetail } from '../data/simulation.rows.js';
import { SimulationNotFoundError } from '../simulation.errors.js';
import { describeIntervention } from './describe-intervention.js';
import { dueStep } from './pacing.js';
import { countableRatio } from './user-view.js';

export type SummaryView = z.output<typeof simulationSummary>;
export type DetailView = z.output<typeof simulationDetail>;
export type GroundTruthView = z.output<typeof groundTruth>;

const cursorKey = z.tuple([cursorPart.integer]);
const MOST_INTERVENTIONS = 100;

/** Simulations as people see them. */
@Injectable()
export class SimulationViews {
  constructor(
    private readonly simulations: SimulationRepository,
    private readonly interventions: InterventionRepository,
    private readonly clock: Clock,
  ) {}

  async page(limit: number, cursor?: string, only?: string): Promise<Page<SummaryView>> {
    const after = cursor === undefined ? 0 : readCursor(cursor, cursorKey)[0];
    const found = await this.simulations.list(limit + 1, after, only);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = found.length > limit && last ? encodeCursor([last.environmentKey]) : null;
    return { items: items.map((row) => this.summary(row)), nextCursor };
  }

  /** Throws `simulation.simulation_not_found`. */
  async detail(environmentId: string): Promise<DetailView> {
    const row = await this.simulations.detail(environmentId);
    if (!row) throw new SimulationNotFoundError(environmentId);
    const journal = await this.interventions.latest(environmentId, MOST_INTERVENTIONS);
    const interventions = journal.map((entry) => toView(entry, row.startedAt));
    // What a page reads is plain JSON, whatever the types of the worker say about it.
    return { ...this.summary(row), status: row.status as DetailView['status'], interventions };
  }

  /** Throws `simulation.simulation_not_found`. */
  async groundTruth(environmentId: string): Promise<GroundTruthView> {
    const row = await this.simulations.find(environmentId);
    const truth = await this.simulations.groundTruth(environmentId);
    if (!row) throw new SimulationNotFoundError(environmentId);
    const at = (step: number): string => eventTime(row.startedAt, step);
    const maybe = (step: number | null): string | null => (step === null ? null : at(step));
    const { faults, planned, harms } = truth ?? { faults: [], planned: [], harms: [] };
    return {
      eventTime: at(row.step),
      faults: faults.map((fault) => ({
        ...fault,
        from: at(fault.from),
        to: maybe(fault.to),
        harmedAt: maybe(fault.harmedAt),
        recoveredAt: maybe(fault.recoveredAt),
      })),
      planned: planned.map((fault) => ({ ...fault, from: at(fault.from) })),
      harms: harms.map((harm) => ({ ...harm, from: at(harm.from), to: maybe(harm.to) })),
    };
  }

  private summary(row: SimulationDetail): SummaryView {
    const { status, step, historySteps } = row;
    const due = dueStep(row, this.clock.now()).step;
    const offered = status?.entryPoints.map(({ requestRate }) => requestRate ?? 0) ?? [];
    const rate = offered.reduce((sum, requests) => sum + requests, 0);
    const bad = status?.entryPoints.reduce(
      (sum, { requestRate, errorRatio }) => sum + (requestRate ?? 0) * (errorRatio ?? 0),
      0,
    );
    return {
      environmentId: row.environmentId,
      name: row.environmentName,
      slug: row.environmentSlug,
      scenario: row.scenarioName,
      title: row.title,
      teaches: row.teaches,
      library: row.libraryName,
      state: row.state,
      reason: row.reason,
      seed: row.seed,
      solver: row.solver,
      speed: row.speed,
      catchUp: row.catchUp,
      startedAt: row.startedAt.toISOString(),
      eventTime: eventTime(row.startedAt, step),
      simulatedSeconds: step,
      behindSeconds: Math.max(0, due - step),
      historySeconds: historySteps,
      historyDone: historySteps === 0 ? 1 : Math.min(1, step / historySteps),
      activeFaults: status?.faults.length ?? null,
      requestRate: status ? rate : null,
      errorRatio: rate > 0 ? countableRatio((bad ?? 0) / rate) : null,
      createdBy: row.createdBy,
      createdAt: row.createdAt.toISOString(),
    };
  }
}

function toView(entry: StoredIntervention, startedAt: Date): z.output<typeof interventionSchema> {
  return {
    id: entry.id,
    kind: entry.kind,
    text: describeIntervention(entry),
    actor: entry.actor,
    requestedAt: entry.requestedAt.toISOString(),
    eventTime: entry.step === null ? null : eventTime(startedAt, entry.step),
    refusal: entry.refusal,
  };
}

function eventTime(startedAt: Date, step: number): string {
  return new Date(startedAt.getTime() + step * 1000).toISOString();
}
