import { Injectable } from '@nestjs/common';
import {
  FAULT_KINDS,
  type FaultKind,
  type FaultKindDefinition,
  type FaultTarget,
} from '../../../engine/scenario/fault.types.js';
import { freeName } from '../../../engine/scenario/free-name.js';
import type { Change, Scenario } from '../../../engine/scenario/scenario.types.js';
import type { SolverName } from '../../../engine/simulation/model/solver.types.js';
import { Clock } from '../../../kernel/clock.js';
import { parseSelector } from '../../../kernel/series-selector-parser.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { AuditTrail } from '../../audit/index.js';
import { EnvironmentsProvisioner } from '../../environments/index.js';
import { type Intervention, InterventionRepository } from '../data/intervention.repository.js';
import { SimulationRepository } from '../data/simulation.repository.js';
import type { SimulationRow } from '../data/simulation.rows.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';
import {
  InvalidSimulationError,
  SimulationFailedError,
  SimulationNotFoundError,
  SimulationNotPausedError,
  TooManySimulationsError,
} from '../simulation.errors.js';
import type { StoredFault } from './stored-fault.js';

export interface SimulationRequest {
  readonly scenario: Scenario;
  readonly source: string;
  readonly libraryName: string | null;
  readonly name?: string;
  readonly slug?: string;
  readonly seed?: number;
  readonly solver: SolverName;
  readonly speed: number;
  readonly catchUp: boolean;
  readonly start: 'now' | 'scenario';
  readonly historyHours: number;
  readonly paused: boolean;
  readonly series: readonly string[];
  readonly tickSeconds?: number;
  readonly retentionDays?: number;
  readonly maxSeries?: number;
}

export interface FaultRequest {
  readonly name?: string;
  readonly kind: FaultKind;
  readonly target: FaultTarget;
  readonly durationSeconds: number | null;
  readonly rampSeconds: number;
  readonly intensity: number;
  readonly settings: Readonly<Record<string, number>>;
}

type Actor = Principal | 'system';

const DAY_MS = 86_400_000;
/** So that scrapes lie on whole minutes and quarters of them. */
const GRID_MS = 60_000;

/**
 * What people do to simulations, from any process: every change is a row, which the worker that owns the simulation
 * finds at its next turn.
 */
@Injectable()
export class SimulationControl {
  constructor(
    private readonly db: Database,
    private readonly simulations: SimulationRepository,
    private readonly interventions: InterventionRepository,
    private readonly environments: EnvironmentsProvisioner,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    @InjectConfig(simulationConfig) private readonly config: SimulationConfig,
  ) {}

  /** With its environment. Throws `environments.slug_taken`, `simulation.invalid_request`, `.too_many_simulations`. */
  async create(actor: Actor, request: SimulationRequest): Promise<string> {
    for (const selector of request.series) parseSelector(selector);
    const now = this.clock.now();
    const start = this.startOf(request, now);
    return this.db.transaction(async (tx) => {
      await this.db.lock(tx, 'simulation.create');
      if ((await this.simulations.count(tx)) >= this.config.maxSimulations) {
        throw new TooManySimulationsError(this.config.maxSimulations);
      }
      const { scenario, tickSeconds, retentionDays, maxSeries } = request;
      const environment = await this.environments.create(tx, actor, {
        name: request.name ?? scenario.title.slice(0, 100),
        ...(request.slug !== undefined && { slug: request.slug }),
        kind: 'simulated',
        ...(tickSeconds !== undefined && { tickSeconds }),
        ...(retentionDays !== undefined && { retentionDays }),
        ...(maxSeries !== undefined && { maxSeries }),
      });
      if (start < now - environment.retentionDays * DAY_MS || start > now + 365 * DAY_MS) {
        throw new InvalidSimulationError([
          {
            path: request.start === 'scenario' ? 'start' : 'historyHours',
            message:
              `makes it begin at ${new Date(start).toISOString()}, but samples are kept for ${environment.retentionDays} days ` +
              'and at most a year ahead. Choose another start or a longer retentionDays',
          },
        ]);
      }
      const seed = request.seed ?? scenario.seed;
      await this.simulations.insert(tx, {
        environmentId: environment.id,
        scenarioName: scenario.name,
        title: scenario.title,
        teaches: scenario.teaches,
        libraryName: request.libraryName,
        source: request.source,
        scenario: { ...scenario, start },
        seed,
        solver: request.solver,
        series: request.series,
        state: request.paused ? 'paused' : 'running',
        reason: null,
        speed: request.speed,
        catchUp: request.catchUp,
        startedAt: new Date(start),
        historySteps: Math.round(request.historyHours * 3600),
        pacedStep: 0,
        pacedAt: new Date(now),
        createdBy: nameOf(actor),
        createdAt: new Date(now),
        updatedAt: new Date(now),
      });
      const { speed, solver } = request;
      await this.record(tx, actor, 'create', environment.id, { scenario: scenario.name, seed, solver, speed });
      return environment.id;
    });
  }

