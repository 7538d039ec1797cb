import type { z } from 'zod';
import type { Principal } from '../../../../platform/http/access.js';
import { assertEnvironmentAccess } from '../../../auth/index.js';
import type { ModelDetails } from '../registry/model-catalogue.js';
import type { ChangeRow } from '../data/model.rows.js';
import type { ShadowCard } from '../shadow/shadow-card.js';
import type { comparison, modelChanges, modelVersion } from './models.schema.js';

/**
 * What a principal may see of a version. Versions are of all environments or of one; who is bound to an environment
 * learns nothing of the others, neither their calibrations nor what they use. Throws where the version is of another.
 */
export function visibleTo(principal: Principal, details: ModelDetails): ModelDetails {
  const { environmentId } = principal;
  if (environmentId === null) return details;
  if (details.model.environmentId !== null) assertEnvironmentAccess(principal, details.model.environmentId);
  return { ...details, stages: details.stages.filter((stage) => isOpenTo(principal, stage)) };
}

function isOpenTo(principal: Principal, { environmentId }: { readonly environmentId: string | null }): boolean {
  return principal.environmentId === null || environmentId === null || environmentId === principal.environmentId;
}

export function modelView({ model, stages }: ModelDetails): z.output<typeof modelVersion> {
  const { tensors, suspendedAt, suspendedReason, trainedFrom, trainedUntil, createdAt, metrics, ...rest } = model;
  return {
    ...rest,
    metrics: { ...metrics },
    trainedFrom: trainedFrom?.toISOString() ?? null,
    trainedUntil: trainedUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    inputs: (tensors?.inputs ?? []).map(tensorView),
    outputs: (tensors?.outputs ?? []).map(tensorView),
    state: suspendedAt === null ? 'ready' : 'suspended',
    reason: suspendedReason,
    stages: stages.map(({ modelId: _model, kind: _kind, since, ...stage }) => ({
      ...stage,
      since: since.toISOString(),
    })),
  };
}

function tensorView({ name, type, shape }: { name: string; type: string; shape: readonly (number | string)[] }) {
  return { name, type, shape: [...shape] };
}

export function changesView(principal: Principal, changes: readonly ChangeRow[]): z.output<typeof modelChanges> {
  const open = changes.filter((change) => isOpenTo(principal, change));
  return {
    items: open.map(({ id, environmentId, fromStage, toStage, replacedId, actor, why, at, undoneAt }) => ({
      id,
      environmentId,
      from: fromStage,
      to: toStage,
      replacedId,
      actor,
      why,
      at: at.toISOString(),
      rolledBackAt: undoneAt?.toISOString() ?? null,
    })),
  };
}

/** Side by side: every number in the metrics of any of them, by its path. */
export function comparisonView(
  models: readonly ModelDetails[],
  cards: readonly (ShadowCard | null)[],
): z.output<typeof comparison> {
  const figures = models.map(({ model }) => numbersIn(model.metrics));
  const names = [...new Set(figures.flatMap((one) => [...one.keys()]))].sort();
  return {
    models: models.map(modelView),
    metrics: names.map((metric) => ({ metric, values: figures.map((one) => one.get(metric) ?? null) })),
    cards: [...cards],
  };
}

function numbersIn(value: unknown, path = '', found = new Map<string, number>()): Map<string, number> {
  if (typeof value === 'number' && Number.isFinite(value)) found.set(path, value);
  else if (value !== null && typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) numbersIn(part, path === '' ? key : `${path}.${key}`, found);
  }
  return found;
}
