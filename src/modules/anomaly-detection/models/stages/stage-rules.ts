import type { ModelStage } from '../model.types.js';

/** Where a promotion leads: into shadow first, whatever it was, and from there to active. */
export function promotedFrom(stage: ModelStage): ModelStage | null {
  if (stage === 'active') return null;
  return stage === 'shadow' ? 'active' : 'shadow';
}

/** Why a version in this stage cannot be promoted to `wanted`; null where it can. */
export function refusedPromotion(stage: ModelStage, wanted: ModelStage): string | null {
  if (stage === wanted) return `it is ${wanted} already`;
  const next = promotedFrom(stage);
  if (next === wanted) return null;
  if (wanted === 'active') return 'promote it to shadow first, and look at its score card';
  if (wanted === 'shadow') return 'roll back the promotion, or retire it and promote it again';
  return 'a promotion leads to shadow or active';
}
