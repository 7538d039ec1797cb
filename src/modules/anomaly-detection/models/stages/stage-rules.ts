import type { ModelStage } from '../model.types.js';

/** The newest change of a version in one place that was not undone. */
interface Change {
  readonly fromStage: ModelStage;
  readonly toStage: ModelStage;
}

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

/** Why a version cannot be retired in a place; null where it can. `everywhere`: its stage where nothing else is said. */
export function refusedRetirement(stage: ModelStage, everywhere: ModelStage): string | null {
  if (stage === 'retired') return 'it is retired already';
  const isUsed = stage !== 'candidate' || everywhere === 'active' || everywhere === 'shadow';
  return isUsed ? null : 'it is not used there, so there is nothing to retire';
}

/**
 * Where a roll-back leads, or why it cannot be.
 *
 * @param otherActive whether another version is active there
 */
export function rolledBack(
  stage: ModelStage,
  change: Change | undefined,
  otherActive: boolean,
): { readonly to: ModelStage; readonly refused: string | null } {
  if (!change) return { to: 'candidate', refused: 'nothing has changed that could be rolled back' };
  const to = change.fromStage;
  if (change.toStage !== stage)
    return { to, refused: 'another version has replaced it since; roll that one back first' };
  if (to === 'active' && otherActive) return { to, refused: 'another version is active there; retire it first' };
  return { to, refused: null };
}
