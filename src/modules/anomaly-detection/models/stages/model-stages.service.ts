import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { Database, type Transaction } from '../../../../platform/database/database.js';
import { EventBus } from '../../../../platform/events/event-bus.js';
import type { Principal } from '../../../../platform/http/access.js';
import { AuditTrail } from '../../../audit/index.js';
import type { ModelRow } from '../data/model.rows.js';
import { ModelRepository } from '../data/model.repository.js';
import { StageRepository } from '../data/stage.repository.js';
import { ModelStageRefusedError, ModelUnusableError, ModelVersionNotFoundError } from '../models.errors.js';
import { ModelStageChanged } from '../models.events.js';
import { nameOf, type ChosenKind, type ModelStage } from '../model.types.js';
import { promotedFrom, refusedPromotion, refusedRetirement, rolledBack } from './stage-rules.js';

export type Actor = Principal | 'system';

export interface StageRequest {
  readonly modelId: string;
  /** Null: everywhere. */
  readonly environmentId: string | null;
  readonly actor: Actor;
  readonly why: string;
}

type Verb = 'promote' | 'retire' | 'roll-back';

interface Move {
  readonly model: ModelRow & { readonly kind: ChosenKind };
  readonly from: ModelStage;
  readonly to: ModelStage;
}

/** Moves versions between stages: one at a time per kind and place, audited, and each move can be undone. */
@Injectable()
export class ModelStages {
  constructor(
    private readonly db: Database,
    private readonly models: ModelRepository,
    private readonly stages: StageRepository,
    private readonly events: EventBus,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** To the next stage, or to the one that is named. The version that was active before is retired by it. */
  async promote(request: StageRequest, to?: ModelStage): Promise<ModelStage> {
    const model = await this.movable(request);
    if (model.suspendedReason !== null) {
      throw new ModelUnusableError(nameOf(model), `it is suspended (${model.suspendedReason}); resume it first`);
    }
    return this.inPlace(model, request, async (tx) => {
      const from = await this.stages.stageOf(tx, model.id, request.environmentId);
      const wanted = to ?? promotedFrom(from) ?? 'active';
      const refused = refusedPromotion(from, wanted);
      if (refused !== null) throw new ModelStageRefusedError(nameOf(model), from, wanted, refused);
      let replacedId: string | null = null;
      if (wanted === 'active') {
        replacedId = await this.stages.activeIn(tx, model.kind, request.environmentId);
        if (replacedId !== null) await this.place(tx, replacedId, model.kind, request.environmentId, 'retired');
      }
      await this.move(tx, 'promote', request, { model, from, to: wanted }, replacedId);
      return wanted;
    });
  }

  async retire(request: StageRequest): Promise<ModelStage> {
    const model = await this.movable(request);
    return this.inPlace(model, request, async (tx) => {
      const from = await this.stages.stageOf(tx, model.id, request.environmentId);
      const refused = refusedRetirement(from, await this.stages.stageOf(tx, model.id, null));
      if (refused !== null) throw new ModelStageRefusedError(nameOf(model), from, 'retired', refused);
      await this.move(tx, 'retire', request, { model, from, to: 'retired' }, null);
      return 'retired' as const;
    });
  }

  /** Undoes the newest change of this version there: it goes back to its stage before, and so does what it replaced. */
  async rollBack(request: StageRequest): Promise<ModelStage> {
    const model = await this.movable(request);
    const { environmentId } = request;
    return this.inPlace(model, request, async (tx) => {
      const change = await this.stages.lastChange(tx, model.id, environmentId);
      const from = await this.stages.stageOf(tx, model.id, environmentId);
      const active = await this.stages.activeIn(tx, model.kind, environmentId);
      const { to, refused } = rolledBack(from, change, active !== null && active !== model.id);
      if (!change || refused !== null) throw new ModelStageRefusedError(nameOf(model), from, to, refused ?? '');
      await this.place(tx, model.id, model.kind, environmentId, to);
      if (change.replacedId !== null) await this.place(tx, change.replacedId, model.kind, environmentId, 'active');
      await this.stages.markUndone(tx, change.id, new Date(this.clock.now()));
      await this.tell(tx, 'roll-back', request, { model, from, to }, change.replacedId);
      return to;
    });
  }

  private async movable({ modelId, environmentId }: StageRequest): Promise<Move['model']> {
    const model = await this.models.find(modelId);
    if (!model) throw new ModelVersionNotFoundError(modelId);
    if (model.kind === 'detector') {
      throw new ModelUnusableError(nameOf(model), 'it is the graph of a detector of our own, which has no stages');
    }
    if (model.environmentId !== null && model.environmentId !== environmentId) {
      throw new ModelUnusableError(
        nameOf(model),
        `it was fitted to environment ${model.environmentId} alone; name that`,
      );
    }
    return { ...model, kind: model.kind };
  }

  private inPlace<T>(model: Move['model'], request: StageRequest, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.db.transaction(async (tx) => {
      await this.db.lock(tx, `anomaly-detection.stages.${model.kind}.${request.environmentId ?? 'everywhere'}`);
      return work(tx);
    });
  }

  private async move(
    tx: Transaction,
    verb: Verb,
    request: StageRequest,
    move: Move,
    replacedId: string | null,
  ): Promise<void> {
    const { model, from, to } = move;
    await this.place(tx, model.id, model.kind, request.environmentId, to);
    await this.stages.note(tx, {
      id: newId(this.clock.now()),
      modelId: model.id,
      environmentId: request.environmentId,
      fromStage: from,
      toStage: to,
      replacedId,
      actor: actorName(request.actor),
      why: request.why,
      at: new Date(this.clock.now()),
    });
    await this.tell(tx, verb, request, move, replacedId);
  }

  private place(
    tx: Transaction,
    modelId: string,
    kind: ChosenKind,
    environmentId: string | null,
    stage: ModelStage,
  ): Promise<void> {
    return this.stages.set(tx, { modelId, kind, environmentId, stage, since: new Date(this.clock.now()) });
  }

  private async tell(
    tx: Transaction,
    verb: Verb,
    { actor, why, environmentId }: StageRequest,
    { model, from, to }: Move,
    replacedId: string | null,
  ): Promise<void> {
    const { id, name, version, kind } = model;
    await this.audit.record(tx, {
      action: `anomaly-detection.${verb}-model`,
      actor,
      subjectType: 'model',
      subjectId: id,
      environmentId: environmentId ?? undefined,
      outcome: 'allowed',
      details: { model: nameOf(model), from, to, why, replaced: replacedId },
    });
    await this.events.publish(
      tx,
      ModelStageChanged,
      { modelId: id, name, version, kind, environmentId, from, to, actor: actorName(actor), why },
      environmentId === null ? {} : { environmentId },
    );
  }
}

export function actorName(actor: Actor): string {
  return actor === 'system' ? 'system' : `${actor.kind}:${actor.name}`;
}
