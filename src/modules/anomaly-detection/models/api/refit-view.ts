import type { z } from 'zod';
import type { RefitRow } from '../data/refit.repository.js';
import type { refit } from './models.schema.js';

export function refitView(row: RefitRow): z.output<typeof refit> {
  const { environmentId: _environment, startedAt, decideAt, finishedAt, card, ...rest } = row;
  return {
    ...rest,
    card: card as Record<string, unknown> | null,
    startedAt: startedAt.toISOString(),
    decideAt: decideAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