  /** Speed, pause and resume. Resuming one that failed tries the same batch again. */
  async change(
    principal: Principal,
    environmentId: string,
    wanted: { readonly speed?: number; readonly paused?: boolean; readonly catchUp?: boolean },
  ): Promise<void> {
    await this.locked(environmentId, async (tx, row) => {
      const now = new Date(this.clock.now());
      const state = wanted.paused === undefined ? row.state : wanted.paused ? 'paused' : 'running';
      await this.simulations.update(
        tx,
        environmentId,
        {
          state,
          reason: state === row.state ? row.reason : null,
          speed: wanted.speed ?? row.speed,
          catchUp: wanted.catchUp ?? row.catchUp,
          stepUntil: Math.min(row.stepUntil, row.targetStep),
          pacedStep: row.targetStep,
          pacedAt: now,
        },
        now,
      );
      await this.record(tx, principal, 'change', environmentId, wanted);
    });
  }

  /** Lets a paused simulation go on for some seconds. Answers until which second. */
  async step(principal: Principal, environmentId: string, seconds: number): Promise<number> {
    return this.locked(environmentId, async (tx, row) => {
      if (row.state === 'failed') throw new SimulationFailedError(row.reason ?? '');
      if (row.state !== 'paused') throw new SimulationNotPausedError();
      const stepUntil = Math.max(row.targetStep, row.stepUntil) + seconds;
      await this.simulations.update(tx, environmentId, { stepUntil }, new Date(this.clock.now()));
      await this.record(tx, principal, 'step', environmentId, { seconds });
      return stepUntil;
    });
  }

  /** Answers the number of the intervention and the name of the fault. */
  async inject(principal: Principal, environmentId: string, request: FaultRequest, planned: readonly string[]) {
    return this.locked(environmentId, async (tx) => {
      const taken = new Set([...planned, ...(await this.interventions.faultNames(tx, environmentId))]);
      const name = request.name ?? freeName(request.kind, taken);
      if (taken.has(name)) {
        throw new InvalidSimulationError([{ path: 'name', message: `"${name}" is the name of another fault` }]);
      }
      const fault: StoredFault = {
        name,
        kind: request.kind,
        duration: request.durationSeconds,
        ramp: request.rampSeconds,
        intensity: request.intensity,
        target: request.target,
        settings: { ...defaultsOf(request.kind), ...request.settings },
      };
      const id = await this.intervene(tx, principal, environmentId, { kind: 'inject-fault', payload: fault });
      return { id, fault: name };
    });
  }

  /** Names of all faults that were ever injected by hand. */
  async injected(environmentId: string): Promise<string[]> {
    return this.db.transaction((tx) => this.interventions.faultNames(tx, environmentId));
  }

  async clear(principal: Principal, environmentId: string, name: string) {
    return this.locked(environmentId, async (tx) => ({
      id: await this.intervene(tx, principal, environmentId, { kind: 'clear-fault', payload: { name } }),
      fault: name,
    }));
  }

  async request(principal: Principal, environmentId: string, change: Change) {
    return this.locked(environmentId, async (tx) => ({
      id: await this.intervene(tx, principal, environmentId, { kind: 'change', payload: change }),
      fault: null,
    }));
  }

  private startOf({ start, scenario, historyHours }: SimulationRequest, now: number): number {
    const from = start === 'scenario' ? scenario.start : now;
    return Math.floor((from - historyHours * 3_600_000) / GRID_MS) * GRID_MS;
  }

  private async locked<T>(
    environmentId: string,
    work: (tx: Transaction, row: SimulationRow) => Promise<T>,
  ): Promise<T> {
    return this.db.transaction(async (tx) => {
      const row = await this.simulations.lock(tx, environmentId);
      if (!row) throw new SimulationNotFoundError(environmentId);
      return work(tx, row);
    });
  }

  private async intervene(tx: Transaction, principal: Principal, environmentId: string, intervention: Intervention) {
    const at = new Date(this.clock.now());
    const id = await this.interventions.add(tx, environmentId, intervention, principal.name, at);
    await this.record(tx, principal, intervention.kind, environmentId, { ...intervention.payload });
    return id;
  }

  private async record(
    tx: Transaction,
    actor: Actor,
    verb: string,
    environmentId: string,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.audit.record(tx, {
      action: `simulation.${verb}`,
      actor,
      subjectType: 'environment',
      subjectId: environmentId,
      environmentId,
      outcome: 'allowed',
      details,
    });
  }
}

function nameOf(actor: Actor): string | null {
  return actor === 'system' ? null : actor.name;
}

function defaultsOf(kind: FaultKind): Record<string, number> {
  const { settings }: FaultKindDefinition = FAULT_KINDS[kind];
  return Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.default]));
}
