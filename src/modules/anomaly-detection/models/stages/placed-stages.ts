import { Injectable } from '@nestjs/common';
import type { ModelRow, PlacedStage } from '../data/model.rows.js';
import { StageRepository } from '../data/stage.repository.js';
import { promotedFrom, refusedRetirement, rolledBack } from './stage-rules.js';

/** Stages of versions, with what the rules let anybody do about them: the same that `ModelStages` refuses by. */
@Injectable()
export class PlacedStages {
  constructor(private readonly stages: StageRepository) {}

  /** By version. */
  async of(models: readonly ModelRow[]): Promise<ReadonlyMap<string, readonly PlacedStage[]>> {
    const ids = models.map(({ id }) => id);
    const [rows, changes, active] = await Promise.all([
      this.stages.stagesOf(ids),
      this.stages.lastChanges(ids),
      this.stages.activeStages(),
    ]);
    const found = new Map<string, PlacedStage[]>();
    for (const { id, kind } of models) {
      const own = rows.filter(({ modelId }) => modelId === id);
      const everywhere = own.find(({ environmentId }) => environmentId === null)?.stage ?? 'candidate';
      const placed = own.map((row): PlacedStage => {
        const { stage, environmentId } = row;
        const change = changes.find((one) => one.modelId === id && one.environmentId === environmentId);
        const otherActive = active.some(
          (one) => one.kind === kind && one.environmentId === environmentId && one.modelId !== id,
        );
        const { to, refused } = rolledBack(stage, change, otherActive);
        return {
          ...row,
          kind,
          next: promotedFrom(stage),
          rollBackTo: refused === null ? to : null,
          mayRetire: refusedRetirement(stage, everywhere) === null,
        };
      });
      found.set(id, placed);
    }
    return found;
  }
}
