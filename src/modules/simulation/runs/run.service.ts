import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import type { Page } from '../../../kernel/page.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { Database } from '../../../platform/database/database.js';
import type { Principal } from '../../../platform/http/access.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import type { SolverName } from '../../../engine/simulation/model/solver.types.js';
import { z } from 'zod';
import { AuditTrail } from '../../audit/index.js';
import type { ChosenScenario } from '../api/chosen-scenario.js';
import { RunRepository, type RunRow } from '../data/run.repository.js';
import { executeRun } from '../jobs/simulation-runs.jobs.js';
import type { Override } from '../scenarios/scenario-library.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';
import { InvalidSimulationError, RunHasNoReportError, RunNotFoundError } from '../simulation.errors.js';

export interface RunRequest extends ChosenScenario {
  readonly overrides: readonly Override[];
  readonly seed?: number;
  readonly solver: SolverName;
  /** Simulated time; the scenario's own where left out. */
  readonly hours?: number;
}

const cursorKey = z.tuple([cursorPart.id]);

/** Batch runs: a scenario from its start to its end, in a job, with a report. */
@Injectable()
export class RunService {
  constructor(
    private readonly db: Database,
    private readonly runs: RunRepository,
    private readonly queue: JobQueue,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    @InjectConfig(simulationConfig) private readonly config: SimulationConfig,
  ) {}

  /** @param key of the caller: with the same one the same run is meant, even from another process */
  async create(principal: Principal, request: RunRequest, key: string | undefined): Promise<RunRow> {
    const { scenario, hours } = request;
    const seconds = hours === undefined ? scenario.duration : Math.round(hours * 3600);
    if (seconds > this.config.maxRunHours * 3600) {
      throw new InvalidSimulationError([
        {
          path: 'hours',
          message:
            `is ${seconds / 3600}${hours === undefined ? ' by the scenario' : ''}, more than the ${this.config.maxRunHours} ` +
            'of simulation.maxRunHours. Ask for fewer `hours`',
        },
      ]);
    }
    const now = this.clock.now();
    const id = key === undefined ? newId(now) : idOfKey(principal, key);
    const seed = request.seed ?? scenario.seed;
    await this.db.transaction(async (tx) => {
      const created = await this.runs.insert(tx, {
        id,
        scenarioName: scenario.name,
        title: scenario.title,
        libraryName: request.libraryName,
        source: request.source,
        overrides: request.overrides,
        scenario: { ...scenario, duration: seconds },
        seed,
        solver: request.solver,
        steps: seconds,
        createdBy: principal.name,
        createdAt: new Date(now),
      });
      if (!created) return;
      await this.audit.record(tx, {
        action: 'simulation.start-run',
        actor: principal,
        subjectType: 'simulation-run',
        subjectId: id,
        outcome: 'allowed',
        details: { scenario: scenario.name, seed, solver: request.solver, seconds },
      });
    });
    const run = await this.get(id);
    if (run.state === 'queued') await this.queue.enqueue(executeRun, { runId: id });
    return run;
  }

  async get(id: string): Promise<RunRow> {
    const run = await this.runs.find(id);
    if (!run) throw new RunNotFoundError(id);
    return run;
  }

  async page(limit: number, cursor?: string): Promise<Page<RunRow>> {
    const before = cursor === undefined ? null : readCursor(cursor, cursorKey)[0];
    const found = await this.runs.list(limit + 1, before);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: found.length > limit && last ? encodeCursor([last.id]) : null };
  }

  /** Throws `simulation.run_has_no_report` where it has none (yet). */
  async report(id: string): Promise<RunReport> {
    const run = await this.get(id);
    const report = await this.runs.reportOf(id);
    if (!report) throw new RunHasNoReportError(run.state);
    return report;
  }

  /** A run that is over stays as it is. */
  async cancel(principal: Principal, id: string): Promise<RunRow> {
    await this.get(id);
    await this.db.transaction(async (tx) => {
      if (!(await this.runs.cancel(tx, id, new Date(this.clock.now())))) return;
      await this.audit.record(tx, {
        action: 'simulation.cancel-run',
        actor: principal,
        subjectType: 'simulation-run',
        subjectId: id,
        outcome: 'allowed',
      });
    });
    return this.get(id);
  }
}

/** UUID version 8 (RFC 9562, section 5.8) of the caller and the key. */
function idOfKey({ kind, id }: Principal, key: string): string {
  const bytes = createHash('sha256').update(`simulation-run\0${kind}\0${id}\0${key}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
