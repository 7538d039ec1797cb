import { Injectable, Logger } from '@nestjs/common';
import type { WindowModelInputs } from '../../../../engine/detection/learned/window-model.js';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import { StageRepository, type StagedModel } from '../data/stage.repository.js';
import {
  type ActiveModels,
  type ChosenCalibration,
  type ChosenWindowModel,
  ModelChoice,
  type ShadowModel,
} from '../model-choice.js';
import { MODEL_SWAPS } from '../models.metrics.js';
import { nameOf } from '../model.types.js';
import { fittedBoundary, type EnvironmentCalibration } from '../refit/fit-boundary.js';
import { effectiveModels, type EffectiveModels } from './model-choice-snapshot.js';
import { WindowModelRuns } from './window-model-runs.js';

interface Choice {
  readonly models: EffectiveModels;
  /** `performance.now()` from which what could not be opened is tried again; Infinity where all is well. */
  readonly tryAgainAt: number;
  readonly active: ActiveModels;
  readonly shadows: readonly ShadowModel[];
}

interface Known {
  choice: Choice | undefined;
  /** `performance.now()` of the newest look at the database. */
  lookedAt: number;
  looking: Promise<Choice> | undefined;
}

/** How long a tick waits for news about its models before it goes on with what it knows. */
const PATIENCE_MS = 2_000;
const TRY_AGAIN_MS = 30_000;

/**
 * Answers from memory and looks at the database when that is older than `refreshMs`: one small query per environment,
 * and only where somebody asks. A new model's session is opened before the choice changes, so that no tick waits for
 * it or is scored by half of each; where the database is away the old choice stays.
 */
@Injectable()
export class SqlModelChoice extends ModelChoice {
  private readonly logger = new Logger(SqlModelChoice.name);
  private readonly environments = new Map<string, Known>();

  constructor(
    private readonly stages: StageRepository,
    private readonly runs: WindowModelRuns,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
    @InjectMetric(MODEL_SWAPS) private readonly swaps: Counter,
  ) {
    super();
  }

  override async activeFor(environmentId: string): Promise<ActiveModels> {
    return (await this.choiceFor(environmentId)).active;
  }

  override async shadowsFor(environmentId: string): Promise<readonly ShadowModel[]> {
    return (await this.choiceFor(environmentId)).shadows;
  }

  /** Forgets what is known, so that the next question is answered by the database. */
  invalidate(): void {
    for (const known of this.environments.values()) known.lookedAt = -Infinity;
  }

  private async choiceFor(environmentId: string): Promise<Choice> {
    let known = this.environments.get(environmentId);
    if (!known) {
      known = { choice: undefined, lookedAt: -Infinity, looking: undefined };
      this.environments.set(environmentId, known);
    }
    const { choice } = known;
    if (choice && performance.now() - known.lookedAt < this.config.models.refreshMs) return choice;
    const looking = (known.looking ??= this.look(environmentId, known));
    if (!choice) return looking;
    return Promise.race([looking.catch(() => choice), patience(choice)]);
  }

  private async look(environmentId: string, known: Known): Promise<Choice> {
    try {
      const models = effectiveModels(await this.stages.stagedFor(environmentId));
      for (const row of windowModelsOf(models)) this.runs.heed(row);
      const before = known.choice;
      if (before?.models.revision !== models.revision || performance.now() > before.tryAgainAt) {
        known.choice = await this.make(models);
        if (before && before.models.revision !== models.revision) {
          await this.swapped(environmentId, before, known.choice);
        }
      }
      known.lookedAt = performance.now();
      return known.choice!;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn({ msg: 'which models are active could not be read', environmentId, reason });
      throw error;
    } finally {
      known.looking = undefined;
    }
  }

  private async make(models: EffectiveModels): Promise<Choice> {
    let windowModel: ChosenWindowModel | null = null;
    let degraded: string | null = null;
    let tryAgainAt = Infinity;
    if (models.windowModel !== null) {
      const usable = await this.usable(models.windowModel);
      if (typeof usable === 'string') {
        degraded = usable;
        if (models.windowModel.suspendedAt === null) tryAgainAt = performance.now() + TRY_AGAIN_MS;
      } else windowModel = usable;
    }
    const shadows: ShadowModel[] = [];
    for (const row of models.shadows) {
      if (row.kind === 'calibration') shadows.push(calibrationOf(row));
      else {
        // Only workers score with shadows; the API asks for what is active.
        const usable = await this.usable(row, this.runs.inWorker);
        if (typeof usable !== 'string') shadows.push(usable);
      }
    }
    const calibration = models.calibration === null ? null : calibrationOf(models.calibration);
    return {
      models,
      tryAgainAt,
      shadows,
      active: { revision: models.activeRevision, calibration, windowModel, degraded },
    };
  }

  /** Or one sentence that says why not. */
  private async usable(row: StagedModel, prepare = true): Promise<ChosenWindowModel | string> {
    if (row.suspendedReason !== null) return `${nameOf(row)} is suspended: ${row.suspendedReason}`;
    try {
      if (prepare) await this.runs.prepare(row);
      const { id, name, version } = row;
      return { id, name, version, kind: 'window-model', inputs: inputsOf(row), run: this.runs.runnerOf(row) };
    } catch (error) {
      return `${nameOf(row)} cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  private async swapped(environmentId: string, before: Choice, after: Choice): Promise<void> {
    this.swaps.inc();
    const { revision, degraded } = after.active;
    this.logger.log({ msg: 'models changed', environmentId, from: before.models.revision, to: revision, degraded });
    const used = new Set(
      [...this.environments.values()].flatMap(({ choice }) => (choice ? windowModelsOf(choice.models) : [])).map(idOf),
    );
    for (const row of windowModelsOf(before.models)) if (!used.has(row.id)) await this.runs.forget(row);
  }
}

function windowModelsOf({ windowModel, shadows }: EffectiveModels): StagedModel[] {
  return [windowModel, ...shadows].filter((row): row is StagedModel => row?.kind === 'window-model');
}

function idOf({ id }: StagedModel): string {
  return id;
}

function inputsOf({ tensors }: StagedModel): WindowModelInputs {
  const takes = (name: string): boolean => tensors?.inputs.some((input) => input.name === name) ?? false;
  return { context: takes('context'), memory: takes('memory') };
}

function calibrationOf({ id, name, version, calibration }: StagedModel): ChosenCalibration {
  const fitted = calibration as EnvironmentCalibration;
  return { id, name, version, kind: 'calibration', boundaryFor: (perWeek) => fittedBoundary(fitted, perWeek) };
}

function patience<T>(value: T): Promise<T> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(value), PATIENCE_MS).unref();
  });
}
