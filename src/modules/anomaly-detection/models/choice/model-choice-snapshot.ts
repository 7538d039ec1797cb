import type { StagedModel } from '../data/stage.repository.js';
import { nameOf, type ChosenKind } from '../model.types.js';

/** Which rows of the registry count for an environment. */
export interface EffectiveModels {
  readonly calibration: StagedModel | null;
  readonly windowModel: StagedModel | null;
  readonly shadows: readonly StagedModel[];
  /** Changes with anything above. */
  readonly revision: string;
  /** Which versions score, in words that people can read. */
  readonly activeRevision: string;
}

/**
 * What is staged in the environment itself goes before what is staged everywhere: its own active version replaces the
 * general one, and a version that was retired here is not used here. Rows in the order of the database.
 */
export function effectiveModels(rows: readonly StagedModel[]): EffectiveModels {
  const retiredHere = new Set(
    rows.filter(({ scope, stage }) => scope !== null && stage === 'retired').map(({ id }) => id),
  );
  const active = (kind: ChosenKind): StagedModel | null => {
    const candidates = rows.filter((row) => row.kind === kind && row.stage === 'active');
    const own = candidates.find(({ scope }) => scope !== null);
    return own ?? candidates.find(({ id }) => !retiredHere.has(id)) ?? null;
  };
  const [calibration, windowModel] = [active('calibration'), active('window-model')];
  const used = new Set([calibration?.id, windowModel?.id]);
  const shadows = new Map<string, StagedModel>();
  for (const row of rows) {
    const applies = row.stage === 'shadow' && !used.has(row.id) && (row.scope !== null || !retiredHere.has(row.id));
    if (applies) shadows.set(row.id, row);
  }
  const activeRevision = [
    calibration === null ? 'shipped-calibration' : partOf(calibration),
    windowModel === null ? 'no-window-model' : partOf(windowModel),
  ].join(' ');
  const revision = [activeRevision, ...[...shadows.values()].map(partOf)].join(' ');
  return { calibration, windowModel, shadows: [...shadows.values()], revision, activeRevision };
}

function partOf(row: StagedModel): string {
  return `${nameOf(row)}${row.suspendedAt === null ? '' : '(suspended)'}`;
}
