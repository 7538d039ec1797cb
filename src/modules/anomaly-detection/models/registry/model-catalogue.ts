import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import type { Page } from '../../../../kernel/page.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { Database } from '../../../../platform/database/database.js';
import type { Principal } from '../../../../platform/http/access.js';
import { cursorPart, encodeCursor, readCursor } from '../../../../platform/http/paging.js';
import { AuditTrail } from '../../../audit/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import type { ChangeRow, ModelRow, NewModel, PlacedStage } from '../data/model.rows.js';
import { ModelRepository, type ModelFilter } from '../data/model.repository.js';
import { StageRepository } from '../data/stage.repository.js';
import {
  ModelTooLargeError,
  ModelUnusableError,
  ModelVersionNotFoundError,
  ModelVersionTakenError,
} from '../models.errors.js';
import { nameOf } from '../model.types.js';
import { PlacedStages } from '../stages/placed-stages.js';
import { ModelContents } from './model-contents.js';
import { ModelTrial } from './model-trial.js';

export interface ModelUpload {
  readonly name: string;
  readonly version?: string;
  readonly title?: string;
  readonly description: string;
  readonly licence?: string;
  readonly trainedOn?: string;
  readonly trainedFrom?: Date;
  readonly trainedUntil?: Date;
  readonly why: string;
}

export interface ModelDetails {
  readonly model: ModelRow;
  readonly stages: readonly PlacedStage[];
}

const cursorKey = z.tuple([cursorPart.id]);
const HISTORY = 200;

/** Versions of models: what there is, and how new ones come in. */
@Injectable()
export class ModelCatalogue {
  constructor(
    private readonly db: Database,
    private readonly models: ModelRepository,
    private readonly stages: StageRepository,
    private readonly placed: PlacedStages,
    private readonly contents: ModelContents,
    private readonly trial: ModelTrial,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async page(filter: ModelFilter, limit: number, cursor: string | undefined): Promise<Page<ModelDetails>> {
    const before = cursor === undefined ? null : readCursor(cursor, cursorKey)[0];
    const rows = await this.models.list(filter, limit + 1, before);
    const items = await this.withStages(rows.slice(0, limit));
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.model.id]) : null };
  }

  async get(id: string): Promise<ModelDetails> {
    const model = await this.models.find(id);
    if (!model) throw new ModelVersionNotFoundError(id);
    return (await this.withStages([model]))[0]!;
  }

  /** In the order asked for. Throws for the first that is not there. */
  async many(ids: readonly string[]): Promise<ModelDetails[]> {
    const found = new Map((await this.withStages(await this.models.findMany(ids))).map((one) => [one.model.id, one]));
    return ids.map((id) => {
      const one = found.get(id);
      if (!one) throw new ModelVersionNotFoundError(id);
      return one;
    });
  }

  async content(id: string): Promise<{ readonly model: ModelRow; readonly bytes: Buffer }> {
    const { model } = await this.get(id);
    return { model, bytes: await this.contents.bytesOf(model) };
  }

  async changesOf(id: string): Promise<ChangeRow[]> {
    await this.get(id);
    return this.stages.changesOf(id, HISTORY);
  }

  /**
   * Tries the file out and keeps it as a candidate.
   *
   * @param key of the caller: with the same one the same upload is meant, even at another process
   */
  async upload(
    principal: Principal,
    bytes: Buffer,
    upload: ModelUpload,
    key: string | undefined,
  ): Promise<ModelDetails> {
    const { maxUploadMegabytes } = this.config.models;
    if (bytes.length > maxUploadMegabytes * 1_048_576) throw new ModelTooLargeError(bytes.length, maxUploadMegabytes);
    const now = this.clock.now();
    const id = key === undefined ? newId(now) : idOfKey(principal, key);
    const known = key === undefined ? undefined : await this.models.find(id);
    if (known) return (await this.withStages([known]))[0]!;
    if (upload.version !== undefined) await this.refuseTaken(upload.name, upload.version);
    const { tensors, latencyMs, batches } = await this.trial.of(bytes);
    const model: Omit<NewModel, 'version'> = {
      id,
      name: upload.name,
      kind: 'window-model',
      origin: 'upload',
      environmentId: null,
      title: upload.title ?? upload.name,
      description: upload.description,
      licence: upload.licence ?? null,
      trainedOn: upload.trainedOn ?? null,
      trainedFrom: upload.trainedFrom ?? null,
      trainedUntil: upload.trainedUntil ?? null,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      tensors,
      calibration: null,
      metrics: { trial: { latencyMs, batches, at: new Date(now).toISOString() } },
      createdAt: new Date(now),
      createdBy: `${principal.kind}:${principal.name}`,
      why: upload.why,
    };
    await this.db.transaction(async (tx) => {
      await this.db.lock(tx, `anomaly-detection.model.${upload.name}`);
      const version = upload.version ?? (await this.models.nextVersion(tx, upload.name));
      const created = await this.models.insert(tx, { ...model, version }, bytes);
      if (!created) throw new ModelVersionTakenError(upload.name, version, id);
      await this.audit.record(tx, {
        action: 'anomaly-detection.upload-model',
        actor: principal,
        subjectType: 'model',
        subjectId: id,
        outcome: 'allowed',
        details: { model: nameOf({ name: upload.name, version }), sha256: model.sha256, why: upload.why },
      });
    });
    return this.get(id);
  }

  /** Ends a suspension: the model is tried again with the next tick. */
  async resume(principal: Principal, id: string, why: string): Promise<ModelDetails> {
    const { model } = await this.get(id);
    await this.db.transaction(async (tx) => {
      if (!(await this.models.suspend(tx, id, null)))
        throw new ModelUnusableError(nameOf(model), 'it is not suspended');
      await this.audit.record(tx, {
        action: 'anomaly-detection.resume-model',
        actor: principal,
        subjectType: 'model',
        subjectId: id,
        outcome: 'allowed',
        details: { model: nameOf(model), suspended: model.suspendedReason, why },
      });
    });
    return this.get(id);
  }

  private async refuseTaken(name: string, version: string): Promise<void> {
    const taken = await this.models.findVersion(name, version);
    if (taken) throw new ModelVersionTakenError(name, version, taken.id);
  }

  private async withStages(models: readonly ModelRow[]): Promise<ModelDetails[]> {
    if (models.length === 0) return [];
    const stages = await this.placed.of(models);
    return models.map((model) => ({ model, stages: stages.get(model.id)! }));
  }
}

/** A UUID version 8 (RFC 9562, section 5.8) that the caller and its key determine. */
function idOfKey(principal: Principal, key: string): string {
  const hash = createHash('sha256').update(`model\0${principal.kind}\0${principal.id}\0${key}`).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
