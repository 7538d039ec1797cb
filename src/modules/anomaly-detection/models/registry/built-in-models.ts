import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { Database, type Transaction } from '../../../../platform/database/database.js';
import type { ModelManifest } from '../../../../platform/inference/model-manifest.js';
import { ModelRegistry } from '../../../../platform/inference/model-registry.js';
import type { NewModel } from '../data/model.rows.js';
import { ModelRepository } from '../data/model.repository.js';
import { StageRepository } from '../data/stage.repository.js';
import { isWindowModel } from './window-contract.js';

/**
 * Lists the files that came with this release as versions. One that its manifest calls active or a shadow becomes so on
 * a fresh installation, and with a new release, unless somebody has decided about window models here.
 */
@Injectable()
export class BuiltInModels implements OnApplicationBootstrap {
  private readonly logger = new Logger(BuiltInModels.name);

  constructor(
    private readonly files: ModelRegistry,
    private readonly db: Database,
    private readonly models: ModelRepository,
    private readonly stages: StageRepository,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.sync();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn({ msg: 'the models of this release could not be listed; the next start tries again', reason });
    }
  }

  async sync(): Promise<void> {
    const manifests = this.files.list().filter(({ task }) => task === 'anomaly-detection');
    await this.db.transaction(async (tx) => {
      await this.db.lock(tx, 'anomaly-detection.built-in-models');
      for (const manifest of manifests) await this.add(tx, manifest);
    });
  }

  private async add(tx: Transaction, manifest: ModelManifest): Promise<void> {
    const model = rowOf(manifest, new Date(this.clock.now()));
    const isNew = await this.models.insert(tx, model, null);
    const { stage } = manifest;
    if (!isNew || model.kind !== 'window-model' || stage === 'candidate') return;
    if (await this.stages.decidedByPeople(tx, 'window-model')) return;
    const replacedId = stage === 'active' ? await this.stages.activeIn(tx, 'window-model', null) : null;
    const place = { kind: 'window-model', environmentId: null, since: model.createdAt } as const;
    if (replacedId !== null) await this.stages.set(tx, { ...place, modelId: replacedId, stage: 'retired' });
    await this.stages.set(tx, { ...place, modelId: model.id, stage });
    await this.stages.note(tx, {
      id: newId(this.clock.now()),
      modelId: model.id,
      environmentId: null,
      fromStage: 'candidate',
      toStage: stage,
      replacedId,
      actor: 'system',
      why:
        stage === 'active' ? 'it came with the release as its window model' : 'it came with the release to be watched',
      at: model.createdAt,
    });
  }
}

function rowOf(manifest: ModelManifest, createdAt: Date): NewModel {
  const tensors = { inputs: manifest.inputs, outputs: manifest.outputs };
  return {
    id: newId(createdAt.getTime()),
    name: manifest.id,
    version: manifest.version,
    kind: isWindowModel(tensors) ? 'window-model' : 'detector',
    origin: 'built-in',
    environmentId: null,
    title: manifest.title,
    description: manifest.description,
    licence: manifest.licence,
    trainedOn: manifest.trainedOn,
    trainedFrom: null,
    trainedUntil: null,
    sha256: manifest.sha256,
    bytes: manifest.bytes,
    tensors: { inputs: plain(manifest.inputs), outputs: plain(manifest.outputs) },
    calibration: null,
    metrics: { ...(manifest.scores ?? {}) },
    createdAt,
    createdBy: 'release',
    why: `It came with the release: ${manifest.madeBy}`,
  };
}

function plain(tensors: ModelManifest['inputs']) {
  return tensors.map(({ name, type, shape }) => ({ name, type, shape }));
}
