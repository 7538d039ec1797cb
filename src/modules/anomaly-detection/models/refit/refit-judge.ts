import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { Clock } from '../../../../kernel/clock.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { Database } from '../../../../platform/database/database.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import { RefitRepository, type RefitRow, type RefitState } from '../data/refit.repository.js';
import { REFITS } from '../models.metrics.js';
import { ModelStages } from '../stages/model-stages.service.js';
import { ShadowCards } from '../shadow/shadow-cards.service.js';
import type { ShadowCard } from '../shadow/shadow-card.js';

/** Decides about refitted candidates when their time in shadow is over. */
@Injectable()
export class RefitJudge {
  private readonly logger = new Logger(RefitJudge.name);

  constructor(
    private readonly db: Database,
    private readonly refits: RefitRepository,
    private readonly cards: ShadowCards,
    private readonly stages: ModelStages,
    private readonly clock: Clock,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
    @InjectMetric(REFITS) private readonly counted: Counter,
  ) {}

  /**
   * Active where the score card is better and that is allowed to happen by itself; left in shadow for people to decide
   * where it is better and not allowed; retired with the reason else.
   */
  async judge(refit: RefitRow): Promise<RefitState> {
    const { environmentId, modelId } = refit;
    if (modelId === null) return this.end(refit, 'failed', 'its candidate is gone', undefined);
    const card = await this.cards.of(modelId, environmentId, null);
    const request = { modelId, environmentId, actor: 'system' as const, why: `refit ${refit.id}: ${card.reason}` };
    try {
      if (card.verdict !== 'better') {
        await this.stages.retire(request);
        return await this.end(refit, 'retired', `The score card is not better: ${card.reason}.`, card);
      }
      if (!this.config.models.autoPromote) {
        const outcome = `The score card is better: ${card.reason}. It stays in shadow; promote it, or set anomalyDetection.models.autoPromote.`;
        return await this.end(refit, 'skipped', outcome, card);
      }
      await this.stages.promote(request, 'active');
      return await this.end(refit, 'promoted', `The score card is better: ${card.reason}.`, card);
    } catch (error) {
      // People were faster: they retired or promoted it themselves.
      const reason = error instanceof Error ? error.message : String(error);
      return this.end(refit, 'skipped', `Nothing was decided: ${reason}`, card);
    }
  }

  async end(refit: RefitRow, state: RefitState, outcome: string, card: ShadowCard | undefined): Promise<RefitState> {
    const at = new Date(this.clock.now());
    const ended = await this.db.transaction((tx) => this.refits.finish(tx, refit.id, { state, outcome, card, at }));
    if (ended) {
      this.counted.inc({ outcome: state });
      this.logger.log({ msg: 'refit ended', environmentId: refit.environmentId, state, outcome });
    }
    return state;
  }
}
